//! What is asked for, and how it comes.

use axum::http::Method;
use serde_json::{Value, json};
use smartcms_domain::collections::{
    FieldDefinition, FieldKind, FieldName, OnDelete, Relation, Taxonomy,
};
use smartcms_testkit::builders::{collection, pages, posts};

use super::support::{ask, site, status, title_of};
use crate::client::Site;

#[tokio::test]
async fn a_suggestion_comes_whole_with_its_model_and_what_it_took() {
    let (site, _) = site().await;
    let path = site.draft("posts", "First").await;
    let answer = title_of(&site, &path).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("cache-control"), "no-store");
    let told = answer.json();
    assert_eq!(told["text"], "A fox.");
    assert_eq!((&told["model"], &told["reason"]), (&json!("test/obedient"), &json!("done")));
    assert_eq!(told["tokens"], json!({ "read": 30, "written": 12, "estimated": false }));
    assert_eq!(told["expires_at"], "2026-11-24T10:00:00Z");
    assert!(told["terms"].is_null());
}

#[tokio::test]
async fn a_suggestion_comes_in_pieces_to_who_wants_events() {
    let (site, _) = site().await;
    let body = json!({ "collection": "posts", "instruction": "About a fox." });
    let call = site.call(Method::POST, "/api/v1/ai/draft").bearer(&site.editor);
    let call = call.header("accept", "text/event-stream;q=0.9, */*;q=0.1");
    let answer = call.json(body).send().await;
    assert_eq!(answer.header("content-type"), "text/event-stream; charset=utf-8");
    let text = answer.text();
    let events: Vec<&str> = text.split_terminator("\n\n").collect();
    assert_eq!(
        events[..2],
        ["event: text\ndata: {\"text\":\"A \"}", "event: text\ndata: {\"text\":\"fox.\"}"]
    );
    let end = events[2].strip_prefix("event: end\ndata: ").unwrap();
    let end: Value = serde_json::from_str(end).unwrap();
    assert_eq!((&end["task"], &end["text"]), (&json!("draft"), &json!("A fox.")));
    assert!(end["id"].is_string());
    assert_eq!(events.len(), 3);
}

#[tokio::test]
async fn what_is_missing_or_strange_is_named() {
    let (site, _) = site().await;
    for (task, body, field) in [
        ("draft", json!({ "collection": "posts" }), "instruction"),
        ("title", json!({ "text": "A" }), "collection"),
        ("title", json!({ "collection": "posts" }), "text"),
        ("title", json!({ "collection": "posts", "text": "A", "length": "longer" }), "length"),
        ("translate", json!({ "collection": "posts", "text": "A", "locale": "fr" }), "locale"),
        ("tags", json!({ "collection": "posts", "text": "A", "field": "body" }), "field"),
        ("alt-text", json!({ "text": "A" }), "asset"),
    ] {
        let answer = ask(&site, &site.editor, task, body).await;
        answer.check_problem(422, "assist.invalid");
        assert_eq!(answer.json()["problems"][0]["field"], field, "{}", answer.text());
    }
    let tone = json!({ "collection": "posts", "text": "A", "tone": "angry" });
    ask(&site, &site.editor, "rewrite", tone).await.check_problem(400, "request.body");
    ask(&site, &site.editor, "sing", json!({})).await.check_problem(404, "route.unknown");
    let long = json!({ "collection": "posts", "text": "x".repeat(60_001) });
    ask(&site, &site.editor, "title", long).await.check_problem(413, "assist.too-long");
}

#[tokio::test]
async fn of_tags_only_terms_of_the_taxonomy_come_as_terms() {
    let (site, model) = site().await;
    let to = Relation { to: collection("tags"), many: true, on_delete: OnDelete::Clear };
    let field = FieldDefinition::new(FieldName::parse("tags").unwrap(), FieldKind::Relation(to));
    let (mut posts, mut tags) = (posts(), pages());
    posts.fields.push(field);
    (tags.name, tags.taxonomy, tags.url) = (collection("tags"), Some(Taxonomy::Flat), None);
    site.test.app.collections.replace(vec![posts, pages(), tags]);
    let soil = site.published("tags", "Soil").await;
    site.draft("tags", "Secret").await;
    *model.says.lock().unwrap() = vec!["- soil\n- Secret\n", "- Weather"];

    let body = json!({ "collection": "posts", "text": "Rain on earth.", "field": "tags" });
    let told = ask(&site, &site.editor, "tags", body).await.json();
    let id = soil.rsplit('/').next().unwrap();
    assert_eq!(told["terms"], json!([{ "id": id, "slug": "soil", "title": "Soil" }]));
    assert_eq!(told["proposals"], json!(["Secret", "Weather"]));
    assert!(model.told().contains("\nSoil\n") && !model.told().contains("Secret"));
}

#[tokio::test]
async fn the_status_says_what_the_models_can_do_and_what_to_configure() {
    let (site, _) = site().await;
    let told = status(&site, &site.editor).await;
    assert_eq!(told["allowed"], true);
    assert_eq!(told["models"], json!({ "text": ["test/obedient"], "images": [] }));
    let task = |told: &Value, name: &str| {
        told["tasks"].as_array().unwrap().iter().find(|it| it["task"] == name).unwrap().clone()
    };
    assert_eq!(task(&told, "rewrite")["available"], true);
    assert_eq!(task(&told, "alt-text")["available"], false);
    assert_eq!(told["budget"]["renewed_at"], "2026-11-23T00:00:00Z");

    let without = Site::new().await;
    let told = status(&without, &without.editor).await;
    let rewrite = task(&told, "rewrite");
    assert_eq!(rewrite["available"], false);
    assert!(rewrite["hint"].as_str().unwrap().contains("`ai.provider`"), "{rewrite}");
}
