//! `smartcms token`.

use serde_json::json;

use crate::support::server::Server;
use crate::support::site::Site;

#[test]
fn a_new_token_stands_alone_on_standard_output_and_works() {
    let site = Site::new();
    let created = site.run(&["token", "create", "--name", "mine", "--role", "editor"]);
    let printed = created.expect_success();
    let token = printed.strip_suffix('\n').unwrap();
    assert!(token.len() >= 32 && token.chars().all(|it| it.is_ascii_graphic()), "{printed:?}");
    let server = Server::start(&site);
    let entry = json!({ "fields": { "title": "By token" } });
    server.client().with_token(token).post("/api/v1/content/posts", &entry).expect_status(201);
    let refused = server.client().post("/api/v1/content/posts", &entry).expect_status(401);
    assert_eq!(refused.code(), "auth.required");
}

#[test]
fn a_revoked_token_is_refused_at_the_next_request() {
    let site = Site::new();
    let server = Server::start(&site);
    let mut author = server.client().with_token(&site.token);
    let entry = json!({ "fields": { "title": "Before" } });
    author.post("/api/v1/content/posts", &entry).expect_status(201);
    site.run(&["token", "revoke", "tests"]).expect_success();
    let refused = author.post("/api/v1/content/posts", &entry).expect_status(401);
    assert_eq!(refused.code(), "auth.token-not-valid");
}

#[test]
fn tokens_are_listed_without_their_secrets() {
    let site = Site::new();
    let listed = site.run(&["token", "list", "--json"]);
    let tokens = listed.expect_json();
    assert_eq!(tokens[0]["name"], "tests");
    assert_eq!(tokens[0]["role"], "owner");
    assert!(!listed.stdout.contains(&site.token));
}

#[test]
fn a_token_that_cannot_be_made_is_an_error_with_a_hint() {
    let site = Site::new();
    let create = |name, role| site.run(&["token", "create", "--name", name, "--role", role]);
    create("other", "king").expect_failure(6, &["king"], "--role");
    let twice = create("tests", "owner");
    assert_eq!((twice.code, twice.stdout.as_str()), (5, ""), "{twice:?}");
    let unknown = site.run(&["token", "revoke", "nobody"]);
    assert_eq!(unknown.code, 4, "{unknown:?}");
}
