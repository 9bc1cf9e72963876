//! What somebody is writing and has not saved yet.

use axum::http::Method;
use serde_json::{Value, json};
use smartcms_app::OpContext;
use smartcms_app::tokens::{CreateToken, create_token};
use smartcms_domain::actors::{Actor, Rank, Role};
use smartcms_domain::collections::{FieldAccess, FieldDefinition, FieldKind, FieldName};
use smartcms_domain::entries::EDITING_TIME_MS;
use smartcms_testkit::builders::{pages, posts};

use crate::client::{Answer, Site};

async fn keep(site: &Site, token: &str, path: &str, body: Value) -> Answer {
    site.call(Method::PUT, &format!("{path}/autosave")).bearer(token).json(body).send().await
}

async fn read(site: &Site, token: &str, path: &str) -> Answer {
    site.call(Method::GET, &format!("{path}/autosave")).bearer(token).send().await
}

async fn newest(site: &Site, token: &str, path: &str) -> Answer {
    site.call(Method::GET, &format!("{path}?status=any")).bearer(token).send().await
}

#[tokio::test]
async fn what_is_kept_is_read_back_and_changes_nothing_else() {
    let site = Site::new().await;
    let path = site.published("posts", "First").await;
    let events = site.test.app.outbox.newest().await.unwrap();
    let fields = json!({ "title": "First, but", "body": null });
    let body = json!({ "based_on": 2, "fields": fields, "slug": "half-typed-" });
    let kept = keep(&site, &site.editor, &path, body).await;
    insta::assert_json_snapshot!(kept.json(), @r#"
    {
      "author": "token editor",
      "based_on": 2,
      "editing": [],
      "fields": {
        "body": null,
        "title": "First, but"
      },
      "revision": 2,
      "since": "2026-11-22T10:00:00Z",
      "slug": "half-typed-",
      "stale": false,
      "updated_at": "2026-11-22T10:00:00Z"
    }
    "#);
    assert_eq!(kept.header("cache-control"), "private, no-cache");
    assert_eq!(read(&site, &site.editor, &path).await.json(), kept.json());
    let entry = newest(&site, &site.editor, &path).await.json();
    assert_eq!((&entry["revision"], &entry["fields"]["title"]), (&json!(2), &json!("First")));
    assert_eq!(site.test.app.outbox.newest().await.unwrap(), events, "nothing has happened");
    assert!(!site.get("/posts/first").await.text().contains("First, but"));
    for _ in 0..2 {
        let uri = format!("{path}/autosave");
        let gone = site.call(Method::DELETE, &uri).bearer(&site.editor).send().await;
        assert_eq!(gone.status, 204);
    }
    let answer = read(&site, &site.editor, &path).await;
    answer.check_problem(404, "entry.working-copy-unknown");
}

#[tokio::test]
async fn a_save_by_the_author_clears_it_and_one_by_another_makes_it_stale() {
    let site = Site::new().await;
    let author = site.token(Role::AUTHOR).await;
    let path = site.draft("posts", "First").await;
    let body = json!({ "based_on": 1, "fields": { "title": "By the author" } });
    keep(&site, &author, &path, body).await;
    site.edit(Method::PATCH, &path, json!({ "fields": { "title": "By the editor" } })).await;
    let answer = read(&site, &author, &path).await.json();
    assert_eq!((&answer["stale"], &answer["based_on"]), (&json!(true), &json!(1)));
    assert_eq!(
        (&answer["revision"], &answer["fields"]["title"]),
        (&json!(2), &json!("By the author"))
    );
    let save = |tag: &'static str| {
        let call = site.call(Method::PATCH, &path).bearer(&author).header("if-match", tag);
        call.json(json!({ "fields": { "title": "By the author" } })).send()
    };
    save("\"1\"").await.check_problem(409, "entry.stale");
    assert_eq!(read(&site, &author, &path).await.status, 200, "what was refused is kept");
    assert_eq!(save("\"2\"").await.status, 200);
    read(&site, &author, &path).await.check_problem(404, "entry.working-copy-unknown");
}

#[tokio::test]
async fn what_is_incomplete_is_kept_and_what_is_broken_is_not() {
    let site = Site::new().await;
    let path = site.draft("posts", "First").await;
    let incomplete = json!({ "based_on": 1, "fields": { "title": "", "reading_minutes": 3 } });
    assert_eq!(keep(&site, &site.editor, &path, incomplete.clone()).await.status, 200);
    let two_mib = "x".repeat(2 * 1024 * 1024);
    for (body, field, code) in [
        (json!({ "based_on": 1, "fields": { "title": 7 } }), "title", "kind"),
        (json!({ "based_on": 1, "fields": { "titel": "" } }), "titel", "unknown-field"),
        (json!({ "based_on": 2 }), "based_on", "unknown-revision"),
        (json!({ "based_on": 0 }), "based_on", "unknown-revision"),
        (json!({ "based_on": 1, "slug": "x".repeat(121) }), "slug", "too-long"),
        (json!({ "based_on": 1, "fields": { "body": two_mib } }), "", "too-large"),
    ] {
        let answer = keep(&site, &site.editor, &path, body).await;
        answer.check_problem(422, "entry.invalid");
        let problem = &answer.json()["problems"][0];
        assert_eq!(
            (problem["field"].as_str().unwrap_or_default(), &problem["code"]),
            (field, &json!(code))
        );
    }
    for body in [json!({}), json!({ "based_on": 1, "message": "x" }), json!({ "based_on": "1" })] {
        keep(&site, &site.editor, &path, body).await.check_problem(400, "request.body");
    }
    let kept = read(&site, &site.editor, &path).await.json();
    assert_eq!(kept["fields"], incomplete["fields"], "what was refused changed nothing");
}

