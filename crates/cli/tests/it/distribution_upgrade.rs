//! Another version of a plugin: what it asks for is shown, it is tried first, and it goes when it fails.

use serde_json::{Value, json};

use crate::support::client::{Answer, Client};
use crate::support::plugin_text::{accepting, failing, failing_at_start, with_keys, write};
use crate::support::registry::Registry;
use crate::support::server::Server;
use crate::support::site::Site;

/// A site with version 1.0.0 of a plugin that accepts every entry.
fn site() -> Site {
    let site = Site::new();
    let file = write(&site, "v1", &accepting(1), "1.0.0");
    site.run(&["plugin", "add", &file]).expect_success();
    site
}

#[track_caller]
fn plugin(site: &Site) -> Value {
    site.run(&["plugin", "list", "--json"]).expect_json()[0].clone()
}

fn save(author: &mut Client, number: u32) -> Answer {
    let title = format!("Number {number}");
    author.post("/api/v1/content/posts", &json!({ "fields": { "title": title } }))
}

#[test]
fn a_version_that_asks_for_more_waits_until_it_is_given() {
    let site = site();
    let file = write(&site, "v2", &with_keys(2), "1.1.0");
    let refused = site.run(&["plugin", "upgrade", "gate", &file]);
    refused.expect_failure(3, &["version 1.1.0 of gate needs", "kv: to keep"], "--grant kv");
    assert!(refused.stdout.contains("+ can reach kv"), "{refused:?}");
    assert_eq!(plugin(&site)["version"], "1.0.0");

    let upgraded = site.run(&["plugin", "upgrade", "gate", &file, "--grant", "kv"]);
    let text = upgraded.expect_success();
    assert!(text.contains("gate 1.0.0 → 1.1.0") && text.contains("rollback gate"), "{text}");
    assert_eq!(
        (&plugin(&site)["version"], &plugin(&site)["grants"]),
        (&json!("1.1.0"), &json!(["kv"]))
    );
    site.run(&["plugin", "upgrade", "gate", &file]).expect_failure(5, &["1.1.0", "already"], "");

    let file = write(&site, "v3", &with_keys(3), "2.0.0");
    let refused = site.run(&["plugin", "upgrade", "gate", &file]);
    refused.expect_failure(3, &["kv: to keep", "another major version"], "--grant kv");
    let back = site.run(&["plugin", "rollback", "gate"]);
    assert!(back.expect_success().contains("gate 1.0.0 is in force again"), "{back:?}");
    assert_eq!(
        (&plugin(&site)["version"], &plugin(&site)["grants"]),
        (&json!("1.0.0"), &json!([]))
    );
    site.run(&["plugin", "rollback", "gate"]).expect_failure(4, &["no version to go back to"], "");
}

#[test]
fn a_version_that_cannot_start_is_not_taken() {
    let site = site();
    let file = write(&site, "v2", &failing_at_start(2), "1.1.0");
    let refused = site.run(&["plugin", "upgrade", "gate", &file]);
    refused.expect_failure(
        1,
        &["version 1.1.0 was tried and not taken", "gate"],
        "1.0.0 stays in force",
    );
    let older = write(&site, "v0", &accepting(4), "0.9.0");
    let refused = site.run(&["plugin", "upgrade", "gate", &older]);
    refused.expect_failure(3, &["version 0.9.0, and 1.0.0"], "--allow-downgrade");
    let other = site.write("other/plugin.toml", "id = \"other\"\nversion = \"1.1.0\"");
    let wasm = other.replace("plugin.toml", "gate.wasm");
    std::fs::write(&wasm, accepting(3)).unwrap();
    let inside = write(&site, "v1", &accepting(1), "1.0.0");
    let registry = Registry::start();
    let name = registry.name("gate:1");
    site.run(&["plugin", "push", &name, &inside]).expect_success();
    site.run(&["plugin", "add", &name, "--allow-unsigned"]).expect_success();
    let refused = site.run(&["plugin", "upgrade", "gate", &wasm, "--allow-unsigned"]);
    refused.expect_failure(6, &["is the plugin other", "gate is gate"], "plugin add");
    assert_eq!(plugin(&site)["version"], "1.0.0");
}

