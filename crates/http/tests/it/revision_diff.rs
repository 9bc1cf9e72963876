//! What differs between two saved states.

use axum::http::Method;
use serde_json::{Value, json};
use smartcms_domain::actors::{Rank, Role};
use smartcms_domain::collections::{
    FieldAccess, FieldDefinition, FieldKind, FieldName, OnDelete, Relation,
};
use smartcms_testkit::builders::{collection, pages, posts};

use crate::client::{Answer, Site};

fn field(name: &str, kind: FieldKind) -> FieldDefinition {
    FieldDefinition::new(FieldName::parse(name).unwrap(), kind)
}

/// Posts with a field of each way to differ, and one that is hidden.
async fn site() -> Site {
    let site = Site::new().await;
    let mut posts = posts();
    let to = collection("pages");
    let relation = Relation { to, many: true, on_delete: OnDelete::Clear };
    let access = FieldAccess { read: Some(Rank::Editor), write: None };
    posts.fields.extend([
        field("text", FieldKind::RichText),
        field("others", FieldKind::Relation(relation)),
        field("seo", FieldKind::Group(vec![field("title", FieldKind::Text)])),
        field("faq", FieldKind::Repeater(vec![field("q", FieldKind::Text)])),
        FieldDefinition { access, ..field("secret", FieldKind::Text) },
    ]);
    site.test.app.collections.replace(vec![pages(), posts]);
    site
}

async fn get(site: &Site, token: &str, uri: &str) -> Answer {
    site.call(Method::GET, uri).bearer(token).send().await
}

fn paragraphs(texts: &[(&str, &str)]) -> Value {
    let block = |(id, text): &(&str, &str)| json!({ "id": id, "type": "paragraph", "content": [{ "type": "text", "text": text }] });
    json!({ "version": 1, "blocks": texts.iter().map(block).collect::<Vec<_>>() })
}

#[tokio::test]
async fn fields_differ_in_the_way_of_their_kinds() {
    let site = site().await;
    let ids = [site.draft("pages", "One").await, site.draft("pages", "Two").await];
    let [one, two] = ids.each_ref().map(|it| it.rsplit('/').next().unwrap());
    let path = site.draft("posts", "The old title").await;
    let before = json!({ "fields": { "reading_minutes": 3, "others": [one], "body": "a\n\nold",
        "text": paragraphs(&[("a", "Hello world")]), "seo": { "title": "x" },
        "faq": [{ "q": "first" }, { "q": "second" }] } });
    site.edit(Method::PATCH, &path, before).await;
    let after = json!({ "fields": { "title": "The new title", "reading_minutes": null,
        "others": [two, one], "body": "a\n\nnew", "text": paragraphs(&[("b", "New"), ("a", "Hello, world")]),
        "seo": { "title": "y" }, "faq": [{ "q": "first" }, { "q": "2nd" }, { "q": "third" }] },
        "message": "much", "slug": "other" });
    let answer = site.edit(Method::PATCH, &path, after).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let answer = get(&site, &site.editor, &format!("{path}/revisions/2/diff/3")).await;
    let text = answer.text().replace(two, "TWO");
    let told: Value = serde_json::from_str(&text).unwrap();
    insta::assert_json_snapshot!(told);
    assert_eq!(answer.header("cache-control"), "private, no-cache");
    assert!(!answer.has_header("etag"));
    let same = get(&site, &site.editor, &format!("{path}/revisions/3/diff/3")).await.json();
    assert_eq!(same["fields"], json!([]));
    let back = get(&site, &site.editor, &format!("{path}/revisions/3/diff/2")).await.json();
    let minutes =
        back["fields"].as_array().unwrap().iter().find(|it| it["field"] == "reading_minutes");
    assert_eq!(minutes.unwrap()["change"], "added");
}

#[tokio::test]
async fn of_a_hidden_field_nothing_is_told_not_even_that_it_differs() {
    let site = site().await;
    let path = site.draft("posts", "First").await;
    for secret in ["hush", "quiet"] {
        site.edit(Method::PATCH, &path, json!({ "fields": { "secret": secret } })).await;
    }
    let viewer = site.token(Role::VIEWER).await;
    let uri = format!("{path}/revisions/2/diff/3");
    let hidden = get(&site, &viewer, &uri).await;
    assert_eq!(hidden.json()["fields"], json!([]), "{}", hidden.text());
    for word in ["secret", "hush", "quiet"] {
        assert!(!hidden.text().contains(word), "{word}");
    }
    let seen = get(&site, &site.editor, &uri).await.json();
    assert_eq!(
        seen["fields"][0]["text"]["parts"],
        json!([{ "removed": "hush" }, { "added": "quiet" }])
    );
}

#[tokio::test]
async fn two_states_that_are_there_are_compared_for_those_who_may_read_drafts() {
    let site = Site::new().await;
    let path = site.published("posts", "First").await;
    let uri = |numbers: &str| format!("{path}/revisions/{numbers}");
    site.get(&uri("1/diff/2")).await.check_problem(401, "auth.required");
    let viewer = site.token(Role::VIEWER).await;
    assert_eq!(get(&site, &viewer, &uri("1/diff/2")).await.status, 200);
    for numbers in ["1/diff/9", "9/diff/1"] {
        let answer = get(&site, &viewer, &uri(numbers)).await;
        answer.check_problem(404, "entry.revision-unknown");
    }
    get(&site, &viewer, &uri("1/diff/x")).await.check_problem(404, "route.unknown");
    get(&site, &viewer, &uri("1/diff/2?by=words")).await.check_problem(400, "request.query");
}

#[tokio::test]
async fn a_diff_of_the_largest_documents_is_answered_within_bounds() {
    let site = Site::new().await;
    let path = site.draft("posts", "First").await;
    let body = |step: usize| {
        let lines = (0..40_000).map(|it| format!("{}\n", it * step % 7));
        json!({ "fields": { "body": lines.collect::<String>() } })
    };
    for step in [3, 5] {
        assert_eq!(site.edit(Method::PATCH, &path, body(step)).await.status, 200);
    }
    let answer = get(&site, &site.editor, &format!("{path}/revisions/2/diff/3")).await.json();
    let text = &answer["fields"][0]["text"];
    assert_eq!(text, &json!({ "too_large": true, "from_len": 80_000, "to_len": 80_000 }));
}
