//! How plugins do in a running server: listed by another process, told to Prometheus, and bounded for each request.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::case::Case;
use crate::support::client::Request;
use crate::support::component::component;
use crate::support::server::Server;
use crate::support::site::Site;

/// A test that waits longer than this hangs.
const HANG_GUARD: Duration = Duration::from_secs(100);

/// A filter that gives back what it was given.
const ECHO: &str = r#"(module
  (memory (export "memory") 16)
  (global $free (mut i32) (i32.const 8192))
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))
    (global.set $free (i32.add (local.get $at) (local.get 3)))
    (local.get $at))
  (func (export "smartcms:plugin/filters@0.1.0#filter-html")
    (param i32 i32 i32 i32 i32 i32 i32 i32) (param $html i32) (param $len i32) (result i32)
    (i32.store8 (i32.const 16) (i32.const 0))
    (i32.store (i32.const 20) (local.get $html))
    (i32.store (i32.const 24) (local.get $len))
    (i32.const 16)))"#;

/// A site whose hook traps for slugs that begin with `b`.
#[track_caller]
fn site_with_hook() -> Site {
    let case = Case::read("repeated-failure");
    let site = Site::new();
    let file = site.write("plugins/weak.wasm", case.plugins[0].component(&case));
    site.run(&["plugin", "add", &file, "--id", "weak"]).expect_success();
    site
}

#[track_caller]
fn save(site: &Site, server: &Server, slug: &str) -> u16 {
    let mut author = server.client().with_token(&site.token);
    let entry = json!({ "slug": slug, "fields": { "title": slug } });
    author.post("/api/v1/content/posts", &entry).status
}

/// Looks at the first plugin of the list until it is as wanted.
#[track_caller]
fn wait_for_health(site: &Site, is_so: impl Fn(&Value) -> bool) -> Value {
    let begun = Instant::now();
    loop {
        let health = site.run(&["plugin", "list", "--json"]).expect_json()[0]["health"].clone();
        if is_so(&health) {
            return health;
        }
        assert!(begun.elapsed() < HANG_GUARD, "{health:#}");
    }
}

#[test]
fn a_plugin_that_is_paused_is_listed_with_the_reason_and_resumed_by_the_operator() {
    let site = site_with_hook();
    let listed = site.run(&["plugin", "list", "--json"]).expect_json();
    assert!(listed[0]["health"].is_null(), "no server runs: {listed}");
    let server = Server::start(&site);
    assert_eq!(save(&site, &server, "good"), 201);
    for number in 0..10 {
        assert_eq!(save(&site, &server, &format!("bad-{number}")), 502);
    }
    assert_eq!(save(&site, &server, "good-too"), 503, "it is paused");
    let health = wait_for_health(&site, |it| it["condition"] == "paused");
    assert!(health["reason"].as_str().unwrap().contains("trapped"), "{health}");
    assert_eq!((&health["calls"], &health["traps"]), (&json!(11), &json!(10)), "{health}");
    assert!(health["turned_away"].as_u64() >= Some(1), "{health}");
    assert!(health["memory_peak_bytes"].as_u64() >= Some(2 * 65_536), "{health}");
    assert!(health["time_p99_us"].as_u64() >= health["time_p50_us"].as_u64(), "{health}");
    let text = site.run(&["plugin", "list"]);
    for words in ["paused: failed 10 times in a row", "smartcms plugin resume weak", "10 traps"] {
        assert!(text.expect_success().contains(words), "no {words:?} in {text:?}");
    }
    site.run(&["plugin", "resume", "weak"]).expect_success();
    let begun = Instant::now();
    while save(&site, &server, "good-again") != 201 {
        assert!(begun.elapsed() < Duration::from_secs(20), "its pause would be over by itself");
    }
    wait_for_health(&site, |it| it["condition"] == "ready");
    site.run(&["plugin", "resume", "nobody"]).expect_failure(4, &["no plugin `nobody`"], "list");
}

#[test]
fn metrics_are_for_bearers_of_a_token() {
    let site = site_with_hook();
    let server = Server::start(&site);
    save(&site, &server, "good");
    save(&site, &server, "bad");
    server.client().get("/metrics").expect_status(401);
    let viewer = site.run(&["token", "create", "--name", "prometheus", "--role", "viewer"]);
    let mut prometheus = server.client().with_token(viewer.expect_success().trim());
    let metrics = prometheus.expect(Request::new("GET", "/metrics")).expect_status(200).text();
    for line in [
        "smartcms_plugin_calls_total{plugin=\"weak\"} 2",
        "smartcms_plugin_traps_total{plugin=\"weak\"} 1",
        "smartcms_plugin_ready{plugin=\"weak\"} 1",
        "smartcms_plugin_call_duration_seconds_count{plugin=\"weak\"} 2",
    ] {
        assert!(metrics.lines().any(|it| it == line), "no {line} in {metrics}");
    }
}

#[test]
fn many_cheap_calls_for_one_page_together_pass_its_budget_and_the_page_is_shown() {
    let site = Site::new();
    let filters = ["smartcms:plugin/filters@0.1.0".to_owned()];
    let file = site.write("plugins/echo.wasm", component(ECHO, &[], &filters));
    site.run(&["plugin", "add", &file, "--id", "echo"]).expect_success();
    let limit = [("SMARTCMS_PLUGINS_REQUEST_TOTAL_BYTES", "200")];
    let server = Server::start_in(site.path(), &limit);
    let mut author = server.client().with_token(&site.token);
    for number in 0..6 {
        let fields = json!({ "title": format!("Post {number}"), "body": "All of a hundred bytes, or nearly so many, are in this text, so that two are enough." });
        let slug = format!("post-{number}");
        author
            .post("/api/v1/content/posts", &json!({ "slug": slug, "fields": fields }))
            .expect_status(201);
        let path = format!("/api/v1/content/posts/{slug}/publish");
        author.expect(Request::new("POST", &path)).expect_status(200);
    }
    let feed = server.client().get("/feed.xml").expect_status(200).text();
    assert_eq!(feed.matches("All of a hundred bytes").count() % 6, 0, "nothing is missing: {feed}");
    let health = wait_for_health(&site, |it| it["turned_away"].as_u64() > Some(0));
    let calls = health["calls"].as_u64().unwrap();
    assert!((1..6).contains(&calls), "{health}");
    assert_eq!(health["condition"], "ready", "that is no failure of the plugin");
    server.client().get("/posts/post-1").expect_status(200);
    let after = wait_for_health(&site, |it| it["calls"].as_u64() > Some(calls));
    assert_eq!(after["turned_away"], health["turned_away"], "another request has its own budget");
}
