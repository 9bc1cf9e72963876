//! Who may do what in the admin: every route and method, by role. A route that is not listed here fails.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use axum::http::Method;
use serde_json::json;
use smartcms_app::OpContext;
use smartcms_app::roles::{SeenRole, save_role};
use smartcms_app::tokens::{CreateToken, create_token};
use smartcms_domain::actors::{Actor, Rank};

use super::people::Browser;
use crate::client::Site;

/// Who comes, in the order of the columns. `nobody` has not signed in.
const ROLES: [&str; 8] =
    ["nobody", "viewer", "contributor", "author", "editor", "administrator", "owner", "copywriter"];

/// Constants that stand for paths in the sources of routes.
const NAMED: [(&str, &str); 4] = [
    ("SIGN_IN_PATH", "/admin/sign-in"),
    ("OWNER_PATH", "/admin/setup"),
    ("PASSWORD_PATH", "/admin/password"),
    ("FORGOTTEN_PATH", "/admin/forgotten"),
];

/// An id of nothing: who is let in hears that it is not there.
const NOWHERE: &str = "0190c5f0-0000-7000-8000-000000000000";

/// A form with a file.
const A_FILE: &str = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\
    Content-Type: text/plain\r\n\r\nA text.\r\n--x--\r\n";

type Pairs = &'static [(&'static str, &'static str)];

