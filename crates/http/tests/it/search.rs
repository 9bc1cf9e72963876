//! The search over REST.

use axum::http::Method;
use serde_json::{Value, json};
use smartcms_app::search::reindex;
use smartcms_domain::actors::{Rank, Role};
use smartcms_testkit::builders::posts;

use crate::client::{Answer, Site};

fn titles(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let title = |it: &Value| it["entry"]["fields"]["title"].as_str().unwrap().to_owned();
    answer.json()["items"].as_array().unwrap().iter().map(title).collect()
}

#[tokio::test]
async fn a_hit_is_an_entry_with_its_matches_marked_as_safe_html() {
    let site = Site::new().await;
    site.published("posts", "Soil & <b>herbs</b>").await;
    site.published("posts", "Other").await;
    let answer = site.get("/api/v1/search?q=her").await;
    assert_eq!(titles(&answer), ["Soil & <b>herbs</b>"]);
    assert_eq!(answer.header("cache-control"), "no-cache");
    let body = answer.json();
    let hit = &body["items"][0];
    assert_eq!(hit["title"], "Soil &amp; &lt;b&gt;<mark>herbs</mark>&lt;/b&gt;");
    assert!(!hit["snippet"].as_str().unwrap().contains("<b>"));
    assert!(hit["score"].as_f64().unwrap() > 0.0);
    assert_eq!(hit["entry"]["status"], "published");
    assert!(hit["entry"].get("has_newer_draft").is_none());
    assert_eq!(body["next"], Value::Null);
}

#[tokio::test]
async fn drafts_are_found_by_those_who_may_read_them_alone() {
    let site = Site::new().await;
    let path = site.published("posts", "Public words").await;
    site.edit(Method::PATCH, &path, json!({ "fields": { "title": "Secretplan words" } })).await;
    site.draft("posts", "Draft words").await;
    let viewer = site.token(Role::VIEWER).await;
    assert_eq!(titles(&site.get("/api/v1/search?q=words").await), ["Public words"]);
    for uri in ["/api/v1/search?q=secretplan", "/api/v1/search?q=draft"] {
        assert!(titles(&site.get(uri).await).is_empty());
        let public = site.call(Method::GET, uri).bearer(&viewer).send().await;
        assert!(titles(&public).is_empty(), "without a status the public state is searched");
        site.get(&format!("{uri}&status=any")).await.check_problem(401, "auth.required");
        site.get(&format!("{uri}&status=any&collection=posts"))
            .await
            .check_problem(401, "auth.required");
    }
    let any =
        site.call(Method::GET, "/api/v1/search?q=words&status=any").bearer(&viewer).send().await;
    let mut found = titles(&any);
    found.sort();
    assert_eq!(found, ["Draft words", "Secretplan words"]);
    assert_eq!(any.header("cache-control"), "private, no-cache");
}

#[tokio::test]
async fn what_left_the_site_is_not_found() {
    let site = Site::new().await;
    let path = site.published("posts", "Fleeting").await;
    assert_eq!(titles(&site.get("/api/v1/search?q=fleeting").await).len(), 1);
    site.edit(Method::POST, &format!("{path}/unpublish"), json!({})).await;
    assert!(titles(&site.get("/api/v1/search?q=fleeting").await).is_empty());
    site.edit(Method::DELETE, &path, json!({})).await;
    let uri = "/api/v1/search?q=fleeting&status=any";
    let any = site.call(Method::GET, uri).bearer(&site.editor).send().await;
    assert!(titles(&any).is_empty());
}

