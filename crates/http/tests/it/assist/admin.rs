//! Writing help in the admin: who sees it, what it answers, and what a save keeps of it.

use axum::http::Method;
use serde_json::{Value, json};
use smartcms_domain::actors::Role;

use super::support::{site, site_with};
use crate::admin::{TOKEN, get, person, send};
use crate::client::{Answer, Site};

async fn title(site: &Site, role: Role, token: &str, text: &str) -> Answer {
    let call = site.call(Method::POST, "/admin/help/title").signed_in(&person(role));
    let call = call.header("x-csrf-token", token).header("accept", "text/event-stream");
    call.json(json!({ "collection": "posts", "text": text })).send().await
}

/// The data of the last event.
fn end(answer: &Answer) -> Value {
    let text = answer.text();
    let data = text.rsplit("event: end\ndata: ").next().unwrap().trim();
    serde_json::from_str(data).unwrap_or_else(|_| panic!("{text}"))
}

async fn entry(site: &Site) -> String {
    let path = site.draft("posts", "First").await;
    format!("/admin/content/posts/{}", path.rsplit('/').next().unwrap())
}

#[tokio::test]
async fn a_suggestion_is_written_piece_by_piece_and_a_save_keeps_who_helped() {
    let (site, _) = site().await;
    let uri = entry(&site).await;
    let page = get(&site, Role::EDITOR, &uri).await.text();
    assert!(page.contains(r#"data-help="title rewrite translate""#), "{page}");
    assert!(page.contains(r#"<dialog id="help""#));

    let answer = title(&site, Role::EDITOR, TOKEN, "A fox crosses the ice.").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(answer.header("content-type").starts_with("text/event-stream"));
    assert!(answer.text().starts_with("event: text\ndata: {\"text\":\"A \"}\n\n"));
    let suggestion = end(&answer);
    assert_eq!(suggestion["text"], "A fox.");

    let id = suggestion["id"].as_str().unwrap();
    let pairs = [("do", "save"), ("revision", "1"), ("f.title", "A fox."), ("suggestion", id)];
    let saved = send(&site, Role::EDITOR, &uri, &pairs).await;
    assert_eq!(saved.status, 303, "{}", saved.text());
    let history = get(&site, Role::EDITOR, &format!("{uri}/revisions")).await.text();
    assert!(history.contains("Find a title: a suggestion of test/obedient"), "{history}");
}

#[tokio::test]
async fn a_form_that_is_shown_again_keeps_what_was_taken_into_it() {
    let (site, _) = site().await;
    let uri = entry(&site).await;
    let pairs = [("do", "save"), ("revision", "1"), ("f.title", ""), ("suggestion", "of-before")];
    let page = send(&site, Role::EDITOR, &uri, &pairs).await;
    assert_eq!(page.status, 422);
    let kept = r#"<input type="hidden" name="suggestion" value="of-before">"#;
    assert!(page.text().contains(kept), "{}", page.text());
}

#[tokio::test]
async fn a_suggestion_that_is_gone_does_not_keep_a_text_from_being_saved() {
    let (site, _) = site().await;
    let uri = entry(&site).await;
    let gone = "0190c5f0-0000-7000-8000-000000000000";
    let pairs = [("do", "save"), ("revision", "1"), ("f.title", "Mine"), ("suggestion", gone)];
    assert_eq!(send(&site, Role::EDITOR, &uri, &pairs).await.status, 303);
    let history = get(&site, Role::EDITOR, &format!("{uri}/revisions")).await.text();
    assert!(!history.contains("a suggestion of"));
}

#[tokio::test]
async fn who_has_no_help_sees_none_and_gets_none() {
    let (site, model) = site_with(&[("author", 1_000_000)], 10_000_000).await;
    let uri = entry(&site).await;
    let page = get(&site, Role::EDITOR, &uri).await.text();
    assert!(!page.contains("<dialog id=\"help\"") && !page.contains("data-help="));
    title(&site, Role::EDITOR, TOKEN, "A fox.").await.check_problem(403, "assist.off");
    assert_eq!(title(&site, Role::AUTHOR, "wrong", "A fox.").await.status, 403);
    assert!(model.told.lock().unwrap().is_empty(), "nothing went to the model");
    assert_eq!(title(&site, Role::AUTHOR, TOKEN, "A fox.").await.status, 200);
}
