//! `smartcms collections`, and what a server does with changed files at its start.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::support::client::{Client, Request};
use crate::support::command::{executable, smartcms};
use crate::support::server::Server;

const BOOKS: &str = r#"label = "Books"
label_one = "Book"
url = "/books/{slug}"
title = "title"

[[fields]]
name = "title"
kind = "text"

[[fields]]
name = "code"
kind = "text"

[[fields]]
name = "price"
kind = "number"
"#;

/// A site with books and a token of an administrator.
struct Site {
    folder: tempfile::TempDir,
    token: String,
}

impl Site {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        smartcms(folder.path(), &["init", "."]).expect_success();
        let site = Self { folder, token: String::new() };
        site.write(BOOKS);
        let arguments = ["token", "create", "--name", "test", "--role", "administrator"];
        let token = smartcms(site.path(), &arguments).expect_success().trim().to_owned();
        Self { token, ..site }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, text: &str) {
        fs::write(self.path().join("collections/books.toml"), text).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> crate::support::command::Outcome {
        smartcms(self.path(), arguments)
    }

    fn serve(&self) -> (Server, Client) {
        let server = Server::start_in(self.path(), &[]);
        let client = server.client().with_token(&self.token);
        (server, client)
    }

    /// What the server says that does not start.
    fn serve_refused(&self) -> String {
        let output = executable()
            .args(["serve", "--listen", "127.0.0.1:0"])
            .current_dir(self.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(5), "{output:?}");
        String::from_utf8(output.stderr).unwrap()
    }
}

/// Stores and publishes a book, and answers its address.
fn book(client: &mut Client, fields: Value) -> String {
    let stored =
        client.post("/api/v1/content/books", &json!({ "fields": fields })).expect_status(201);
    let path = stored.header("location").unwrap().to_owned();
    client.post(&format!("{path}/publish"), &json!({})).expect_status(200);
    path
}

fn put(client: &mut Client, path: &str, body: &Value) -> crate::support::client::Answer {
    client.expect(Request::new("PUT", path).header("if-match", "*").json(body))
}

#[test]
fn a_changed_file_is_planned_applied_at_the_start_and_logged() {
    let site = Site::new();
    let first = site.run(&["collections", "plan"]);
    assert!(first.expect_success().contains("no definition was applied yet"));
    let (server, mut client) = site.serve();
    let path = book(&mut client, json!({ "title": "A", "code": "x", "price": 1.5 }));
    drop(server);
    assert_eq!(site.run(&["collections", "plan"]).expect_success(), "nothing changes\n");
    site.write(&BOOKS.replace("name = \"code\"", "name = \"isbn\"\nrenamed_from = \"code\""));
    let plan = site.run(&["collections", "plan"]);
    assert_eq!(
        plan.expect_success(),
        "books\n  isbn: renamed from `code`; 1 entry, 1 of them public\n"
    );
    let (mut server, mut client) = site.serve();
    server.wait_for_log(&["applied a changed definition", "isbn: renamed from `code`"]);
    let fields = client.get(&path).expect_status(200).json()["fields"].clone();
    assert_eq!(fields, json!({ "title": "A", "isbn": "x", "price": 1.5 }));
    drop(server);
    assert_eq!(site.run(&["collections", "plan"]).expect_success(), "nothing changes\n");
}

#[test]
fn a_file_that_would_lose_something_stops_the_start_until_it_is_forced() {
    let site = Site::new();
    let (server, mut client) = site.serve();
    let path = book(&mut client, json!({ "title": "A", "price": 1.5 }));
    let id = client.get(&path).json()["id"].as_str().unwrap().to_owned();
    drop(server);
    let (without, _) = BOOKS.rsplit_once("\n[[fields]]").unwrap();
    site.write(without);
    let plan = site.run(&["collections", "plan"]);
    let line = format!("price: removed; 1 entry, 1 of them public; 1 lose a value: {id}");
    assert!(plan.stdout.contains(&line), "{plan:?}");
    plan.expect_failure(5, &["something would be lost"], "smartcms collections apply --force");
    let said = site.serve_refused();
    assert!(said.contains(&line) && said.contains("smartcms collections apply --force"), "{said}");
    site.run(&["collections", "apply"]).expect_failure(5, &[&line], "--force");
    site.write(BOOKS);
    let (server, mut client) = site.serve();
    assert_eq!(client.get(&path).json()["fields"]["price"], 1.5, "nothing was lost so far");
    drop(server);
    site.write(without);
    site.run(&["collections", "apply", "--force"]).expect_success();
    let (_server, mut client) = site.serve();
    assert_eq!(client.get(&path).expect_status(200).json()["fields"], json!({ "title": "A" }));
}

