//! Old addresses on a real server with its database.

use serde_json::json;

use crate::support::client::{Client, Request};
use crate::support::server::Server;
use crate::support::site::Site;

fn renamed(client: &mut Client, path: &str, slug: &str) {
    let change = json!({ "slug": slug });
    let patch = Request::new("PATCH", path).header("if-match", "*").json(&change);
    client.expect(patch).expect_status(200);
    client.post(&format!("{path}/publish"), &json!({})).expect_status(200);
}

#[test]
fn old_addresses_lead_on_after_a_restart_too() {
    let site = Site::new();
    let server = Server::start(&site);
    let mut client = server.client().with_token(&site.token);
    let body = json!({ "fields": { "title": "Hello" } });
    let made = client.post("/api/v1/content/posts", &body).expect_status(201);
    let path = made.header("location").unwrap().to_owned();
    client.post(&format!("{path}/publish"), &json!({})).expect_status(200);
    client.get("/posts/hello").expect_status(200);
    for slug in ["hi", "servus"] {
        renamed(&mut client, &path, slug);
    }
    let redirect = json!({ "from": "/2019/*", "to": "/posts/*", "status": 308 });
    client.post("/api/v1/redirects", &redirect).expect_status(201);
    let check = |server: &Server| {
        for (uri, status, to) in [
            ("/posts/hello?a=1", 301, "/posts/servus?a=1"),
            ("/posts/hi", 301, "/posts/servus"),
            ("/2019/servus", 308, "/posts/servus"),
            // What stood for the star is an old address itself.
            ("/2019/hello", 308, "/posts/servus"),
        ] {
            let answer = server.client().get(uri).expect_status(status);
            assert_eq!(answer.header("location"), Some(to), "{uri}");
            let head = server.client().expect(Request::new("HEAD", uri)).expect_status(status);
            assert_eq!(head.header("location"), Some(to), "{uri}");
        }
    };
    check(&server);
    drop(server);
    let server = Server::start(&site);
    check(&server);
    let mut client = server.client().with_token(&site.token);
    renamed(&mut client, &path, "hello");
    client.get("/posts/hello").expect_status(200);
    let gone = Request::new("DELETE", &path).header("if-match", "*");
    client.expect(gone).expect_status(200);
    client.get("/posts/hi").expect_status(404);
    let purge = format!("{path}/purge");
    let purge = Request::new("POST", &purge).header("if-match", "*").json(&json!({}));
    client.expect(purge).expect_status(204);
    let list = client.get("/api/v1/redirects").json();
    assert_eq!(list["items"].as_array().map(Vec::len), Some(1), "{list}");
}
