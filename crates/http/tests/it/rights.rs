//! Who may do what: every route and method of the API, by role and credential. A route that is not listed here fails.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use axum::http::Method;
use serde_json::{Value, json};
use smartcms_app::OpContext;
use smartcms_app::people::{Client, CreateOwner, create_owner, start_owner_link};
use smartcms_app::roles::{SeenRole, save_role};
use smartcms_app::tokens::{CreateToken, create_token};
use smartcms_domain::actors::{Actor, Rank, RoleName};
use smartcms_domain::people::SecretText;

use crate::client::Site;

const CONTENT: &str = "/api/v1/content/posts";
const ENTRY: &str = "/api/v1/content/posts/{key}";
/// An id of nothing: who is let in hears that it is not there.
const NOWHERE: &str = "0190c5f0-0000-7000-8000-000000000000";

/// Routes beside the API: they are for everybody, for any token, or ask a plugin who may come.
const OPEN: [&str; 21] = [
    "/",
    "/archive",
    "/archive/{*period}",
    "/ask",
    "/ext/{plugin}",
    "/ext/{plugin}/",
    "/ext/{plugin}/{*rest}",
    "/feed.json",
    "/feed.xml",
    "/healthz",
    "/media/{key}/{name}",
    "/media/{key}/{recipe}/{name}",
    "/metrics",
    "/opensearch.xml",
    "/readyz",
    "/robots.txt",
    "/rss.xml",
    "/search",
    "/sitemap.xml",
    "/sitemap/{*part}",
    "/theme/{*file}",
];

/// What is sent: the query and the body. `None` for a route that nobody has listed.
#[expect(clippy::too_many_lines, reason = "one line for each route")]
fn request(method: &str, path: &str) -> Option<(&'static str, Value)> {
    let nothing = || Some(("", Value::Null));
    let body = |body| Some(("", body));
    if let Some(rest) = path.strip_prefix(ENTRY) {
        return match (method, rest) {
            ("GET", "" | "/autosave" | "/revisions" | "/revisions/{number}")
            | ("GET", "/revisions/{number}/diff/{other}")
            | ("DELETE", "/autosave") => nothing(),
            ("DELETE", "") => body(json!({})),
            ("PATCH", "") => body(json!({ "fields": { "title": "Other" } })),
            ("PUT", "/autosave") => body(json!({ "based_on": 1, "fields": {} })),
            ("POST", "/publish" | "/unpublish" | "/archive" | "/purge" | "/restore") => {
                body(json!({}))
            }
            ("POST", "/schedule") => body(json!({ "publish_at": "2040-01-01T00:00:00Z" })),
            _ => None,
        };
    }
    let definition = || {
        json!({ "label": "Spares", "label_one": "Spare", "title": "title",
        "fields": [{ "name": "title", "kind": "text" }] })
    };
    match (method, path) {
        ("GET", "/api/v1/search") => Some(("?q=first", Value::Null)),
        ("GET", "/api/v1/menus/{name}") => Some(("?status=any", Value::Null)),
        ("GET", CONTENT) => Some(("?status=any", Value::Null)),
        (
            "GET",
            "/api/v1/openapi.json"
            | "/api/docs"
            | "/api/v1/collections"
            | "/api/v1/collections/{name}"
            | "/api/v1/assets"
            | "/api/v1/assets/{id}"
            | "/api/v1/menus"
            | "/api/v1/redirects"
            | "/api/v1/redirects/{id}"
            | "/api/v1/roles"
            | "/api/v1/roles/{name}"
            | "/api/v1/tokens"
            | "/api/v1/tokens/{name}"
            | "/api/v1/ai/status"
            | "/api/v1/audit"
            | "/api/v1/users"
            | "/api/v1/users/{id}"
            | "/api/v1/webhooks"
            | "/api/v1/webhooks/{id}"
            | "/api/v1/webhooks/{id}/deliveries",
        ) => nothing(),
        ("POST", CONTENT) => body(json!({ "fields": { "title": "New" } })),
        ("POST", "/api/v1/batch") => body(json!({ "operations": [
            { "op": "create", "collection": "posts", "fields": { "title": "New" } }] })),
        ("POST", "/api/v1/ask") => body(json!({ "question": "What is first?" })),
        ("POST", "/api/v1/ai/{task}") => {
            body(json!({ "collection": "posts", "text": "A fox in a wood." }))
        }
        ("POST", "/api/v1/collections") => {
            let mut definition = definition();
            definition["name"] = json!("spares");
            body(definition)
        }
        ("PUT", "/api/v1/collections/{name}") => body(definition()),
        ("POST", "/api/v1/assets") => body(json!("a file")),
        ("PATCH", "/api/v1/assets/{id}") => body(json!({ "alt": "a" })),
        ("PUT", "/api/v1/menus/{name}") => body(json!({ "items": [] })),
        ("POST", "/api/v1/redirects") => body(json!({ "from": "/old", "to": "/new" })),
        ("POST", "/api/v1/redirects/import") => body(json!({ "redirects": [] })),
        ("PATCH", "/api/v1/redirects/{id}") => body(json!({ "to": "/new" })),
        ("PUT", "/api/v1/roles/{name}") => body(json!({ "label": "Spare", "base": "viewer" })),
        ("POST", "/api/v1/tokens") => body(json!({ "name": "new", "role": "viewer" })),
        ("PATCH", "/api/v1/users/{id}") => body(json!({ "role": "viewer" })),
        ("POST", "/api/v1/webhooks") => {
            body(json!({ "name": "new", "url": "https://hooks.example/" }))
        }
        ("PATCH", "/api/v1/webhooks/{id}") => body(json!({ "name": "other" })),
        (
            "POST",
            "/api/v1/webhooks/{id}/rotate-secret"
            | "/api/v1/webhooks/{id}/test"
            | "/api/v1/webhooks/{id}/deliveries/{delivery}/resend",
        ) => body(json!({})),
        (
            "DELETE",
            "/api/v1/collections/{name}"
            | "/api/v1/assets/{id}"
            | "/api/v1/menus/{name}"
            | "/api/v1/redirects/{id}"
            | "/api/v1/roles/{name}"
            | "/api/v1/tokens/{name}"
            | "/api/v1/webhooks/{id}",
        ) => body(json!({})),
        _ => None,
    }
}