#[test]
fn a_collection_whose_file_is_gone_goes_by_force_alone() {
    let site = Site::new();
    let (server, mut client) = site.serve();
    let path = book(&mut client, json!({ "title": "A" }));
    drop(server);
    fs::remove_file(site.path().join("collections/books.toml")).unwrap();
    let said = site.serve_refused();
    assert!(said.contains("books is removed; 1 entry, 1 of them public; 1 are lost"), "{said}");
    site.run(&["collections", "apply", "--force"]).expect_success();
    let (_server, mut client) = site.serve();
    client.get(&path).expect_status(404);
}

#[test]
fn a_running_server_takes_over_what_a_command_applied() {
    let site = Site::new();
    let (mut server, mut client) = site.serve();
    let path = book(&mut client, json!({ "title": "A", "price": 1 }));
    site.write(&BOOKS.replace("name = \"price\"", "name = \"cost\"\nrenamed_from = \"price\""));
    site.run(&["collections", "apply"]).expect_success();
    server.wait_for_log(&["the collections were loaded anew"]);
    assert_eq!(client.get(&path).json()["fields"], json!({ "title": "A", "cost": 1 }));
    let change = json!({ "fields": { "cost": 2 } });
    let request = Request::new("PATCH", &path).header("if-match", "*").json(&change);
    client.expect(request).expect_status(200);
}

#[test]
fn a_collection_of_the_api_survives_a_restart_and_moves_into_a_file() {
    let site = Site::new();
    let (server, mut client) = site.serve();
    let fields = json!([
        { "name": "title", "kind": "text", "required": true },
        { "name": "genre", "kind": "select", "choices": ["novel", { "value": "scifi", "label": "Science fiction" }] },
    ]);
    let films = json!({ "name": "films", "label": "Films", "label_one": "Film", "title": "title", "fields": fields });
    client.post("/api/v1/collections", &films).expect_status(201);
    let entry = json!({ "fields": { "title": "A", "genre": "scifi" } });
    let stored = client.post("/api/v1/content/films", &entry).expect_status(201);
    let path = stored.header("location").unwrap().to_owned();
    let refused = put(&mut client, "/api/v1/collections/books", &json!({}));
    assert_eq!(refused.status, 409, "{refused}");
    assert_eq!(refused.code(), "collection.in-file");
    assert!(refused.text().contains("collections/books.toml"), "{refused}");
    drop(server);
    let (server, mut client) = site.serve();
    client.get(&format!("{path}?status=any")).expect_status(200);
    drop(server);
    let listed = site.run(&["collections", "list", "--json"]).expect_json();
    let origin = |name: &str| {
        let found = listed.as_array().unwrap().iter().find(|it| it["name"] == name);
        found.unwrap()["origin"].clone()
    };
    assert_eq!((origin("films"), origin("books")), (json!("database"), json!("file")));
    let text = site.run(&["collections", "export", "films"]).expect_success().to_owned();
    assert!(text.contains("[[fields]]\nname = \"genre\""), "{text}");
    fs::write(site.path().join("collections/films.toml"), &text).unwrap();
    let (_server, mut client) = site.serve();
    client.get(&format!("{path}?status=any")).expect_status(200);
    let refused = put(&mut client, "/api/v1/collections/films", &films);
    assert_eq!(refused.code(), "collection.in-file", "{refused}");
    site.run(&["collections", "export", "filmz"]).expect_failure(4, &["no collection `filmz`"], "");
}

#[test]
fn a_site_without_files_changes_the_usual_collections_by_the_api_and_keeps_them() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["token", "create", "--name", "test", "--role", "administrator"];
    let token = smartcms(folder.path(), &arguments).expect_success().trim().to_owned();
    let server = Server::start_in(folder.path(), &[]);
    let mut client = server.client().with_token(&token);
    let mut posts = client.get("/api/v1/collections/posts").expect_status(200).json();
    posts["label"] = json!("Articles");
    put(&mut client, "/api/v1/collections/posts", &posts).expect_status(200);
    drop(server);
    let server = Server::start_in(folder.path(), &[]);
    let read = server.client().get("/api/v1/collections/posts").expect_status(200).json();
    assert_eq!((&read["label"], &read["revision"]), (&json!("Articles"), &json!(2)));
    drop(server);
    // A file beside them adds to them.
    fs::create_dir(folder.path().join("collections")).unwrap();
    fs::write(folder.path().join("collections/books.toml"), BOOKS).unwrap();
    let server = Server::start_in(folder.path(), &[]);
    let items = server.client().get("/api/v1/collections").json()["items"].clone();
    let names: Vec<_> = items.as_array().unwrap().iter().map(|it| it["name"].clone()).collect();
    assert_eq!(names, ["authors", "books", "categories", "pages", "posts", "tags"]);
}