#[tokio::test]
async fn a_hidden_field_gives_no_hit_to_anybody_also_when_it_is_hidden_later() {
    let site = Site::new().await;
    reindex(&site.test.app).await.unwrap();
    site.published("posts", "Visible").await;
    let uri = "/api/v1/search?q=text+of+visible";
    let found = site.get(uri).await;
    assert_eq!(titles(&found), ["Visible"]);
    let mut hiding = posts();
    for field in &mut hiding.fields {
        if field.name.as_str() == "body" {
            field.access.read = Some(Rank::Editor);
        }
    }
    site.test.app.collections.replace(vec![hiding]);
    assert_eq!(reindex(&site.test.app).await.unwrap(), 1);
    assert!(titles(&site.get(uri).await).is_empty());
    let found = site.get("/api/v1/search?q=visible").await;
    assert_eq!(found.json()["items"][0]["entry"]["fields"]["body"], Value::Null);
    assert!(!found.text().contains("Text of"), "{}", found.text());
    site.published("posts", "Second").await;
    assert!(titles(&site.get("/api/v1/search?q=text+of").await).is_empty());
    assert_eq!(reindex(&site.test.app).await.unwrap(), 0);
}

#[tokio::test]
async fn a_search_stays_in_the_collections_it_names() {
    let site = Site::new().await;
    site.published("posts", "Shared one").await;
    site.published("pages", "Shared two").await;
    let of = |names: &str| format!("/api/v1/search?q=shared&collection={names}");
    assert_eq!(titles(&site.get(&of("posts")).await), ["Shared one"]);
    assert_eq!(titles(&site.get(&of("pages")).await), ["Shared two"]);
    assert_eq!(titles(&site.get(&of("posts,pages")).await).len(), 2);
    site.get(&of("posts,nothing")).await.check_problem(404, "collection.unknown");
}

#[tokio::test]
async fn pages_of_hits_follow_one_another_and_a_place_is_good_in_its_search_alone() {
    let site = Site::new().await;
    for number in 0..5 {
        site.published("posts", &format!("Paged {number}")).await;
    }
    let (mut seen, mut uri) = (Vec::new(), "/api/v1/search?q=paged&limit=2".to_owned());
    let mut places = Vec::new();
    loop {
        let answer = site.get(&uri).await;
        seen.extend(titles(&answer));
        let Some(next) = answer.json()["next"].as_str().map(str::to_owned) else { break };
        uri = format!("/api/v1/search?q=paged&limit=2&cursor={next}");
        places.push(next);
    }
    assert_eq!(places.len(), 2);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 5);
    let place = &places[0];
    for bad in [
        format!("q=page&cursor={place}"),
        "q=paged&cursor=x".to_owned(),
        format!("q=paged&cursor={place}0"),
        "q=paged&cursor=".to_owned(),
    ] {
        site.get(&format!("/api/v1/search?{bad}")).await.check_problem(422, "request.cursor");
    }
}

#[tokio::test]
async fn what_cannot_be_searched_for_is_told() {
    let site = Site::new().await;
    let long = "x".repeat(201);
    let many = "x+".repeat(13);
    for (query, status) in [
        ("".to_owned(), 400),
        ("?q=".to_owned(), 422),
        ("?q=+".to_owned(), 422),
        (format!("?q={long}"), 422),
        (format!("?q={many}"), 422),
        ("?q=a&status=draft".to_owned(), 400),
        ("?q=a&limit=0".to_owned(), 400),
        ("?q=a&querry=b".to_owned(), 400),
        ("?q=a&q=b".to_owned(), 400),
        ("?q=a&locale=xx".to_owned(), 422),
    ] {
        let answer = site.get(&format!("/api/v1/search{query}")).await;
        assert_eq!(answer.problem().0, status, "{query}: {}", answer.text());
    }
}

#[tokio::test]
async fn signs_are_only_signs() {
    let site = Site::new().await;
    site.published("posts", "Harmless").await;
    for text in [
        "%22",
        "%22%22%22",
        "*",
        "%28",
        "%29",
        "%5E",
        "title%3Ax",
        "NEAR%28a",
        "AND",
        "NOT+x",
        "-x",
        "%00",
        "a%00%22b",
        "%EE%80%80",
        "%27%3B--",
        "%F0%9F%A6%80",
        "%7B",
        "a%22b%22c",
    ] {
        let answer = site.get(&format!("/api/v1/search?q={text}")).await;
        assert!(titles(&answer).is_empty(), "{text}");
    }
    assert_eq!(titles(&site.get("/api/v1/search?q=%22harmless%22*").await), ["Harmless"]);
}
