//! Several operations in one request: all or none of them.

use axum::http::Method;
use serde_json::{Value, json};
use smartcms_domain::actors::Role;
use smartcms_domain::collections::{FieldDefinition, FieldKind, FieldName, OnDelete, Relation};
use smartcms_testkit::builders::{collection, pages, posts};

use crate::client::{Answer, Site};

const BATCH: &str = "/api/v1/batch";
const ID: &str = "0190a000-0000-7000-8000-00000000000a";
const OTHER: &str = "0190a000-0000-7000-8000-00000000000b";

async fn send(site: &Site, token: &str, operations: Value) -> Answer {
    let body = json!({ "operations": operations });
    site.call(Method::POST, BATCH).bearer(token).json(body).send().await
}

async fn edit(site: &Site, operations: Value) -> Answer {
    send(site, &site.editor, operations).await
}

async fn titles(site: &Site) -> Vec<String> {
    let uri = "/api/v1/content/posts?status=any";
    let all = site.call(Method::GET, uri).bearer(&site.editor).send().await.json();
    let items = all["items"].as_array().unwrap().iter();
    items.map(|it| it["fields"]["title"].as_str().unwrap().to_owned()).collect()
}

fn create(title: &str) -> Value {
    json!({ "do": "create", "collection": "posts", "fields": { "title": title } })
}