/// What is sent: the address and the form. `None` for a route that nobody has listed.
#[expect(clippy::too_many_lines, reason = "one line for each route")]
fn request(method: &str, path: &str) -> Option<(&'static str, Pairs)> {
    const POSTS: &str = "/admin/content/posts";
    Some(match (method, path) {
        ("GET", "/admin") => ("/admin", &[]),
        ("GET", "/admin/search") => ("/admin/search?q=first", &[]),
        ("GET", "/admin/content/{collection}") => (POSTS, &[]),
        ("POST", "/admin/content/{collection}") => (POSTS, &[("do", "trash"), ("entry", NOWHERE)]),
        ("GET", "/admin/content/{collection}/new") => ("/admin/content/posts/new", &[]),
        ("POST", "/admin/content/{collection}/new") => {
            ("/admin/content/posts/new", &[("f.title", "New"), ("do", "save")])
        }
        ("GET", "/admin/content/{collection}/{id}") => ("{entry}", &[]),
        ("POST", "/admin/content/{collection}/{id}") => {
            ("{entry}", &[("f.title", "Other"), ("revision", "1"), ("do", "save")])
        }
        ("POST", "/admin/content/{collection}/{id}/autosave") => {
            ("{entry}/autosave", &[("f.title", "Other"), ("revision", "1")])
        }
        ("POST", "/admin/content/{collection}/{id}/discard") => ("{entry}/discard", &[]),
        ("GET", "/admin/content/{collection}/{id}/preview") => ("{entry}/preview", &[]),
        ("GET", "/admin/content/{collection}/{id}/revisions") => ("{entry}/revisions", &[]),
        ("POST", "/admin/content/{collection}/{id}/revisions/restore") => {
            ("{entry}/revisions/restore", &[("revision", "1"), ("seen", "1")])
        }
        ("GET", "/admin/pick/{collection}") => ("/admin/pick/posts?field=f.x&q=a", &[]),
        ("POST", "/admin/convert") => ("/admin/convert", &[]),
        ("POST", "/admin/help/{task}") => ("/admin/help/draft", &[]),
        ("GET", "/admin/media") => ("/admin/media", &[]),
        ("POST", "/admin/media") => ("/admin/media", &[]),
        ("GET", "/admin/media/{id}") => ("/admin/media/{nowhere}", &[]),
        ("POST", "/admin/media/{id}") => ("/admin/media/{nowhere}", &[("do", "delete")]),
        ("GET", "/admin/media/{id}/picture") => ("/admin/media/{nowhere}/picture", &[]),
        ("GET", "/admin/trash") => ("/admin/trash", &[]),
        ("POST", "/admin/trash") => {
            ("/admin/trash", &[("collection", "posts"), ("do", "restore"), ("entry", NOWHERE)])
        }
        ("GET", "/admin/preferences") => ("/admin/preferences", &[]),
        ("POST", "/admin/preferences") => ("/admin/preferences", &[("language", "de")]),
        ("GET", "/admin/account") => ("/admin/account", &[]),
        ("POST", "/admin/account") => ("/admin/account", &[("do", "name"), ("name", "Other")]),
        ("GET", "/admin/account/prove") => ("/admin/account/prove", &[]),
        ("POST", "/admin/account/prove") => ("/admin/account/prove", &[("proof", "not this one")]),
        ("GET", "/admin/account/codes") => ("/admin/account/codes", &[]),
        ("POST", "/admin/account/codes") => ("/admin/account/codes", &[("do", "begin")]),
        ("POST", "/admin/account/passkeys") => ("/admin/account/passkeys", &[]),
        ("POST", "/admin/account/passkeys/new") => ("/admin/account/passkeys/new", &[]),
        ("GET", "/admin/account/passkeys/change") => ("/admin/account/passkeys/change", &[]),
        ("POST", "/admin/account/passkeys/change") => {
            ("/admin/account/passkeys/change", &[("do", "remove"), ("id", "AAAA")])
        }
        ("GET", "/admin/account/sessions") => ("/admin/account/sessions", &[]),
        ("POST", "/admin/account/sessions") => ("/admin/account/sessions", &[("do", "others")]),
        ("GET", "/admin/account/tokens") => ("/admin/account/tokens", &[]),
        ("POST", "/admin/account/tokens") => ("/admin/account/tokens", &[("do", "revoke nothing")]),
        ("GET", "/admin/account/tokens/new") => ("/admin/account/tokens/new", &[]),
        ("POST", "/admin/account/tokens/new") => {
            ("/admin/account/tokens/new", &[("name", "new"), ("role", "editor")])
        }
        ("GET", "/admin/users") => ("/admin/users", &[]),
        ("GET", "/admin/users/new") => ("/admin/users/new", &[]),
        ("POST", "/admin/users/new") => (
            "/admin/users/new",
            &[("name", "Cid"), ("email", "cid@site.example"), ("role", "administrator")],
        ),
        ("GET", "/admin/users/{id}") => ("/admin/users/{nowhere}", &[]),
        ("POST", "/admin/users/{id}") => ("/admin/users/{nowhere}", &[("do", "disable")]),
        ("GET", "/admin/roles") => ("/admin/roles", &[]),
        ("GET", "/admin/roles/new") => ("/admin/roles/new", &[]),
        ("POST", "/admin/roles/new") => {
            ("/admin/roles/new", &[("name", "other"), ("label", "Other"), ("base", "viewer")])
        }
        ("GET", "/admin/roles/{name}") => ("/admin/roles/spare", &[]),
        ("POST", "/admin/roles/{name}") => {
            ("/admin/roles/spare", &[("revision", "1"), ("do", "remove")])
        }
        ("GET", "/admin/tokens") => ("/admin/tokens", &[]),
        ("POST", "/admin/tokens") => ("/admin/tokens", &[("do", "revoke spare")]),
        ("GET", "/admin/audit") => ("/admin/audit", &[]),
        ("POST", "/admin/audit/export") => ("/admin/audit/export", &[("do", "csv")]),
        ("GET", "/admin/sign-in") => ("/admin/sign-in", &[]),
        ("POST", "/admin/sign-in") => ("/admin/sign-in", &[("email", "nobody@site.example")]),
        ("GET", "/admin/sign-in/code") => ("/admin/sign-in/code", &[]),
        ("POST", "/admin/sign-in/code") => ("/admin/sign-in/code", &[("code", "000000")]),
        ("POST", "/admin/sign-in/passkey") => ("/admin/sign-in/passkey", &[]),
        ("POST", "/admin/sign-in/passkey/new") => ("/admin/sign-in/passkey/new", &[]),
        ("POST", "/admin/sign-out") => ("/admin/sign-out", &[]),
        ("GET", "/admin/setup") => ("/admin/setup?link=nothing", &[]),
        ("POST", "/admin/setup") => ("/admin/setup", &[("secret", "nothing")]),
        ("GET", "/admin/password") => ("/admin/password?link=nothing", &[]),
        ("POST", "/admin/password") => ("/admin/password", &[("secret", "nothing")]),
        ("GET", "/admin/forgotten") => ("/admin/forgotten", &[]),
        ("POST", "/admin/forgotten") => ("/admin/forgotten", &[("email", "nobody@site.example")]),
        ("GET", "/admin/files/{name}") => ("/admin/files/admin.css", &[]),
        ("GET", "/preview/{token}") => ("/preview/nothing", &[]),
        _ => return of_structure(method, path).or_else(|| of_operation(method, path)),
    })
}

