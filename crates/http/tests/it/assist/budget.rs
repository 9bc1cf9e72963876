//! Budgets: what may be used is held before a model is asked.

use std::sync::atomic::Ordering;

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use serde_json::{Value, json};

use super::support::{ask, site_with, status};
use crate::client::Site;

fn body() -> Value {
    json!({ "collection": "posts", "text": "A fox lives in the wood." })
}

/// A request whose answer is read as it comes.
async fn streamed(site: &Site) -> Body {
    let request = Request::post("/api/v1/ai/title")
        .header("authorization", format!("Bearer {}", site.editor))
        .header("accept", "text/event-stream")
        .header("content-type", "application/json")
        .body(Body::from(body().to_string()));
    let response = site.service.handle(request.unwrap()).await;
    assert_eq!(response.status(), 200);
    response.into_body()
}

#[tokio::test]
async fn a_budget_that_is_used_up_is_named_with_the_time_of_its_renewal() {
    let (site, model) = site_with(&[("editor", 600)], 1_000_000).await;
    assert_eq!(ask(&site, &site.editor, "title", body()).await.status, 200);
    let used = status(&site, &site.editor).await["budget"]["person"].clone();
    assert_eq!(used, json!({ "limit": 600, "used": 42, "left": 558 }), "what the model counted");

    let long = json!({ "collection": "posts", "text": "A fox. ".repeat(100) });
    let refused = ask(&site, &site.editor, "title", long.clone()).await;
    refused.check_problem(429, "assist.budget");
    assert_eq!(refused.header("retry-after"), (14 * 60 * 60).to_string());
    let detail = refused.json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains("600") && detail.contains("2026-11-23T00:00:00"), "{detail}");
    assert_eq!(model.told.lock().unwrap().len(), 1, "the model was not asked");

    site.test.clock.advance(14 * 60 * 60 * 1_000);
    assert_eq!(ask(&site, &site.editor, "title", body()).await.status, 200, "a new day");
}

#[tokio::test]
async fn two_at_once_cannot_pass_a_budget() {
    let (site, _) = site_with(&[("editor", 600)], 1_000_000).await;
    let first = streamed(&site).await;
    ask(&site, &site.editor, "title", body()).await.check_problem(429, "assist.budget");
    first.collect().await.unwrap();
    assert_eq!(ask(&site, &site.editor, "title", body()).await.status, 200, "it was settled");
}

#[tokio::test]
async fn all_together_stay_within_the_budget_of_the_site() {
    let (site, _) = site_with(&[("editor", 100_000), ("author", 100_000)], 600).await;
    let first = streamed(&site).await;
    let author = site.token(smartcms_domain::actors::Role::AUTHOR).await;
    let refused = ask(&site, &author, "title", body()).await;
    refused.check_problem(429, "assist.budget");
    assert!(refused.text().contains("the site"), "{}", refused.text());
    drop(first);
}

#[tokio::test]
async fn a_reader_that_goes_away_stops_the_model_and_pays_for_what_was_written() {
    let (site, model) = site_with(&[("editor", 600)], 1_000_000).await;
    model.waits.store(true, Ordering::SeqCst);
    let mut answer = streamed(&site).await;
    let frame = answer.frame().await.unwrap().unwrap().into_data().unwrap();
    assert_eq!(frame, "event: text\ndata: {\"text\":\"A \"}\n\n");
    assert!(!model.dropped.load(Ordering::SeqCst));
    drop(answer);
    assert!(model.dropped.load(Ordering::SeqCst), "the model works on for nobody");
    let used = status(&site, &site.editor).await["budget"]["person"]["used"].as_u64().unwrap();
    assert!((100..500).contains(&used), "what was read and written: {used}");
}
