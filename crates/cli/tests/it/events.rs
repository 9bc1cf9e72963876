//! Events reach a real plugin at least once, over failures and crashes, and what cannot be handled is the operator's.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::client::Request;
use crate::support::component::hostile;
use crate::support::server::Server;
use crate::support::site::Site;

/// A test that waits longer than this hangs.
const HANG_GUARD: Duration = Duration::from_secs(100);

/// A site with the plugin `points`, which hears from now on.
#[track_caller]
fn site() -> Site {
    let site = Site::new();
    site.run(&["plugin", "add", &hostile("points")]).expect_success();
    site.run(&["plugin", "grant", "points", "kv"]).expect_success();
    site
}

/// Creates a post and does what the words say with it.
#[track_caller]
fn post(site: &Site, server: &Server, slug: &str, steps: &[&str]) {
    let mut author = server.client().with_token(&site.token);
    let entry = json!({ "slug": slug, "fields": { "title": slug } });
    author.post("/api/v1/content/posts", &entry).expect_status(201);
    for step in steps {
        let path = format!("/api/v1/content/posts/{slug}/{step}");
        author.expect(Request::new("POST", &path)).expect_status(200);
    }
}

#[track_caller]
fn state(site: &Site) -> Value {
    site.run(&["plugin", "events", "list", "points", "--json"]).expect_json()[0].clone()
}

#[track_caller]
fn wait_until(site: &Site, is_so: impl Fn(&Value) -> bool) -> Value {
    let begun = Instant::now();
    loop {
        let state = state(site);
        if is_so(&state) {
            return state;
        }
        assert!(begun.elapsed() < HANG_GUARD, "{state:#}");
    }
}

#[track_caller]
fn wait_for_log(site: &Site, words: &str) -> String {
    let begun = Instant::now();
    loop {
        let log = site.run(&["plugin", "logs", "points"]).expect_success().to_owned();
        if log.contains(words) {
            return log;
        }
        assert!(begun.elapsed() < HANG_GUARD, "no {words:?} in {log}");
    }
}

fn all_heard(state: &Value) -> bool {
    state["waiting"] == 0 && state["put_off"].is_null()
}

#[test]
fn what_happens_right_after_a_plugin_was_added_is_heard_and_failures_are_made_up_for() {
    let site = site();
    let server = Server::start(&site);
    post(&site, &server, "first", &["publish"]);
    let log = wait_for_log(&site, "entry.published for the 3. time");
    assert!(log.contains("entry.created for the 1. time"), "{log}");
    let state = wait_until(&site, all_heard);
    assert_eq!(state["parked"], json!([]));
}

#[test]
fn an_event_that_a_plugin_gives_up_is_parked_with_its_reason_and_told_again_by_the_operator() {
    let site = site();
    let server = Server::start(&site);
    post(&site, &server, "first", &["publish", "unpublish"]);
    post(&site, &server, "second", &[]);
    let state = wait_until(&site, |it| all_heard(it) && it["parked"] != json!([]));
    let parked = &state["parked"][0];
    assert_eq!((&parked["kind"], &parked["tries"]), (&json!("entry.unpublished"), &json!(1)));
    assert_eq!(parked["reason"], "it is [31m broken", "it cannot steer the terminal");
    let event = parked["event"].as_str().unwrap();
    let shown = site.run(&["plugin", "events", "list"]);
    assert!(shown.expect_success().contains(event), "{shown:?}");
    let retried = site.run(&["plugin", "events", "retry", "points", event]);
    assert!(retried.expect_success().contains("was handled"), "{retried:?}");
    assert_eq!(wait_until(&site, all_heard)["parked"], json!([]));
    site.run(&["plugin", "events", "retry", "points", event]).expect_failure(
        4,
        &["plugin points has no event", event],
        "plugin events list",
    );
}

#[test]
fn parked_events_are_dropped_when_the_operator_says_so() {
    let site = site();
    let server = Server::start(&site);
    post(&site, &server, "first", &["publish", "unpublish"]);
    wait_until(&site, |it| it["parked"] != json!([]));
    site.run(&["plugin", "events", "drop", "points", "--all"]).expect_success();
    assert_eq!(state(&site)["parked"], json!([]));
}

#[test]
fn an_event_under_way_is_heard_after_the_server_was_killed_and_its_tries_are_not_forgotten() {
    let site = site();
    let server = Server::start(&site);
    post(&site, &server, "first", &["publish"]);
    let before = wait_until(&site, |it| it["put_off"]["reason"] == "it is busy");
    server.kill();
    let after = state(&site);
    assert!(after["waiting"].as_u64() > Some(0), "{after}");
    assert!(after["put_off"]["tries"].as_u64() >= before["put_off"]["tries"].as_u64(), "{after}");
    let _server = Server::start(&site);
    wait_for_log(&site, "entry.published for the 3. time");
    wait_until(&site, all_heard);
}
