//! Who gets help with what.

use axum::http::Method;
use serde_json::json;
use smartcms_app::OpContext;
use smartcms_app::roles::{SeenRole, save_role};
use smartcms_domain::actors::{Actor, Rank, Role};

use super::support::{ask, site, site_with, status, token};
use crate::client::Site;

const TEXT: &str = "A fox lives in the wood.";

#[tokio::test]
async fn help_is_off_for_every_role_until_it_is_switched_on() {
    let site = Site::new().await;
    for rank in Rank::ALL {
        let secret = token(&site, &format!("by-{rank}"), rank, &[]).await;
        let body = json!({ "collection": "posts", "text": TEXT });
        let denied = ask(&site, &secret, "title", body).await;
        denied.check_problem(403, "assist.off");
        assert!(denied.text().contains("smartcms.toml"), "{}", denied.text());
        let status = status(&site, &secret).await;
        assert_eq!((&status["allowed"], &status["budget"]), (&json!(false), &json!(null)));
    }
    let none = site.call(Method::POST, "/api/v1/ai/title").json(json!({})).send().await;
    none.check_problem(401, "auth.required");
}

#[tokio::test]
async fn a_role_that_is_switched_on_gets_help_and_others_do_not() {
    let (site, _) = site_with(&[("author", 10_000)], 100_000).await;
    let body = || json!({ "collection": "posts", "text": TEXT });
    for rank in Rank::ALL {
        let expected = if rank == Rank::Author { 200 } else { 403 };
        let secret = token(&site, &format!("by-{rank}"), rank, &[]).await;
        let answer = ask(&site, &secret, "title", body()).await;
        assert_eq!(answer.status, expected, "{}", answer.text());
    }
}

#[tokio::test]
async fn help_takes_the_right_to_write_what_it_is_for() {
    let rule = json!({ "read_drafts": "any", "create": "any", "update": "own" });
    let role =
        json!({ "label": "Own", "base": "author", "collections": { "posts": rule, "*": {} } });
    let (site, _) = site_with(&[("own", 10_000)], 100_000).await;
    let ctx = OpContext::new(&site.test.app, &Actor::Operator);
    save_role(&ctx, "own", &role, SeenRole::Nothing).await.unwrap();
    let name = smartcms_domain::actors::RoleName::parse("own").unwrap();
    let command = smartcms_app::tokens::CreateToken::new("writer", name);
    let writer = smartcms_app::tokens::create_token(&ctx, command).await.unwrap();

    let theirs = site.draft("posts", "Theirs").await;
    let new = json!({ "fields": { "title": "Mine", "body": TEXT } });
    let made =
        site.call(Method::POST, "/api/v1/content/posts").bearer(&writer).json(new).send().await;
    let (theirs, mine) = (theirs.rsplit('/').next().unwrap(), made.json()["id"].clone());
    let of = |id: &serde_json::Value| json!({ "collection": "posts", "entry": id });
    assert_eq!(ask(&site, &writer, "summary", of(&mine)).await.status, 200);
    ask(&site, &writer, "summary", of(&json!(theirs))).await.check_problem(403, "entry.denied");
    let page = json!({ "collection": "pages", "text": TEXT });
    ask(&site, &writer, "title", page).await.check_problem(403, "entry.denied");
}

#[tokio::test]
async fn those_who_only_read_get_no_help() {
    let (site, model) = site().await;
    let path = site.published("posts", "First").await;
    let viewer = site.token(Role::VIEWER).await;
    let entry = json!({ "collection": "posts", "entry": path.rsplit('/').next().unwrap() });
    ask(&site, &viewer, "title", entry).await.check_problem(403, "entry.denied");
    let text = json!({ "collection": "posts", "text": TEXT });
    ask(&site, &viewer, "title", text).await.check_problem(403, "entry.denied");
    assert!(model.told.lock().unwrap().is_empty(), "no model was asked");
}

#[tokio::test]
async fn a_token_gets_help_within_its_scopes_alone() {
    let (site, _) = site().await;
    let path = site.draft("posts", "First").await;
    let entry = || json!({ "collection": "posts", "entry": path.rsplit('/').next().unwrap() });
    let reads = ["content:read_drafts=posts"];
    let reader = token(&site, "reader", Rank::Editor, &reads).await;
    ask(&site, &reader, "title", entry()).await.check_problem(403, "entry.denied");
    let changes = ["content:read_drafts=posts", "content:update=posts"];
    let changer = token(&site, "changer", Rank::Editor, &changes).await;
    assert_eq!(ask(&site, &changer, "title", entry()).await.status, 200);
    let elsewhere = json!({ "collection": "pages", "text": TEXT });
    ask(&site, &changer, "title", elsewhere).await.check_problem(403, "entry.denied");
    let image = json!({ "asset": "0190c5f0-0000-7000-8000-000000000000" });
    ask(&site, &changer, "alt-text", image).await.check_problem(403, "asset.denied");
}