/// The route with the names of what is there.
fn filled(path: &str, key: &str) -> String {
    let name = match path {
        _ if path.starts_with("/api/v1/collections") => "pages",
        _ if path.starts_with("/api/v1/menus") => "main",
        _ => "spare",
    };
    path.replace("{key}", key)
        .replace("{number}", "1")
        .replace("{other}", "2")
        .replace("{name}", name)
        .replace("{task}", "title")
        .replace("{id}", NOWHERE)
        .replace("{delivery}", NOWHERE)
}

/// Publishes and changes only what is its own, in `posts` alone.
const COPYWRITER: &str = r#"{ "label": "Copywriter", "base": "contributor", "assets": ["list"],
    "collections": { "*": {}, "posts": { "read_drafts": "any", "create": "any", "update": "own",
    "publish": "own" } } }"#;

/// Who comes, in the order of the columns.
const CREDENTIALS: [&str; 11] = [
    "none",
    "session",
    "expired",
    "viewer",
    "contributor",
    "author",
    "editor",
    "administrator",
    "owner",
    "copywriter",
    "scoped",
];

/// A site with an entry of the editor's, a menu, a role and a token; and the entry's id.
async fn site() -> (Site, String) {
    let site = Site::new().await;
    let path = site.published("posts", "First").await;
    site.edit(Method::PATCH, &path, json!({ "fields": { "title": "Changed" } })).await;
    site.edit(Method::PUT, "/api/v1/menus/main", json!({ "items": [] })).await;
    let ctx = OpContext::new(&site.test.app, &Actor::Operator);
    let spare = json!({ "label": "Spare", "base": "viewer" });
    save_role(&ctx, "spare", &spare, SeenRole::Nothing).await.unwrap();
    let copywriter: Value = serde_json::from_str(COPYWRITER).unwrap();
    save_role(&ctx, "copywriter", &copywriter, SeenRole::Nothing).await.unwrap();
    create_token(&ctx, CreateToken::new("spare", Rank::Viewer)).await.unwrap();
    let key = path.rsplit('/').next().unwrap().to_owned();
    (site, key)
}

