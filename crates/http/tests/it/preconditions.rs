//! Optimistic concurrency: `ETag`, `If-Match`, `If-None-Match`.

use axum::http::Method;
use serde_json::json;

use crate::client::{Answer, Site};

async fn patch(site: &Site, path: &str, if_match: Option<&str>) -> Answer {
    let call = site.call(Method::PATCH, path).bearer(&site.editor);
    let call = if_match.into_iter().fold(call, |call, it| call.header("if-match", it));
    call.json(json!({ "fields": { "excerpt": "x" } })).send().await
}

#[tokio::test]
async fn a_change_has_to_say_what_it_was_made_from() {
    let site = Site::new().await;
    let path = site.draft("posts", "A").await;
    let answer = patch(&site, &path, None).await;
    answer.check_problem(428, "request.if-match-missing");
    assert!(answer.json()["hint"].as_str().unwrap().contains("If-Match: *"));
    let answer = site.call(Method::DELETE, &path).bearer(&site.editor).send().await;
    answer.check_problem(428, "request.if-match-missing");
    assert_eq!(patch(&site, &path, Some("*")).await.status, 200);
}

#[tokio::test]
async fn the_tag_of_one_change_serves_the_next() {
    let site = Site::new().await;
    let path = site.draft("posts", "A").await;
    let mut tag = "\"1\"".to_owned();
    for expected in ["\"2\"", "\"3\"", "\"4\""] {
        let answer = patch(&site, &path, Some(&tag)).await;
        tag = answer.header("etag").to_owned();
        assert_eq!(tag, expected);
    }
    assert_eq!(patch(&site, &path, Some("W/\"4\"")).await.status, 200);
}

#[tokio::test]
async fn a_stale_change_is_a_conflict_that_names_the_stored_revision() {
    let site = Site::new().await;
    let path = site.draft("posts", "A").await;
    patch(&site, &path, Some("\"1\"")).await;
    let answer = patch(&site, &path, Some("\"1\"")).await;
    answer.check_problem(409, "entry.stale");
    assert_eq!(answer.json()["revision"], 2);
    for uri in [format!("{path}/publish"), format!("{path}/unpublish"), format!("{path}/restore")] {
        let call = site.call(Method::POST, &uri).bearer(&site.editor).header("if-match", "\"1\"");
        call.send().await.check_problem(409, "entry.stale");
    }
}

#[tokio::test]
async fn what_is_no_tag_is_refused() {
    let site = Site::new().await;
    let path = site.draft("posts", "A").await;
    for bad in ["1", "\"\"", "\"x\"", "\"1\", \"2\"", "\"-1\"", "\"99999999999999999999999\"", ""] {
        patch(&site, &path, Some(bad)).await.check_problem(400, "request.if-match");
    }
}

#[tokio::test]
async fn what_the_client_has_is_not_sent_again() {
    let site = Site::new().await;
    let path = site.published("posts", "A").await;
    let tag = site.get(&path).await.header("etag").to_owned();
    for known in [tag.as_str(), &format!("W/{tag}"), &format!("\"0\", {tag}"), "*"] {
        let answer = site.call(Method::GET, &path).header("if-none-match", known).send().await;
        assert_eq!((answer.status.as_u16(), answer.body.len()), (304, 0), "{known}");
        assert_eq!(answer.header("etag"), tag);
    }
    let answer = site.call(Method::GET, &path).header("if-none-match", "\"9\"").send().await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn publishing_an_old_revision_is_a_conflict() {
    let site = Site::new().await;
    let path = site.draft("posts", "A").await;
    patch(&site, &path, Some("*")).await;
    let call = site.call(Method::POST, &format!("{path}/publish")).bearer(&site.editor);
    call.header("if-match", "\"1\"").send().await.check_problem(409, "entry.stale");
    assert_eq!(site.get(&path).await.status, 404);
}
