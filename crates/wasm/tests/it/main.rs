//! A site on keys, asked over its routes: what instances of the component are to one another.

#![cfg(test)]

mod answers;
mod mail;

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Method, Request};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use smartcms_app::ports::NoOutbound;
use smartcms_keyed::{Keys, MemoryKeys};
use smartcms_wasm::{OpenFailure, Site, SiteGround, SitePlugins};

const TOKEN: &str = "smc_0123456789abcdefghijklmnopqrstuvwxyz";

fn ground(keys: &Arc<MemoryKeys>, more: &[(&str, &str)]) -> SiteGround {
    let usual = [("SMARTCMS_PEOPLE_OWNER_TOKEN", TOKEN), ("PATH", "/bin")];
    let variables = usual.iter().chain(more);
    SiteGround {
        keys: Arc::clone(keys) as Arc<dyn Keys>,
        variables: variables.map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect(),
        outbound: |_| Arc::new(NoOutbound),
        plugins: SitePlugins::none(),
    }
}

async fn opened(keys: &Arc<MemoryKeys>, more: &[(&str, &str)]) -> Result<Site, OpenFailure> {
    Site::open(ground(keys, more)).await
}

async fn open(keys: &Arc<MemoryKeys>) -> Site {
    opened(keys, &[]).await.unwrap()
}

/// The status and the text of an answer.
async fn ask(site: &Site, method: Method, path: &str, body: Option<Value>) -> (u16, String) {
    let request = Request::builder().method(method.clone()).uri(path);
    let request = request.header("authorization", format!("Bearer {TOKEN}"));
    let request = request.header("content-type", "application/json");
    let body = body.map(|it| it.to_string()).unwrap_or_default();
    let (parts, body) = site.answer(request.body(Body::from(body)).unwrap()).await.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    site.afterwards(&method).await;
    (parts.status.as_u16(), String::from_utf8_lossy(&bytes).into_owned())
}

async fn publish(site: &Site, title: &str) -> String {
    let wish = json!({ "fields": { "title": title } });
    let (status, text) = ask(site, Method::POST, "/api/v1/content/posts", Some(wish)).await;
    assert_eq!(status, 201, "{text}");
    let id = serde_json::from_str::<Value>(&text).unwrap()["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/content/posts/{id}/publish");
    let (status, text) = ask(site, Method::POST, &path, Some(json!({}))).await;
    assert_eq!(status, 200, "{text}");
    id
}

#[tokio::test]
async fn what_one_instance_changed_another_one_shows_with_its_next_request() {
    let keys = Arc::new(MemoryKeys::default());
    let (one, other) = (open(&keys).await, open(&keys).await);
    for site in [&one, &other] {
        assert_eq!(ask(site, Method::GET, "/posts/tides", None).await.0, 404);
    }
    let id = publish(&one, "Tides").await;
    // Kept as a whole page from now on.
    for _ in 0..2 {
        let (status, page) = ask(&other, Method::GET, "/posts/tides", None).await;
        assert!(status == 200 && page.contains("Tides"), "{page}");
    }
    let path = format!("/api/v1/content/posts/{id}/unpublish");
    let (status, text) = ask(&one, Method::POST, &path, Some(json!({}))).await;
    assert_eq!(status, 200, "{text}");
    assert_eq!(ask(&other, Method::GET, "/posts/tides", None).await.0, 404);
    publish(&other, "Ebb").await;
    assert_eq!(ask(&one, Method::GET, "/posts/ebb", None).await.0, 200);
}

#[tokio::test]
async fn a_save_that_is_cut_off_anywhere_is_there_as_a_whole_or_not_at_all() {
    let keys = Arc::new(MemoryKeys::default());
    drop(open(&keys).await);
    let (mut refused, mut taken) = (0, 0);
    for stop in 0.. {
        let torn = Arc::new((*keys).clone());
        let site = open(&torn).await;
        torn.stop_after(stop);
        let wish = json!({ "fields": { "title": "Torn" } });
        let (status, _) = ask(&site, Method::POST, "/api/v1/content/posts", Some(wish)).await;
        drop(site);
        torn.go_on();
        let site = open(&torn).await;
        let (found, text) = ask(&site, Method::GET, "/api/v1/content/posts?status=any", None).await;
        assert_eq!(found, 200, "{text}");
        let entries = serde_json::from_str::<Value>(&text).unwrap()["items"].clone();
        let entries = entries.as_array().unwrap().len();
        if status == 201 {
            assert_eq!(entries, 1, "acknowledged after {stop} writes");
            taken += 1;
        } else {
            assert!(status >= 500 && entries <= 1, "{status} and {entries} after {stop} writes");
            refused += 1;
        }
        if taken == 3 {
            break;
        }
        publish(&site, "Whole").await;
    }
    assert!(refused > 5, "a save is of several writes, not {refused}");
}

#[tokio::test]
async fn settings_that_need_native_parts_are_refused_by_name() {
    let keys = Arc::new(MemoryKeys::default());
    for (name, text, words) in [
        ("SMARTCMS_MAIL_TRANSPORT", "file", "`mail.transport` has to be http"),
        ("SMARTCMS_MODELS_TEXT", "local/tiny", "models"),
        ("SMARTCMS_PEOPLE_OWNER_TOKEN", "short", "people.owner_token"),
        ("SMARTCMS_SITE_TITEL", "A", "SMARTCMS_SITE_TITLE"),
    ] {
        let refused = opened(&keys, &[(name, text)]).await.err().unwrap();
        let reason = refused.source.to_string();
        assert!(reason.contains(words), "{reason}");
        assert!(!reason.contains("short"), "{reason}");
    }
}

#[tokio::test]
async fn the_configured_token_makes_an_owner_whose_instance_nobody_saw_start() {
    let keys = Arc::new(MemoryKeys::default());
    drop(open(&keys).await);
    let later = open(&keys).await;
    let (status, page) =
        ask(&later, Method::GET, &format!("/admin/setup?link={TOKEN}"), None).await;
    assert!(status == 200 && page.contains("name=\"password\""), "{status} {page}");
    let (status, _) = ask(&later, Method::GET, "/admin/setup?link=smc_else", None).await;
    assert_ne!(status, 200);
}
