//! What a revision keeps of the suggestions that it took.

use axum::http::Method;
use serde_json::{Value, json};
use smartcms_domain::actors::Role;

use super::support::{ask, site, title_of};
use crate::client::{Answer, Site};

async fn save(site: &Site, secret: &str, path: &str, suggestions: &[&Value]) -> Answer {
    let body = json!({ "fields": { "title": "A fox." }, "suggestions": suggestions });
    let call = site.call(Method::PATCH, path).bearer(secret).header("if-match", "*");
    call.json(body).send().await
}

#[tokio::test]
async fn a_revision_says_which_models_helped_whom() {
    let (site, _) = site().await;
    let path = site.draft("posts", "First").await;
    let id = title_of(&site, &path).await.json()["id"].clone();
    let saved = save(&site, &site.editor, &path, &[&id, &id]).await;
    assert_eq!(saved.status, 200, "{}", saved.text());
    let uri = format!("{path}/revisions");
    let revisions = site.call(Method::GET, &uri).bearer(&site.editor).send().await.json();
    let help = revisions["items"][0]["help"].as_array().unwrap();
    assert_eq!(help.len(), 1, "named twice, it counts once: {help:?}");
    assert_eq!(help[0]["task"], "title");
    assert_eq!(help[0]["model"], "test/obedient");
    assert_eq!(help[0]["person"], "token editor");
    assert_eq!(help[0]["prompt"].as_str().unwrap().len(), 64);
    assert!(revisions["items"][1]["help"].is_null(), "the one before had no help");

    let new = json!({ "fields": { "title": "New" }, "suggestions": [id] });
    let made = site.edit(Method::POST, "/api/v1/content/posts", new).await;
    let uri = format!("{}/revisions/1", made.header("location"));
    let first = site.call(Method::GET, &uri).bearer(&site.editor).send().await.json();
    assert_eq!(first["help"][0]["task"], "title");
}

#[tokio::test]
async fn suggestions_that_are_unknown_foreign_or_too_old_are_refused() {
    let (site, _) = site().await;
    let path = site.draft("posts", "First").await;
    let id = title_of(&site, &path).await.json()["id"].clone();
    let refused = |answer: Answer| answer.check_problem(422, "assist.unknown-suggestion");
    refused(save(&site, &site.editor, &path, &[&json!("x")]).await);
    let nobodys = json!("0190c5f0-0000-7000-8000-000000000000");
    refused(save(&site, &site.editor, &path, &[&id, &nobodys]).await);
    let owner = site.token(Role::OWNER).await;
    refused(save(&site, &owner, &path, &[&id]).await);
    let before = site.call(Method::GET, &format!("{path}?status=any")).bearer(&owner).send().await;
    assert_eq!(before.json()["fields"]["title"], "First", "nothing was saved");

    site.test.clock.advance(48 * 60 * 60 * 1_000);
    refused(save(&site, &site.editor, &path, &[&id]).await);
    assert_eq!(save(&site, &site.editor, &path, &[]).await.status, 200);
    let many = vec![&nobodys; 21];
    save(&site, &site.editor, &path, &many).await.check_problem(422, "assist.invalid");
}

#[tokio::test]
async fn nothing_is_saved_by_a_suggestion_itself() {
    let (site, _) = site().await;
    let path = site.draft("posts", "First").await;
    let before = site.call(Method::GET, &format!("{path}?status=any")).bearer(&site.editor);
    let before = before.send().await.text();
    for task in ["continue", "rewrite", "title", "summary", "seo-description"] {
        let entry = json!({ "collection": "posts", "entry": path.rsplit('/').next().unwrap() });
        assert_eq!(ask(&site, &site.editor, task, entry).await.status, 200);
    }
    let after = site.call(Method::GET, &format!("{path}?status=any")).bearer(&site.editor);
    assert_eq!(after.send().await.text(), before);
}
