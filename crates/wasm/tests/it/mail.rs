//! Mail of a site that runs while it answers and no longer.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request};
use http_body_util::{BodyExt, Full};
use serde_json::Value;
use smartcms_app::ports::{Outbound, OutboundError, OutboundRequest, OutboundResponse};
use smartcms_keyed::MemoryKeys;
use smartcms_wasm::{Site, SiteGround};

use crate::{TOKEN, ground, opened};

const HTTP: [(&str, &str); 3] = [
    ("SMARTCMS_MAIL_TRANSPORT", "http"),
    ("SMARTCMS_MAIL_HTTP_ADDRESS", "https://mail.example.com/emails"),
    ("SMARTCMS_SITE_BASE_URL", "https://cms.example.com"),
];

/// What was posted: a site is told how it sends by a plain function, which remembers nothing.
static POSTED: Mutex<Vec<Value>> = Mutex::new(Vec::new());

/// A service that takes every mail.
struct Service;

#[async_trait]
impl Outbound for Service {
    async fn send(&self, request: OutboundRequest) -> Result<OutboundResponse, OutboundError> {
        POSTED.lock().unwrap().push(serde_json::from_slice(&request.body).unwrap());
        let body = Full::from("{}").map_err(|never| match never {}).boxed_unsync();
        Ok(OutboundResponse { status: 200, headers: HeaderMap::new(), url: request.url, body })
    }
}

/// Fills in the form of a page and sends it. What is due afterwards is left to the caller.
async fn fill(site: &Site, page: &str, path: &str, pairs: &[(&str, &str)]) -> u16 {
    let asked = site.answer(Request::get(page).body(Body::empty()).unwrap()).await;
    let cookies = asked.headers().get_all("set-cookie").iter();
    let cookies: Vec<&str> =
        cookies.map(|it| it.to_str().unwrap().split(';').next().unwrap()).collect();
    let cookies = cookies.join("; ");
    let text = asked.into_body().collect().await.unwrap().to_bytes();
    let text = String::from_utf8_lossy(&text).into_owned();
    let (_, token) = text.split_once("name=\"csrf\" value=\"").expect("a form");
    let token = token.split('"').next().unwrap();
    let pairs = [&[("csrf", token)], pairs].concat();
    let coded = |text: &str| text.bytes().map(|it| format!("%{it:02X}")).collect::<String>();
    let body: Vec<String> =
        pairs.iter().map(|(name, text)| format!("{name}={}", coded(text))).collect();
    let request = Request::post(path)
        .header("host", "cms.example.com")
        .header("cookie", cookies)
        .header("origin", "https://cms.example.com")
        .header("content-type", "application/x-www-form-urlencoded");
    site.answer(request.body(Body::from(body.join("&"))).unwrap()).await.status().as_u16()
}

#[tokio::test]
async fn a_forgotten_password_is_mailed_once_the_request_was_answered() {
    let keys = Arc::new(MemoryKeys::default());
    let ground = SiteGround { outbound: |_| Arc::new(Service), ..ground(&keys, &HTTP) };
    let site = Site::open(ground).await.unwrap();
    let owner = [
        ("secret", TOKEN),
        ("name", "Ada"),
        ("email", "ada@example.com"),
        ("password", "a heron stands in cold water"),
    ];
    let page = format!("/admin/setup?link={TOKEN}");
    assert_eq!(fill(&site, &page, "/admin/setup", &owner).await, 303);
    let forgotten = "/admin/forgotten";
    for email in ["nobody@example.com", "ada@example.com"] {
        assert_eq!(fill(&site, forgotten, forgotten, &[("email", email)]).await, 303);
    }
    assert!(POSTED.lock().unwrap().is_empty(), "nothing is sent before the answer");
    site.afterwards(&Method::POST).await;
    let posted = std::mem::take(&mut *POSTED.lock().unwrap());
    let [message] = posted.as_slice() else { panic!("{posted:?}") };
    assert_eq!(message["to"][0], "ada@example.com");
    assert_eq!(message["from"], "A SmartCMS site <smartcms@cms.example.com>");
    let text = message["text"].as_str().unwrap();
    assert!(text.contains("https://cms.example.com/admin/password?link="), "{text}");
    site.afterwards(&Method::GET).await;
    assert!(POSTED.lock().unwrap().is_empty(), "it is sent once");
}

#[tokio::test]
async fn mail_into_the_log_is_there_and_mail_that_cannot_be_sent_is_told_at_the_start() {
    let keys = Arc::new(MemoryKeys::default());
    assert!(opened(&keys, &[("SMARTCMS_MAIL_TRANSPORT", "log")]).await.is_ok());
    let key = ("SMARTCMS_MAIL_HTTP_KEY", "two\nlines");
    let refused = opened(&keys, &[HTTP[0], HTTP[1], key]).await.err().unwrap();
    let reason = refused.source.to_string();
    assert!(reason.contains("mail.http_key") && !reason.contains("lines"), "{reason}");
}