/// The same of what a site is made of.
fn of_structure(method: &str, path: &str) -> Option<(&'static str, Pairs)> {
    Some(match (method, path) {
        ("GET", "/admin/collections") => ("/admin/collections", &[]),
        ("GET", "/admin/collections/-/new") => ("/admin/collections/-/new", &[]),
        ("POST", "/admin/collections/-/new") => ("/admin/collections/-/new", &[("do", "plan")]),
        ("GET", "/admin/collections/{name}") => ("/admin/collections/pages", &[]),
        ("POST", "/admin/collections/{name}") => {
            ("/admin/collections/pages", &[("do", "remove-plan")])
        }
        ("GET", "/admin/menus") => ("/admin/menus", &[]),
        ("GET", "/admin/menus/-/new") => ("/admin/menus/-/new", &[]),
        ("POST", "/admin/menus/-/new") => ("/admin/menus/-/new", &[("name", "main")]),
        ("GET", "/admin/menus/{name}") => ("/admin/menus/nothing", &[]),
        ("POST", "/admin/menus/{name}") => ("/admin/menus/nothing", &[("do", "delete")]),
        ("GET", "/admin/redirects") => ("/admin/redirects", &[]),
        ("POST", "/admin/redirects") => ("/admin/redirects", &[("from", "/old"), ("to", "/new")]),
        ("GET", "/admin/redirects/import") => ("/admin/redirects/import", &[]),
        ("POST", "/admin/redirects/import") => ("/admin/redirects/import", &[]),
        ("GET", "/admin/redirects/{id}") => ("/admin/redirects/{nowhere}", &[]),
        ("POST", "/admin/redirects/{id}") => ("/admin/redirects/{nowhere}", &[("do", "delete")]),
        ("GET", "/admin/terms") => ("/admin/terms", &[]),
        ("POST", "/admin/terms") => ("/admin/terms", &[]),
        ("GET", "/admin/webhooks") => ("/admin/webhooks", &[]),
        ("GET", "/admin/webhooks/new") => ("/admin/webhooks/new", &[]),
        ("POST", "/admin/webhooks/new") => {
            ("/admin/webhooks/new", &[("name", "new"), ("url", "https://hooks.example/")])
        }
        ("GET", "/admin/webhooks/{id}") => ("/admin/webhooks/{nowhere}", &[]),
        ("POST", "/admin/webhooks/{id}") => ("/admin/webhooks/{nowhere}", &[("do", "delete")]),
        ("GET", "/admin/settings") => ("/admin/settings", &[]),
        ("POST", "/admin/views") => ("/admin/views", &[("do", "remove nothing")]),
        ("GET", "/admin/go") => ("/admin/go", &[]),
        _ => return None,
    })
}

/// The same of how it is run.
fn of_operation(method: &str, path: &str) -> Option<(&'static str, Pairs)> {
    Some(match (method, path) {
        ("GET", "/admin/blocks") => ("/admin/blocks", &[]),
        ("GET", "/admin/plugins") => ("/admin/plugins", &[]),
        ("POST", "/admin/plugins") => ("/admin/plugins", &[]),
        ("GET", "/admin/plugins/{id}") => ("/admin/plugins/nothing", &[]),
        ("POST", "/admin/plugins/{id}") => ("/admin/plugins/nothing", &[("do", "remove")]),
        ("POST", "/admin/plugins/{id}/upgrade") => ("/admin/plugins/nothing/upgrade", &[]),
        ("GET", "/admin/plugins/{id}/settings") => ("/admin/plugins/nothing/settings", &[]),
        ("POST", "/admin/plugins/{id}/settings") => ("/admin/plugins/nothing/settings", &[]),
        ("GET", "/admin/plugins/{id}/work") => ("/admin/plugins/nothing/work", &[]),
        ("POST", "/admin/plugins/{id}/work") => {
            ("/admin/plugins/nothing/work", &[("do", "cancel")])
        }
        ("GET", "/admin/plugins/{id}/log") => ("/admin/plugins/nothing/log", &[]),
        ("GET", "/admin/plugin-files/{digest}") => ("/admin/plugin-files/nothing", &[]),
        ("POST", "/admin/plugin-files/{digest}") => ("/admin/plugin-files/nothing", &[]),
        ("GET", "/admin/transfer") => ("/admin/transfer", &[]),
        ("POST", "/admin/transfer") => ("/admin/transfer", &[]),
        ("POST", "/admin/transfer/export") => ("/admin/transfer/export", &[]),
        ("GET", "/admin/transfer/{id}") => ("/admin/transfer/{nowhere}", &[]),
        ("POST", "/admin/transfer/{id}") => ("/admin/transfer/{nowhere}", &[("do", "cancel")]),
        ("GET", "/admin/transfer/{id}/file") => ("/admin/transfer/{nowhere}/file", &[]),
        _ => return None,
    })
}

/// The routes that the sources of the admin make, with their methods.
fn routes() -> BTreeSet<(String, &'static str)> {
    let mut found = BTreeSet::new();
    let admin = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/admin");
    let mut folders = vec![admin];
    while let Some(folder) = folders.pop() {
        for file in std::fs::read_dir(folder).unwrap() {
            let file = file.unwrap().path();
            if file.is_dir() {
                folders.push(file);
            } else {
                let source = std::fs::read_to_string(&file).unwrap();
                source.split(".route(").skip(1).for_each(|it| add_routes(it, &mut found));
            }
        }
    }
    found
}

