//! The description of the API that a new site serves is the one in `docs/openapi.json`: no change of it goes unseen.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::server::Server;
use crate::support::site::Site;

/// With this in the environment, the file is written anew.
const ACCEPT: &str = "SMARTCMS_ACCEPT_OPENAPI";

/// How deep the document is laid out; what is deeper stands on one line: an operation, a schema.
const DEPTH: usize = 4;

#[test]
fn the_description_of_a_new_site_is_the_one_in_the_documentation() {
    let site = Site::new();
    let server = Server::start(&site);
    let mut client = server.client().with_token(&site.token);
    let mut document = client.get("/api/v1/openapi.json").expect_status(200).json();
    // Where the site is served is no part of the contract.
    document["servers"][0]["url"] = "http://127.0.0.1:8080".into();
    let mut served = String::new();
    write(&document, 0, &mut served);
    served.push('\n');
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    if std::env::var_os(ACCEPT).is_some() {
        fs::write(&path, &served).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    if served == committed {
        return;
    }
    let differing = served.lines().filter(|line| !committed.contains(line));
    let shown: Vec<String> = differing.take(5).map(|it| it.chars().take(160).collect()).collect();
    panic!(
        "the API is described differently than in docs/openapi.json, first here:\n{}\n\n\
         If that is meant: clients that stand on it must still work (docs/api-design.md, \"What may change\"); then\n\
         {ACCEPT}=1 cargo test -p smartcms-cli --test it openapi\n\
         writes the file, and CHANGELOG.md tells of it.",
        shown.join("\n")
    );
}

fn write(value: &Value, depth: usize, text: &mut String) {
    match value {
        Value::Object(members) if depth < DEPTH && !members.is_empty() => {
            text.push_str("{\n");
            for (at, (name, member)) in members.iter().enumerate() {
                text.push_str(&"  ".repeat(depth + 1));
                text.push_str(&format!("{}: ", Value::from(name.as_str())));
                write(member, depth + 1, text);
                text.push_str(if at + 1 < members.len() { ",\n" } else { "\n" });
            }
            text.push_str(&"  ".repeat(depth));
            text.push('}');
        }
        other => text.push_str(&other.to_string()),
    }
}