#[tokio::test]
async fn operations_see_what_those_before_them_did_and_answer_by_position() {
    let site = Site::new().await;
    let answer = edit(
        &site,
        json!([
            { "do": "create", "collection": "posts", "id": ID, "fields": { "title": "One" } },
            { "do": "update", "collection": "posts", "key": ID, "if_match": 1,
              "fields": { "excerpt": "Two" } },
            { "do": "publish", "collection": "posts", "key": "one" },
            { "do": "read", "collection": "posts", "key": ID },
            create("One"),
            { "do": "restore", "collection": "posts", "key": ID, "revision": 1 },
        ]),
    )
    .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let results = answer.json()["results"].clone();
    let statuses: Vec<u64> =
        results.as_array().unwrap().iter().map(|it| it["status"].as_u64().unwrap()).collect();
    assert_eq!(statuses, [201, 200, 200, 200, 201, 200]);
    assert_eq!(results[0]["entry"]["id"], ID);
    assert_eq!(results[3]["entry"]["fields"], json!({ "title": "One", "excerpt": "Two" }));
    assert_eq!(results[4]["entry"]["slug"], "one-2", "the slug of the first is taken");
    let one = site.get(&format!("/api/v1/content/posts/{ID}")).await.json();
    assert_eq!((&one["slug"], &one["revision"]), (&json!("one"), &json!(3)));
    let history = site.call(Method::GET, &format!("/api/v1/content/posts/{ID}/revisions"));
    let history = history.bearer(&site.editor).send().await.json();
    let kinds: Vec<&str> = history["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["change"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["entry.updated", "entry.published", "entry.updated", "entry.created"]);
}

#[tokio::test]
async fn one_that_is_refused_takes_the_others_with_it() {
    let site = Site::new().await;
    let wrong: [(Value, u16, &str, &str); 7] = [
        (create(""), 422, "entry.invalid", "operations[1].fields.title"),
        (
            json!({ "do": "create", "collection": "posts", "slug": "No!", "fields": { "title": "x" } }),
            422,
            "entry.invalid",
            "operations[1].slug",
        ),
        (
            json!({ "do": "create", "collection": "nothing", "fields": {} }),
            404,
            "collection.unknown",
            "operations[1]",
        ),
        (
            json!({ "do": "publish", "collection": "posts", "key": OTHER }),
            404,
            "entry.unknown",
            "operations[1]",
        ),
        (
            json!({ "do": "update", "collection": "posts", "key": ID, "if_match": 7 }),
            409,
            "entry.stale",
            "operations[1]",
        ),
        (
            json!({ "do": "delete", "collection": "posts", "key": ID }),
            428,
            "request.if-match-missing",
            "operations[1]",
        ),
        (
            json!({ "do": "create", "collection": "posts", "id": ID, "fields": { "title": "x" } }),
            409,
            "entry.id-taken",
            "operations[1]",
        ),
    ];
    for (operation, status, code, field) in wrong {
        let first = json!({ "do": "create", "collection": "posts", "id": ID, "fields": { "title": "One" } });
        let answer = edit(&site, json!([first, operation])).await;
        answer.check_problem(status, code);
        let body = answer.json();
        assert_eq!(body["operation"], 1, "{body}");
        assert_eq!(body["problems"][0]["field"], field, "{body}");
        assert!(titles(&site).await.is_empty(), "{operation}");
    }
    assert_eq!(site.test.app.outbox.newest().await.unwrap().0, 0, "nothing happened");
}

#[tokio::test]
async fn a_token_that_may_not_do_one_of_them_does_none() {
    let site = Site::new().await;
    let path = site.draft("posts", "Mine").await;
    let id = path.rsplit('/').next().unwrap();
    let operations = json!([create("One"), { "do": "publish", "collection": "posts", "key": id }]);
    let contributor = site.token(Role::CONTRIBUTOR).await;
    let answer = send(&site, &contributor, operations.clone()).await;
    answer.check_problem(403, "entry.denied");
    assert_eq!(answer.json()["operation"], 1);
    assert_eq!(titles(&site).await, ["Mine"]);
    let body = json!({ "operations": operations });
    let reader = site.call(Method::POST, BATCH).json(body).send().await;
    reader.check_problem(401, "auth.required");
    assert_eq!(send(&site, &site.editor, operations).await.status, 200);
    assert_eq!(titles(&site).await.len(), 2);
}

#[tokio::test]
async fn what_does_not_fit_is_told_with_its_place_and_the_limits_hold() {
    let site = Site::new().await;
    let odd = json!([
        create("One"),
        { "do": "destroy", "collection": "posts", "key": "a" },
        { "do": "update", "collection": "posts", "key": "a", "if_match": "3", "feilds": {} },
        { "do": "read", "key": "a", "if_match": 3 },
    ]);
    let answer = edit(&site, odd).await;
    answer.check_problem(400, "request.body");
    let fields: Vec<String> = answer.json()["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["field"].as_str().unwrap().to_owned())
        .collect();
    for place in ["[1].do", "[2].if_match", "[2].feilds", "[3].collection", "[3].if_match"] {
        assert!(fields.contains(&format!("operations{place}")), "{place}: {fields:?}");
    }
    for empty in [json!({}), json!({ "operations": [] }), json!({ "operations": {} })] {
        let call = site.call(Method::POST, BATCH).bearer(&site.editor);
        call.json(empty).send().await.check_problem(400, "request.body");
    }
    let many = |len| Value::Array((0..len).map(|_| create("x")).collect());
    let answer = edit(&site, many(101)).await;
    answer.check_problem(413, "batch.too-many");
    assert!(answer.text().contains("101") && answer.text().contains("100"), "{}", answer.text());
    assert!(titles(&site).await.is_empty());
}

#[tokio::test]
async fn deleting_looks_at_what_the_batch_itself_points_to() {
    let site = Site::new().await;
    let to = collection("pages");
    let relation = Relation { to, many: false, on_delete: OnDelete::Restrict };
    let mut posts = posts();
    let name = FieldName::parse("page").unwrap();
    posts.fields.push(FieldDefinition::new(name, FieldKind::Relation(relation)));
    site.test.app.collections.replace(vec![pages(), posts]);
    let page =
        json!({ "do": "create", "collection": "pages", "id": ID, "fields": { "title": "P" } });
    let post = json!({ "do": "create", "collection": "posts", "id": OTHER,
        "fields": { "title": "Post", "page": ID } });
    let delete = json!({ "do": "delete", "collection": "pages", "key": ID, "if_match": "*" });
    let refused = edit(&site, json!([page, post, delete])).await;
    refused.check_problem(409, "entry.referenced");
    let clear = json!({ "do": "update", "collection": "posts", "key": OTHER, "if_match": 1,
        "fields": { "page": null } });
    let purge = json!({ "do": "purge", "collection": "pages", "key": ID, "if_match": "*" });
    let answer = edit(&site, json!([page, post, clear, delete, purge])).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.json()["results"][4], json!({ "status": 204, "entry": null }));
    assert_eq!(titles(&site).await, ["Post"]);
}

#[tokio::test]
async fn a_batch_is_done_once_for_a_key() {
    let site = Site::new().await;
    let body = json!({ "operations": [create("One"), create("Two")] });
    for replayed in [false, true] {
        let call = site.call(Method::POST, BATCH).bearer(&site.editor);
        let answer = call.header("idempotency-key", "k").json(body.clone()).send().await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.has_header("idempotency-replayed"), replayed);
    }
    assert_eq!(titles(&site).await.len(), 2);
}
