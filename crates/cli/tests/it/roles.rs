//! `smartcms role`, tokens with scopes, and `smartcms audit`.

use serde_json::{Value, json};

use crate::support::server::Server;
use crate::support::site::Site;

const COPYWRITER: &str = r#"{ "label": "Copywriter", "base": "viewer", "collections": {
    "posts": { "read_drafts": "any", "create": "any", "update": "own" } } }"#;

#[test]
fn a_role_is_made_held_by_a_token_and_taken_away() {
    let site = Site::new();
    let file = site.write("copywriter.json", COPYWRITER);
    site.run(&["role", "set", "copywriter", &file]).expect_success();
    let shown = site.run(&["role", "show", "copywriter"]);
    assert_eq!(shown.expect_json()["collections"]["posts"]["update"], "own");
    let listed = site.run(&["role", "list"]);
    assert!(listed.expect_success().contains("Copywriter, on viewer"), "{listed:?}");
    let made = site.run(&["token", "create", "--name", "writer", "--role", "copywriter"]);
    let token = made.expect_success().trim_end().to_owned();
    let server = Server::start(&site);
    let mut writer = server.client().with_token(&token);
    let entry = json!({ "fields": { "title": "Mine" } });
    writer.post("/api/v1/content/posts", &entry).expect_status(201);
    let refused = writer.post("/api/v1/content/pages", &entry).expect_status(403);
    assert_eq!(refused.code(), "entry.denied");
    assert_eq!(site.run(&["role", "remove", "copywriter"]).code, 5, "a token has it");
    site.run(&["token", "revoke", "writer"]).expect_success();
    site.run(&["role", "remove", "copywriter"]).expect_success();
    assert_eq!(site.run(&["role", "remove", "copywriter"]).code, 4);
    assert_eq!(site.run(&["role", "remove", "editor"]).code, 6);
}

#[test]
fn a_role_that_cannot_be_made_says_what_is_wrong_with_it() {
    let site = Site::new();
    let file = site.write("role.json", r#"{ "label": "X", "base": "king", "colections": {} }"#);
    let refused = site.run(&["role", "set", "x", &file]);
    refused.expect_failure(6, &["king", "colections", "collections"], "");
}

#[test]
fn a_scoped_token_does_what_it_is_for() {
    let site = Site::new();
    let create = ["token", "create", "--name", "scoped", "--role", "editor", "--scope"];
    let made = site.run(&[&create[..], &["content:create=posts"]].concat());
    let token = made.expect_success().trim_end().to_owned();
    let server = Server::start(&site);
    let mut client = server.client().with_token(&token);
    let entry = json!({ "fields": { "title": "New" } });
    client.post("/api/v1/content/posts", &entry).expect_status(201);
    client.post("/api/v1/content/pages", &entry).expect_status(403);
    client.get("/api/v1/assets").expect_status(403);
    let wrong = site.run(&[&create[..], &["content:write"]].concat());
    wrong.expect_failure(6, &["content:write"], "--scope");
}

#[test]
fn the_audit_log_is_listed_and_exported() {
    let site = Site::new();
    site.run(&["token", "create", "--name", "other", "--role", "viewer"]).expect_success();
    let listed = site.run(&["audit", "list", "--operation", "token.created", "--lines", "1"]);
    let line = listed.expect_success();
    assert!(line.contains("operator token.created token other (role viewer)"), "{line}");
    let exported = site.run(&["audit", "export", "--target", "token:other"]);
    let record: Value = serde_json::from_str(exported.expect_success().trim_end()).unwrap();
    assert_eq!((&record["outcome"], &record["target_id"]), (&json!("done"), &json!("other")));
    let csv = site.run(&["audit", "export", "--format", "csv", "--operation", "audit.*"]);
    let lines: Vec<&str> = csv.expect_success().lines().collect();
    assert!(lines[0].starts_with("id,at,actor,operation,outcome"), "{lines:?}");
    assert!(lines[1].contains("\"audit.exported\""), "an export is recorded: {lines:?}");
    site.run(&["audit", "list", "--outcome", "odd"]).expect_failure(6, &["odd"], "--outcome");
}
