//! `smartcms serve`: how it begins, and that its end cuts nobody off.

use std::io::Write;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde_json::json;

use crate::support::client::{Request, connect, read_answer};
use crate::support::command::smartcms;
use crate::support::server::Server;
use crate::support::site::Site;

/// Readers while the server stops.
const READERS: usize = 8;

#[test]
fn a_server_needs_no_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start_in(folder.path(), &[]);
    let home = server.client().get("/").expect_status(200);
    assert!(home.header("content-type").is_some_and(|it| it.starts_with("text/html")), "{home:?}");
    for path in
        ["/healthz", "/readyz", "/feed.xml", "/sitemap.xml", "/robots.txt", "/api/v1/content/posts"]
    {
        server.client().get(path).expect_status(200);
    }
    server.client().get("/nowhere").expect_status(404);
}

#[test]
fn a_port_that_is_taken_is_an_error_that_says_what_to_do() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let folder = tempfile::tempdir().unwrap();
    let refused = smartcms(folder.path(), &["serve", "--listen", &address]);
    refused.expect_failure(5, &[&format!("could not listen on {address}")], "--listen");
}

#[test]
fn a_wrong_setting_is_an_error_that_says_where_it_is() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("smartcms.toml"), "[server]\nlisten = \"nowhere\"\n")
        .unwrap();
    let refused = smartcms(folder.path(), &["serve"]);
    assert!(refused.code != 0 && refused.stderr.contains("smartcms.toml"), "{refused:?}");
    assert!(refused.stderr.contains("server.listen"), "{refused:?}");
}

#[test]
fn a_request_in_flight_is_answered_after_the_signal_to_stop() {
    let site = Site::new();
    let mut server = Server::start(&site);
    let body = json!({ "fields": { "title": "Just in time" } }).to_string();
    let mut stream = connect(server.address).unwrap();
    let head = format!(
        "POST /api/v1/content/posts HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {}\r\n\
         content-type: application/json\r\nexpect: 100-continue\r\ncontent-length: {}\r\n\r\n",
        site.token,
        body.len()
    );
    stream.get_mut().write_all(head.as_bytes()).unwrap();
    // The server has begun: it wants the body.
    assert_eq!(read_answer(&mut stream, true).unwrap().status, 100);
    server.terminate();
    server.wait_for_log(&["stopping"]);
    stream.get_mut().write_all(body.as_bytes()).unwrap();
    let answer = read_answer(&mut stream, false).unwrap().expect_status(201);
    assert!(!answer.cut);
    assert!(server.wait().success());
    let server = Server::start(&site);
    let id = answer.json()["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/content/posts/{id}?status=any");
    server.client().with_token(&site.token).get(&path).expect_status(200);
}

#[test]
fn a_server_that_stops_cuts_no_request() {
    let site = Site::new();
    let mut server = Server::start(&site);
    let answered = Arc::new(AtomicUsize::new(0));
    let readers: Vec<_> = (0..READERS)
        .map(|_| {
            let (mut client, answered) = (server.client(), Arc::clone(&answered));
            thread::spawn(move || {
                loop {
                    let answer = client.send(Request::new("GET", "/"))?;
                    assert!(answer.status == 200 && !answer.cut, "{answer}");
                    answered.fetch_add(1, Ordering::Relaxed);
                    if answer.header("connection") == Some("close") {
                        return std::io::Result::Ok(());
                    }
                }
            })
        })
        .collect();
    // All of them are at work.
    while answered.load(Ordering::Relaxed) < READERS * 20 {
        thread::yield_now();
    }
    server.terminate();
    for reader in readers {
        reader
            .join()
            .unwrap()
            .expect("the reader was told to close before its connection was closed");
    }
    assert!(server.wait().success());
}