/// The secret of a credential; it ends after a minute where it is to be expired.
async fn secret(site: &Site, credential: &str) -> Option<String> {
    if credential == "none" {
        return None;
    }
    if credential == "session" {
        return Some(owners_session(site).await);
    }
    let ctx = OpContext::new(&site.test.app, &Actor::Operator);
    let now = site.test.app.clock.now().as_millis();
    let end = smartcms_domain::Timestamp::from_millis(now + 60_000).unwrap();
    let command = match credential {
        "expired" => {
            CreateToken { expires_at: Some(end), ..CreateToken::new("expired", Rank::Owner) }
        }
        "scoped" => CreateToken {
            scopes: Some(vec!["content:read_drafts=posts".parse().unwrap()]),
            ..CreateToken::new("scoped", Rank::Owner)
        },
        role => CreateToken::new(format!("by-{role}"), RoleName::parse(role).unwrap()),
    };
    let made = create_token(&ctx, command).await.unwrap();
    if credential == "expired" {
        site.test.clock.advance(60_000);
    }
    Some(made)
}

/// The secret of a session of the first owner.
async fn owners_session(site: &Site) -> String {
    let link = start_owner_link(&site.test.app).await.unwrap().unwrap();
    let command = CreateOwner {
        link: link.reveal().split_once("link=").unwrap().1.to_owned(),
        email: "ada@example.com".to_owned(),
        name: "Ada".to_owned(),
        password: SecretText::new("brown quartz lamp"),
        client: Client::default(),
    };
    create_owner(&site.test.app, command).await.unwrap().secret.reveal().to_owned()
}

/// The status that a request of this credential gets.
async fn asked(
    (site, key): &(Site, String),
    (method, path): (&str, &str),
    (credential, secret): (&str, Option<&str>),
) -> u16 {
    let (query, body) = request(method, path).unwrap_or_else(|| {
        panic!("{method} {path} is not listed: say in `request` what is sent, and look who may")
    });
    let uri = format!("{}{query}", filled(path, key));
    let mut call = site.call(method.parse().unwrap(), &uri).header("if-match", "*");
    if let Some(secret) = secret {
        call = match credential {
            // An owner's: cookies are no part of the API.
            "session" => call.header("cookie", &format!("__Host-smartcms_session={secret}")),
            _ => call.bearer(secret),
        };
    }
    call = match body {
        Value::Null => call,
        Value::String(file) => call.header("content-type", "text/plain").body(file),
        object => call.json(object),
    };
    call.send().await.status.as_u16()
}

/// The statuses of an operation, in the order of [`CREDENTIALS`]. What changes something begins anew for each.
async fn row(reading: &((Site, String), Vec<Option<String>>), operation: (&str, &str)) -> Vec<u16> {
    let mut statuses = Vec::new();
    for (at, credential) in CREDENTIALS.into_iter().enumerate() {
        statuses.push(if operation.0 == "GET" {
            let (site, secrets) = reading;
            asked(site, operation, (credential, secrets[at].as_deref())).await
        } else {
            let site = site().await;
            let secret = secret(&site.0, credential).await;
            asked(&site, operation, (credential, secret.as_deref())).await
        });
    }
    statuses
}

/// Every operation of the API, by its description.
async fn operations() -> Vec<(String, String)> {
    let document = Site::new().await.get("/api/v1/openapi.json").await.json();
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        // What is there for each collection is there for one.
        if !path.starts_with("/api/v1/content/pages") {
            let methods = methods.as_object().unwrap().keys();
            found.extend(methods.map(|method| (method.to_uppercase(), path.clone())));
        }
    }
    found
}

