//! Requests with a key, over what a client can meet: a connection that ends, a server that is killed.

use std::io::Write;

use serde_json::json;

use crate::support::client::{Answer, Request, connect};
use crate::support::server::Server;
use crate::support::site::Site;

const POSTS: &str = "/api/v1/content/posts";

fn repeated(server: &Server, site: &Site, body: &serde_json::Value) -> Answer {
    let request = Request::new("POST", POSTS).header("idempotency-key", "k").json(body);
    server.client().with_token(&site.token).expect(request)
}

fn count(server: &Server, site: &Site) -> usize {
    let mut client = server.client().with_token(&site.token);
    let all = client.get(&format!("{POSTS}?status=any")).expect_status(200).json();
    all["items"].as_array().unwrap().len()
}

#[test]
fn a_client_that_went_away_gets_the_answer_when_it_comes_again() {
    let site = Site::new();
    let server = Server::start(&site);
    let before = count(&server, &site);
    let body = json!({ "fields": { "title": "Once" } });
    let text = body.to_string();
    let mut stream = connect(server.address).unwrap();
    let head = format!(
        "POST {POSTS} HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {}\r\nidempotency-key: k\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{text}",
        site.token,
        text.len()
    );
    stream.get_mut().write_all(head.as_bytes()).unwrap();
    drop(stream);
    // The first may not have begun when this one comes, or may still be under way: one of the two is done, not both.
    let answer = loop {
        let answer = repeated(&server, &site, &body);
        if answer.status != 409 {
            break answer.expect_status(201);
        }
        assert_eq!(answer.code(), "idempotency.in-flight");
    };
    assert_eq!(answer.json()["slug"], "once");
    let again = repeated(&server, &site, &body).expect_status(201);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(count(&server, &site), before + 1);
}

#[test]
fn an_answer_outlives_a_server_that_is_killed() {
    let site = Site::new();
    let body = json!({ "fields": { "title": "Once" } });
    let first = {
        let server = Server::start(&site);
        repeated(&server, &site, &body).expect_status(201)
    };
    let server = Server::start(&site);
    let again = repeated(&server, &site, &body).expect_status(201);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(again.text(), first.text());
    assert_eq!(again.header("etag"), first.header("etag"));
}
