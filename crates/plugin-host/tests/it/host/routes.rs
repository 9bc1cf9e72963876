//! Routes: a request in, an answer out, and nothing that speaks for the whole site.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use smartcms_app::ports::{PluginFailureKind, PluginResponse, Plugins, RouteError, plugin_body};
use smartcms_domain::actors::Actor;
use smartcms_plugin_host::{CallTimes, PluginLimits, RouteLimits};
use smartcms_testkit::builders::plugin;

use super::guest::{LOOPS, component};
use super::site::Site;

/// A route whose function is `body`, with the request and the place for the response at locals 0 and 1.
fn route(body: &str) -> Vec<u8> {
    let types = "wasi:http/types@0.2.0";
    component(
        "import wasi:http/types@0.2.0; export wasi:http/incoming-handler@0.2.0;",
        &format!(
            r#"(import "{types}" "[constructor]fields" (func $fields (result i32)))
               (import "{types}" "[method]fields.append" (func $append (param i32 i32 i32 i32 i32 i32)))
               (import "{types}" "[constructor]outgoing-response" (func $response (param i32) (result i32)))
               (import "{types}" "[static]response-outparam.set"
                 (func $set (param i32 i32 i32 i32 i64 i32 i32 i32 i32)))
               (func (export "wasi:http/incoming-handler@0.2.0#handle") (param i32 i32) (local $headers i32) {body})
               (data (i32.const 4096) "set-cookiea=b")
               (data (i32.const 4112) "x-plainvalue")"#
        ),
    )
}

/// Answers 200 with a cookie, which is dropped, and a plain header, which is kept.
const ANSWERS: &str = "
    (local.set $headers (call $fields))
    (call $append (local.get $headers) (i32.const 4096) (i32.const 10) (i32.const 4106) (i32.const 3) (i32.const 64))
    (call $append (local.get $headers) (i32.const 4112) (i32.const 7) (i32.const 4119) (i32.const 5) (i32.const 64))
    (call $set (local.get 1) (i32.const 0) (call $response (local.get $headers))
      (i32.const 0) (i64.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))";

async fn ask(site: &Site, body: &[u8]) -> Result<PluginResponse, RouteError> {
    let request = http::Request::builder()
        .uri("/page?x=1")
        .header("host", "site.example")
        .header("cookie", "session=secret")
        .body(plugin_body(Full::new(Bytes::copy_from_slice(body))))
        .unwrap();
    site.host.route(&plugin("route"), &Actor::Anonymous, request).await
}

async fn failure(site: &Site) -> PluginFailureKind {
    match ask(site, b"").await {
        Err(RouteError::Failed(failure)) => failure.kind,
        other => panic!("the route should have failed: {:?}", other.map(|it| it.status())),
    }
}

#[tokio::test]
async fn a_route_answers_in_its_sandbox() {
    let site = Site::with(&[("route", &route(ANSWERS), &[])]).await;
    let response = ask(&site, b"").await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers().get("x-plain").unwrap(), "value");
    assert_eq!(response.headers().get("set-cookie"), None);
    assert!(response.headers()["content-security-policy"].to_str().unwrap().starts_with("sandbox"));
    assert_eq!(response.into_body().collect().await.unwrap().to_bytes().len(), 0);
}

#[tokio::test]
async fn routes_that_fail_are_typed_failures_and_the_next_request_is_answered() {
    let times = CallTimes { request: Duration::from_millis(200), ..CallTimes::default() };
    let limits = PluginLimits { times, ..PluginLimits::default() };
    for (body, expected) in [
        ("unreachable", PluginFailureKind::Trapped),
        ("", PluginFailureKind::Trapped),
        (LOOPS, PluginFailureKind::TimedOut),
    ] {
        let site = Site::limited(limits, &[("route", &route(body), &[])]).await;
        assert_eq!(failure(&site).await, expected, "{body}");
        site.add("route", &route(ANSWERS), &[]).await;
        site.host.refresh().await.unwrap();
        assert_eq!(ask(&site, b"").await.unwrap().status(), 200);
    }
}

#[tokio::test]
async fn a_request_with_too_large_a_body_does_not_reach_the_plugin() {
    let routes = RouteLimits { request_body_bytes_max: 10, ..RouteLimits::default() };
    let limits = PluginLimits { routes, ..PluginLimits::default() };
    let site = Site::limited(limits, &[("route", &route(ANSWERS), &[])]).await;
    assert_eq!(ask(&site, b"0123456789").await.unwrap().status(), 200);
    assert_eq!(ask(&site, b"0123456789x").await.unwrap().status(), 413);
}

#[tokio::test]
async fn many_requests_at_once_are_all_answered() {
    let site = Site::with(&[("route", &route(ANSWERS), &[])]).await;
    let asked = (0..50).map(|_| ask(&site, b""));
    for response in futures::future::join_all(asked).await {
        assert_eq!(response.unwrap().status(), 200);
    }
}