#[tokio::test]
async fn each_role_and_credential_does_what_it_may_at_every_route() {
    let mut table = format!("{:<72}", "");
    for credential in CREDENTIALS {
        write!(table, " {credential:>13}").unwrap();
    }
    let site = site().await;
    let mut secrets = Vec::new();
    for credential in CREDENTIALS {
        secrets.push(secret(&site.0, credential).await);
    }
    let reading = (site, secrets);
    for (method, path) in operations().await {
        write!(table, "\n{:<72}", format!("{method} {path}")).unwrap();
        for status in row(&reading, (&method, &path)).await {
            write!(table, " {status:>13}").unwrap();
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn every_route_beside_the_api_is_known_to_be_open() {
    let source =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/routes.rs"));
    let source = source.unwrap();
    let literals = source.split(".route(").skip(1).map(|after| {
        let literal = after.trim_start().strip_prefix('"').and_then(|it| it.split_once('"'));
        literal.map(|(route, _)| route).unwrap()
    });
    let routes: BTreeSet<&str> = literals.collect();
    assert_eq!(routes, OPEN.into(), "a route that is not open belongs into a matrix");
}

#[tokio::test]
async fn a_changed_role_holds_at_the_next_request() {
    let (site, key) = site().await;
    let secret = secret(&site, "copywriter").await.unwrap();
    let publish = format!("{CONTENT}/{key}/publish");
    let as_copywriter = async || {
        let call = site.call(Method::POST, &publish).header("if-match", "*").bearer(&secret);
        call.json(json!({})).send().await.status.as_u16()
    };
    assert_eq!(as_copywriter().await, 403, "it is another's");
    let owner = site.token(smartcms_domain::actors::Role::OWNER).await;
    let mut role: Value = serde_json::from_str(COPYWRITER).unwrap();
    role["collections"]["posts"]["publish"] = json!("any");
    let put = site.call(Method::PUT, "/api/v1/roles/copywriter").header("if-match", "*");
    assert_eq!(put.bearer(&owner).json(role).send().await.status, 200);
    assert_eq!(as_copywriter().await, 200);
    let remove = site.call(Method::DELETE, "/api/v1/roles/copywriter").header("if-match", "*");
    remove.bearer(&owner).send().await.check_problem(409, "role.in-use");
}

#[tokio::test]
async fn nobody_gives_by_a_token_or_a_role_what_they_do_not_have() {
    let (site, _) = site().await;
    let administrator = secret(&site, "administrator").await.unwrap();
    let post = |body: Value| {
        site.call(Method::POST, "/api/v1/tokens").bearer(&administrator).json(body).send()
    };
    let denied = post(json!({ "name": "more", "role": "owner" })).await;
    denied.check_problem(403, "role.beyond");
    assert!(denied.text().contains("the rank owner"), "{}", denied.text());
    let made = post(json!({ "name": "less", "role": "editor", "scopes": ["content:update=posts"],
        "expires_at": "2040-01-01T00:00:00Z" }))
    .await;
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(made.header("cache-control"), "no-store");
    let told = made.json();
    let read = site.call(Method::GET, "/api/v1/tokens/less").bearer(&administrator).send().await;
    assert!(!read.text().contains(told["token"].as_str().unwrap()), "it is told once");
    let scoped = told["token"].as_str().unwrap();
    let new = json!({ "fields": { "title": "New" } });
    let create = site.call(Method::POST, CONTENT).bearer(scoped).json(new).send().await;
    create.check_problem(403, "entry.denied");
}

#[tokio::test]
async fn what_is_done_and_what_is_denied_is_in_the_audit_log_with_where_it_came_from() {
    let (site, key) = site().await;
    let [owner, viewer] = [secret(&site, "owner").await, secret(&site, "viewer").await];
    let (owner, viewer) = (owner.unwrap(), viewer.unwrap());
    let publish = format!("{CONTENT}/{key}/publish");
    for secret in [&owner, &viewer] {
        let call = site.call(Method::POST, &publish).from("192.0.2.7").bearer(secret);
        let call = call.header("user-agent", "browser/1").header("if-match", "*");
        call.json(json!({})).send().await;
    }
    let read = async |query: &str, secret: &str| {
        let uri = format!("/api/v1/audit{query}");
        site.call(Method::GET, &uri).bearer(secret).send().await
    };
    let denied = read("?outcome=denied", &owner).await.json();
    let denied = &denied["items"][0];
    assert_eq!(
        (&denied["actor"], &denied["operation"]),
        (&json!("token by-viewer"), &json!("api.denied"))
    );
    assert_eq!(denied["address"], "192.0.2.7");
    let done = read("?operation=entry.published&limit=1", &owner).await.json();
    let done = &done["items"][0];
    assert_eq!(
        (&done["actor"], &done["user_agent"]),
        (&json!("token by-owner"), &json!("browser/1"))
    );
    assert_eq!(done["target"], json!({ "kind": "entry", "id": key }));
    assert_eq!(done["after"].as_str().map(str::len), Some(64));
    read("", &viewer).await.check_problem(403, "audit.denied");
    read("?cursor=x", &owner).await.check_problem(422, "request.cursor");
    let first = read("?limit=2", &owner).await.json();
    let next = first["next"].as_str().unwrap();
    let second = read(&format!("?limit=2&cursor={next}"), &owner).await.json();
    assert_ne!(first["items"][1]["id"], second["items"][0]["id"]);
}