/// Adds the route whose arguments begin here.
fn add_routes(arguments: &str, found: &mut BTreeSet<(String, &'static str)>) {
    let mut depth = 1;
    let end = arguments.find(|it| {
        depth += match it {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        depth == 0
    });
    let (path, handlers) = arguments[..end.unwrap()].split_once(',').unwrap();
    let path = path.trim();
    let path = match path.strip_prefix('"') {
        Some(literal) => literal.trim_end_matches('"').to_owned(),
        None => NAMED.iter().find(|it| it.0 == path).unwrap_or_else(|| panic!("{path}?")).1.into(),
    };
    // What is at no other address says so, to whomever.
    if path == "/admin/{*rest}" {
        return;
    }
    let marks = [("get(", "GET"), ("form_post(", "POST")];
    let methods = marks.iter().filter(|(mark, _)| handlers.contains(mark)).map(|(_, it)| *it);
    let methods: Vec<_> = methods.collect();
    assert!(!methods.is_empty(), "{path} has a method that this test does not know: {handlers}");
    // Some routes are there once more, for builds whose plugins are fixed.
    found.extend(methods.into_iter().map(|method| (path.clone(), method)));
}

/// A site with an entry of somebody's, two roles and a token; and where the entry is edited.
async fn site() -> (Site, String) {
    let site = Site::new().await;
    let path = site.draft("posts", "First").await;
    let key = path.rsplit('/').next().unwrap();
    let entry = format!("/admin/content/posts/{key}");
    let ctx = OpContext::new(&site.test.app, &Actor::Operator);
    let spare = json!({ "label": "Spare", "base": "viewer" });
    save_role(&ctx, "spare", &spare, SeenRole::Nothing).await.unwrap();
    // Writes and changes its own in `posts`, and nothing elsewhere.
    let copywriter = json!({ "label": "Copywriter", "base": "contributor", "assets": ["list"],
        "collections": { "*": {},
            "posts": { "read_drafts": "own", "create": "any", "update": "own" } } });
    save_role(&ctx, "copywriter", &copywriter, SeenRole::Nothing).await.unwrap();
    create_token(&ctx, CreateToken::new("spare", Rank::Viewer)).await.unwrap();
    (site, entry)
}

/// What somebody of this role gets.
async fn asked((site, entry): &(Site, String), role: &str, method: &str, path: &str) -> u16 {
    let (uri, pairs) = request(method, path).unwrap_or_else(|| {
        panic!("{method} {path} is not listed: say in `request` what is sent, and look who may")
    });
    let uri = uri.replace("{entry}", entry).replace("{nowhere}", NOWHERE);
    let mut browser = match role {
        "nobody" => Browser::new(site),
        role => Browser::of(site, "bea@site.example", role).await,
    };
    if method == "GET" {
        return browser.get(&uri).await.status.as_u16();
    }
    // The token stands in every page of a session; scripts bring it in a header.
    let page = browser.get(if role == "nobody" { "/admin/sign-in" } else { "/admin/preferences" });
    let page = page.await.text();
    let token = page.split_once("name=\"csrf\" value=\"").unwrap().1.split('"').next().unwrap();
    let call = site.call(Method::POST, &uri).header("cookie", &browser.cookie());
    let call = call.header("x-csrf-token", token);
    let scripted =
        ["/passkeys", "/passkeys/new", "/passkey", "/passkey/new", "/convert", "/help/{task}"];
    let call = match path {
        _ if scripted.iter().any(|it| path.ends_with(it)) => {
            call.header("accept", "application/json").json(json!({}))
        }
        "/admin/media" | "/admin/plugins" | "/admin/plugins/{id}/upgrade" | "/admin/transfer" => {
            call.header("content-type", "multipart/form-data; boundary=x").body(A_FILE)
        }
        _ => call.form(&[&[("csrf", token)], pairs].concat()),
    };
    call.send().await.status.as_u16()
}

#[tokio::test]
async fn each_role_does_what_it_may_at_every_route_of_the_admin() {
    let mut table = format!("{:<62}", "");
    for role in ROLES {
        write!(table, " {role:>13}").unwrap();
    }
    for (path, method) in routes() {
        write!(table, "\n{:<62}", format!("{method} {path}")).unwrap();
        for role in ROLES {
            let site = site().await;
            write!(table, " {:>13}", asked(&site, role, method, &path).await).unwrap();
        }
    }
    insta::assert_snapshot!(table);
}