#[test]
fn a_version_that_fails_its_first_calls_goes_by_itself() {
    let site = site();
    let mut server = Server::start(&site);
    let mut author = server.client().with_token(&site.token);
    save(&mut author, 0).expect_status(201);
    server.forget_log();
    let file = write(&site, "v2", &failing(2), "1.1.0");
    site.run(&["plugin", "upgrade", "gate", &file]).expect_success();
    assert_eq!(plugin(&site)["version"], "1.1.0");
    server.wait_for_log(&["the plugins were loaded anew"]);
    for number in 1..4 {
        assert_eq!(save(&mut author, number).code(), "plugin.trapped");
    }
    server.wait_for_log(&["failed its first calls with version 1.1.0", "1.0.0 is put back"]);
    server.wait_for_log(&["plugin gate is loaded", "1.0.0"]);
    save(&mut author, 4).expect_status(201);
    assert_eq!(plugin(&site)["version"], "1.0.0");
    server.expect_alive();
    let logs = site.run(&["plugin", "logs", "gate"]);
    assert!(logs.expect_success().contains("version 1.0.0 is put back"), "{logs:?}");
}

#[test]
fn a_version_that_stood_its_first_calls_stays_and_the_old_one_is_still_there() {
    let site = site();
    let mut server = Server::start(&site);
    let file = write(&site, "v2", &accepting(2), "1.1.0");
    server.forget_log();
    site.run(&["plugin", "upgrade", "gate", &file]).expect_success();
    server.wait_for_log(&["the plugins were loaded anew"]);
    let mut author = server.client().with_token(&site.token);
    for number in 0..25 {
        save(&mut author, number).expect_status(201);
    }
    assert_eq!(plugin(&site)["version"], "1.1.0");
    site.run(&["plugin", "rollback", "gate"]).expect_success();
    assert_eq!(plugin(&site)["version"], "1.0.0");
}

#[test]
fn an_upgrade_from_a_registry_is_pinned_and_so_is_the_way_back() {
    let (site, registry) = (Site::new(), Registry::start());
    site.run(&["plugin", "keygen", "ada", "--no-password"]).expect_success();
    site.run(&["plugin", "trust", "add", "Ada", "ada.pub"]).expect_success();
    let push = |number: u32, version: &str, signed: bool| {
        let file = write(&site, version, &accepting(number), version);
        let name = registry.name(&format!("gate:{version}"));
        let sign: &[&str] = if signed { &["--sign", "ada"] } else { &[] };
        site.run(&[&["plugin", "push", &name, &file], sign].concat()).expect_success();
        name
    };
    let lock = || std::fs::read_to_string(site.path().join("plugins.lock")).unwrap();
    let first = push(1, "1.0.0", true);
    site.run(&["plugin", "add", &first]).expect_success();
    let before = lock();
    let second = push(2, "1.1.0", true);
    site.run(&["plugin", "upgrade", "gate", &second]).expect_success();
    assert!(lock().contains(&second) && lock().contains("[plugin.replaced]"), "{}", lock());
    site.run(&["plugin", "rollback", "gate"]).expect_success();
    assert_eq!(lock(), before);
    assert_eq!(plugin(&site)["version"], "1.0.0");

    let third = push(3, "1.2.0", false);
    site.run(&["plugin", "upgrade", "gate", &third]).expect_failure(
        3,
        &["not signed"],
        "--allow-unsigned",
    );
    let older = push(4, "0.9.0", true);
    site.run(&["plugin", "upgrade", "gate", &older]).expect_failure(
        3,
        &["version 0.9.0, and 1.0.0 is pinned"],
        "--allow-downgrade",
    );
    assert_eq!(plugin(&site)["version"], "1.0.0");
}
