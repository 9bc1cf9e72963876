//! Keys for sites elsewhere: what the adapter over HTTP relies on.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::Value;
use smartcms_app::shared_keys::{SHARED_KEYS_PAGE_LEN, SHARED_VALUE_LEN_MAX, SharedKeys};
use smartcms_domain::people::SecretText;
use smartcms_http::SharedKeysService;
use smartcms_testkit::{FixedClock, MemoryStore};

const TOKEN: &str = "smc_0123456789abcdefghijklmnopqrstuvwxyz";

struct Server {
    service: SharedKeysService,
    clock: Arc<FixedClock>,
}

struct Answer {
    status: u16,
    tag: Option<String>,
    body: Vec<u8>,
}

impl Answer {
    fn code(&self) -> String {
        let document: Value = serde_json::from_slice(&self.body).unwrap();
        document["code"].as_str().unwrap().to_owned()
    }
}

impl Server {
    fn new() -> Self {
        let clock = Arc::new(FixedClock::default());
        let keys = SharedKeys::new(
            Arc::new(MemoryStore::default()),
            Arc::clone(&clock) as _,
            &SecretText::new(TOKEN),
        );
        Self { service: SharedKeysService::new(Arc::new(keys)), clock }
    }

    async fn send(&self, line: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let (method, path) = line.split_once(' ').unwrap();
        let mut request = Request::builder().method(method).uri(format!("/keys/v1/{path}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_vec())).unwrap();
        let response = self.service.handle(request).await;
        let tag = response.headers().get("etag").map(|it| it.to_str().unwrap().to_owned());
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.unwrap().to_bytes().to_vec();
        Answer { status, tag, body }
    }

    /// As the bearer of the token.
    async fn ask(&self, line: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let bearer = format!("Bearer {TOKEN}");
        let headers: Vec<_> =
            headers.iter().copied().chain([("authorization", bearer.as_str())]).collect();
        self.send(line, &headers, body).await
    }
}

const ROUTES: [&str; 9] = [
    "GET values",
    "GET values/a",
    "PUT values/a",
    "DELETE values/a",
    "GET heads/a",
    "PUT heads/a",
    "PUT locks/a?milliseconds=1000",
    "DELETE locks/a",
    "GET nothing",
];

#[tokio::test]
async fn without_the_token_nothing_is_told_and_nothing_changes() {
    let server = Server::new();
    server.ask("PUT values/a", &[], b"kept").await;
    for route in ROUTES {
        let answer = server.send(route, &[], b"x").await;
        assert_eq!((answer.status, answer.code().as_str()), (401, "auth.required"), "{route}");
        for wrong in ["Bearer smc_another", "Bearer ", "Basic abc"] {
            let answer = server.send(route, &[("authorization", wrong)], b"x").await;
            assert_eq!(answer.status, 401, "{route} {wrong}");
        }
    }
    assert_eq!(server.ask("GET values/a", &[], b"").await.body, b"kept");
}

#[tokio::test]
async fn values_are_kept_byte_for_byte_and_taken_away() {
    let server = Server::new();
    assert_eq!(server.ask("GET values/pages/0=a_b-C", &[], b"").await.status, 404);
    let bytes = [0, 255, b'\n', 0];
    assert_eq!(server.ask("PUT values/pages/0=a_b-C", &[], &bytes).await.status, 204);
    assert_eq!(server.ask("GET values/pages/0=a_b-C", &[], b"").await.body, bytes);
    assert_eq!(server.ask("DELETE values/pages/0=a_b-C", &[], b"").await.status, 204);
    assert_eq!(server.ask("DELETE values/pages/0=a_b-C", &[], b"").await.status, 204);
    assert_eq!(server.ask("GET values/pages/0=a_b-C", &[], b"").await.status, 404);
}

#[tokio::test]
async fn what_is_no_key_or_too_large_is_refused() {
    let server = Server::new();
    for key in ["a%20b", "%C3%A9", "a.b", &"k".repeat(257)] {
        let answer = server.ask(&format!("PUT values/{key}"), &[], b"x").await;
        assert_eq!((answer.status, answer.code().as_str()), (422, "keys.not-a-key"), "{key}");
    }
    let largest = vec![7; SHARED_VALUE_LEN_MAX];
    assert_eq!(server.ask("PUT values/large", &[], &largest).await.status, 204);
    let larger = vec![7; SHARED_VALUE_LEN_MAX + 1];
    let answer = server.ask("PUT values/larger", &[], &larger).await;
    assert_eq!((answer.status, answer.code().as_str()), (413, "keys.too-large"));
    assert_eq!(server.ask("GET values/larger", &[], b"").await.status, 404);
}

#[tokio::test]
async fn keys_are_listed_once_each_in_their_order() {
    let server = Server::new();
    let names: Vec<String> = (0..SHARED_KEYS_PAGE_LEN + 3).map(|it| format!("k/{it:05}")).collect();
    for name in &names {
        server.ask(&format!("PUT values/{name}"), &[], b"").await;
    }
    server.ask("PUT heads/k/00000", &[("if-none-match", "*")], b"a head is no value").await;
    let lines = |it: &Answer| -> Vec<String> {
        String::from_utf8(it.body.clone()).unwrap().lines().map(str::to_owned).collect()
    };
    let first = lines(&server.ask("GET values", &[], b"").await);
    assert_eq!(first, names[..SHARED_KEYS_PAGE_LEN]);
    let after = format!("GET values?after={}", first.last().unwrap());
    assert_eq!(lines(&server.ask(&after, &[], b"").await), names[SHARED_KEYS_PAGE_LEN..]);
}

#[tokio::test]
async fn a_head_is_replaced_only_by_who_saw_it() {
    let server = Server::new();
    let new = [("if-none-match", "*")];
    let answer = server.ask("PUT heads/root", &[], b"a").await;
    assert_eq!((answer.status, answer.code().as_str()), (428, "keys.head-not-seen"));
    let first = server.ask("PUT heads/root", &new, b"a").await;
    assert_eq!((first.status, first.tag.as_deref()), (204, Some("\"1\"")));
    let again = server.ask("PUT heads/root", &new, b"b").await;
    assert_eq!((again.status, again.code().as_str()), (412, "keys.head-moved-on"));
    let second = server.ask("PUT heads/root", &[("if-match", "\"1\"")], b"b").await;
    assert_eq!(second.tag.as_deref(), Some("\"2\""));
    let late = server.ask("PUT heads/root", &[("if-match", "\"1\"")], b"c").await;
    assert_eq!(late.status, 412);
    let read = server.ask("GET heads/root", &[], b"").await;
    assert_eq!((read.body.as_slice(), read.tag.as_deref()), (b"b".as_slice(), Some("\"2\"")));
    let asked = |version: &'static str| [("if-none-match", version)];
    assert_eq!(server.ask("GET heads/root", &asked("\"2\""), b"").await.status, 304);
    assert_eq!(server.ask("GET heads/root", &asked("\"1\""), b"").await.status, 200);
    assert_eq!(server.ask("GET values/root", &[], b"").await.status, 404, "spaces are apart");
}

#[tokio::test]
async fn of_many_who_saw_the_same_head_one_replaces_it() {
    let server = Server::new();
    server.ask("PUT heads/root", &[("if-none-match", "*")], b"a").await;
    let swaps = (0..20).map(|it| {
        let server = &server;
        async move { server.ask("PUT heads/root", &[("if-match", "\"1\"")], &[it]).await.status }
    });
    let statuses = futures::future::join_all(swaps).await;
    assert_eq!(statuses.iter().filter(|it| **it == 204).count(), 1);
    assert_eq!(statuses.iter().filter(|it| **it == 412).count(), 19);
}

#[tokio::test]
async fn a_lock_is_of_one_until_it_is_given_back_or_too_old() {
    let server = Server::new();
    let lock = "PUT locks/write?milliseconds=1000";
    assert_eq!(server.ask(lock, &[], b"").await.status, 204);
    let answer = server.ask(lock, &[], b"").await;
    assert_eq!((answer.status, answer.code().as_str()), (409, "keys.locked"));
    server.clock.advance(1_001);
    assert_eq!(server.ask(lock, &[], b"").await.status, 204, "too old");
    assert_eq!(server.ask("DELETE locks/write", &[], b"").await.status, 204);
    assert_eq!(server.ask(lock, &[], b"").await.status, 204, "given back");
}

#[tokio::test]
async fn other_methods_and_paths_are_told() {
    let server = Server::new();
    assert_eq!(server.ask("POST values/a", &[], b"").await.status, 405);
    assert_eq!(server.ask("GET elsewhere", &[], b"").await.status, 404);
    assert_eq!(server.ask("PUT locks/a", &[], b"").await.status, StatusCode::BAD_REQUEST);
}