#[tokio::test]
async fn only_those_who_may_change_an_entry_have_a_copy_and_each_sees_its_own() {
    let site = Site::new().await;
    let path = site.published("posts", "First").await;
    let (viewer, author) = (site.token(Role::VIEWER).await, site.token(Role::CONTRIBUTOR).await);
    let body = || json!({ "based_on": 2, "fields": { "title": "Mine" } });
    assert_eq!(keep(&site, &author, &path, body()).await.status, 200);
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let uri = format!("{path}/autosave");
        let call = || {
            let call = site.call(method.clone(), &uri);
            if method == Method::PUT { call.json(body()) } else { call }
        };
        call().send().await.check_problem(401, "auth.required");
        call().bearer(&viewer).send().await.check_problem(403, "entry.denied");
    }
    read(&site, &site.editor, &path).await.check_problem(404, "entry.working-copy-unknown");
    assert_eq!(read(&site, &author, &path).await.json()["fields"]["title"], "Mine");
}

#[tokio::test]
async fn a_hidden_field_is_refused_in_the_words_for_one_that_is_not_there() {
    let site = Site::new().await;
    let mut posts = posts();
    let secret = FieldDefinition::new(FieldName::parse("secret").unwrap(), FieldKind::Integer);
    let access = FieldAccess { read: Some(Rank::Editor), write: None };
    posts.fields.push(FieldDefinition { access, ..secret });
    site.test.app.collections.replace(vec![pages(), posts]);
    let path = site.draft("posts", "First").await;
    let author = site.token(Role::AUTHOR).await;
    for (method, uri) in [(Method::PUT, format!("{path}/autosave")), (Method::PATCH, path.clone())]
    {
        for value in [json!(1), json!("text"), json!({ "a": 1 }), json!(null)] {
            let ask = async |name: &str| {
                let fields = json!({ name: value, "title": "x", "zzz": 1, "excerpt": 3 });
                let mut body = json!({ "fields": fields });
                if method == Method::PUT {
                    body["based_on"] = json!(1);
                }
                let call = site.call(method.clone(), &uri).bearer(&author);
                call.header("if-match", "*").json(body).send().await
            };
            let (hidden, missing) = (ask("secret").await, ask("sacred").await);
            hidden.check_problem(422, "entry.invalid");
            assert_eq!(hidden.text(), missing.text().replace("sacred", "secret"), "{value}");
        }
    }
    let body = json!({ "based_on": 1, "fields": { "secret": 1 } });
    assert_eq!(keep(&site, &site.editor, &path, body).await.status, 200);
}

#[tokio::test]
async fn who_reads_drafts_hears_who_else_is_at_an_entry() {
    let site = Site::new().await;
    let (author, viewer) = (site.token(Role::AUTHOR).await, site.token(Role::VIEWER).await);
    let path = site.published("posts", "First").await;
    let body = || json!({ "based_on": 2, "fields": { "title": "Mine" } });
    keep(&site, &author, &path, body()).await;
    site.test.clock.advance(60_000);
    keep(&site, &author, &path, body()).await;
    let told = newest(&site, &viewer, &path).await;
    assert_eq!(
        told.json()["editing"],
        json!([{ "author": "token author", "since": "2026-11-22T10:00:00Z",
            "updated_at": "2026-11-22T10:01:00Z" }])
    );
    let tag = told.header("etag").to_owned();
    let again = || {
        let uri = format!("{path}?status=any");
        site.call(Method::GET, &uri).bearer(&viewer).header("if-none-match", &tag).send()
    };
    assert_eq!(again().await.status, 200, "who is at it is told though the revision is the same");
    let own = newest(&site, &author, &path).await.json();
    assert_eq!(own["editing"], json!([]), "one is not told of oneself");
    let kept = keep(&site, &site.editor, &path, body()).await.json();
    assert_eq!(kept["editing"][0]["author"], "token author");
    assert!(site.get(&path).await.json().get("editing").is_none(), "readers hear nothing");
    site.test.clock.advance(EDITING_TIME_MS + 1);
    assert_eq!(newest(&site, &viewer, &path).await.json()["editing"], json!([]));
    assert_eq!(again().await.status, 304);
}

#[tokio::test]
async fn an_entry_has_so_many_copies_and_one_in_the_trash_takes_none() {
    let site = Site::new().await;
    let path = site.draft("posts", "First").await;
    let body = || json!({ "based_on": 1, "fields": {} });
    for number in 0..20 {
        let command = CreateToken::new(format!("t{number}"), Rank::Author);
        let ctx = OpContext::new(&site.test.app, &Actor::Operator);
        let token = create_token(&ctx, command).await.unwrap();
        assert_eq!(keep(&site, &token, &path, body()).await.status, 200);
    }
    let answer = keep(&site, &site.editor, &path, body()).await;
    answer.check_problem(413, "entry.too-many-working-copies");
    let other = site.draft("posts", "Second").await;
    site.edit(Method::DELETE, &other, json!({})).await;
    keep(&site, &site.editor, &other, body()).await.check_problem(409, "entry.trashed");
}
