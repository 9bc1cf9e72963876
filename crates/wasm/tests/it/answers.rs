//! Answers of the API that are kept for strangers, until somebody changes something.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Method, Request};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use smartcms_keyed::MemoryKeys;
use smartcms_wasm::Site;

use super::{TOKEN, ask, open, publish};

fn request(address: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let request = Request::builder().uri(address);
    let request = headers.iter().fold(request, |it, (name, value)| it.header(*name, *value));
    request.body(Body::empty()).unwrap()
}

/// Reads an entry as a host has it read: what is kept first. The title, and whether it was kept.
async fn read(site: &Site, address: &str, headers: &[(&str, &str)]) -> (Option<String>, bool) {
    let kept = site.kept_answer(&request(address, headers));
    let is_kept = kept.is_some();
    let bytes = match kept {
        Some(kept) => {
            assert!(kept.listed().iter().any(|(name, _)| name == "etag"));
            kept.body().clone()
        }
        None => {
            let response = site.answer(request(address, headers)).await;
            response.into_body().collect().await.unwrap().to_bytes()
        }
    };
    let entry: Value = serde_json::from_slice(&bytes).unwrap();
    (entry["fields"]["title"].as_str().map(str::to_owned), is_kept)
}

async fn retitle(site: &Site, address: &str, title: &str) {
    let change = json!({ "fields": { "title": title } });
    let (status, text) = ask(site, Method::GET, &format!("{address}?status=any"), None).await;
    assert_eq!(status, 200, "{text}");
    let revision = serde_json::from_str::<Value>(&text).unwrap()["revision"].clone();
    let request = Request::builder().method(Method::PATCH).uri(address);
    let request = request.header("authorization", format!("Bearer {TOKEN}"));
    let request = request.header("if-match", format!("\"{revision}\""));
    let request = request.header("content-type", "application/merge-patch+json");
    let response = site.answer(request.body(Body::from(change.to_string())).unwrap()).await;
    assert_eq!(response.status(), 200);
    let publish = format!("{address}/publish");
    let (status, text) = ask(site, Method::POST, &publish, Some(json!({}))).await;
    assert_eq!(status, 200, "{text}");
}

/// Until it is kept: a request in another second than the one before looks at the schedules first, and is not.
async fn read_until_kept(site: &Site, address: &str) -> Option<String> {
    for _ in 0..50 {
        if let (title, true) = read(site, address, &[]).await {
            return title;
        }
    }
    panic!("{address} is never kept");
}

#[tokio::test]
async fn an_entry_that_nobody_changed_is_written_once_and_a_changed_one_anew() {
    let keys = Arc::new(MemoryKeys::default());
    let (one, other) = (open(&keys).await, open(&keys).await);
    let address = format!("/api/v1/content/posts/{}", publish(&one, "Tides").await);
    assert_eq!(read(&one, &address, &[]).await, (Some("Tides".into()), false));
    for site in [&one, &other] {
        assert_eq!(read_until_kept(site, &address).await.unwrap(), "Tides");
    }
    retitle(&one, &address, "Ebb").await;
    for site in [&one, &other] {
        let (title, is_kept) = read(site, &address, &[]).await;
        assert_eq!((title.as_deref(), is_kept), (Some("Ebb"), false));
        assert_eq!(read_until_kept(site, &address).await.unwrap(), "Ebb");
    }
    let hide = format!("{address}/unpublish");
    assert_eq!(ask(&other, Method::POST, &hide, Some(json!({}))).await.0, 200);
    for site in [&one, &other] {
        assert_eq!(read(site, &address, &[]).await, (None, false));
    }
}

#[tokio::test]
async fn what_depends_on_who_asks_is_not_kept() {
    let site = open(&Arc::new(MemoryKeys::default())).await;
    let address = format!("/api/v1/content/posts/{}", publish(&site, "Tides").await);
    assert_eq!(read_until_kept(&site, &address).await.unwrap(), "Tides");
    let token = format!("Bearer {TOKEN}");
    for header in [
        ("authorization", token.as_str()),
        ("authorization", "Bearer smc_of_nobody_that_is_known_here_0123456789"),
        ("cookie", "smartcms=1"),
        ("origin", "https://elsewhere.example"),
        ("if-none-match", "\"1\""),
        ("range", "bytes=0-1"),
    ] {
        assert!(site.kept_answer(&request(&address, &[header])).is_none(), "{header:?}");
    }
    let head = Request::head(&address).body(Body::empty()).unwrap();
    assert!(site.kept_answer(&head).is_none());
    // A token's answer is for that token, and nobody else gets it.
    let every = format!("{address}?status=any");
    for _ in 0..3 {
        assert_eq!(read(&site, &every, &[("authorization", &token)]).await.0.unwrap(), "Tides");
    }
    assert!(site.kept_answer(&request(&every, &[])).is_none());
    assert!(site.kept_answer(&request("/api/v1/openapi.json", &[])).is_none());
}
