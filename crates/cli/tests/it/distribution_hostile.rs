//! Registries that lie: nothing of what they send becomes a plugin, and nothing of ours goes where they like.

use std::time::{Duration, Instant};

use crate::support::command::{Outcome, smartcms_with};
use crate::support::origin::Origin;
use crate::support::plugin_text::accepting;
use crate::support::registry::{Liar, Lie, manifest, sha256};
use crate::support::site::Site;

/// Nothing of these cases may take longer.
const TIME_MAX: Duration = Duration::from_secs(20);

/// Tries to add what a registry offers as `x:1`, with credentials for it in Docker's file.
#[track_caller]
fn add(liar: &Liar, name: &str, code: i32, words: &[&str]) -> Outcome {
    let site = Site::new();
    // ada:topsecret
    let auths = serde_json::json!({ "auths": { liar.address.to_string(): { "auth": "YWRhOnRvcHNlY3JldA==" } } });
    site.write("docker/config.json", auths.to_string());
    let folder = site.path().join("docker");
    let began = Instant::now();
    let outcome = smartcms_with(
        site.path(),
        &["plugin", "add", name, "--allow-unsigned"],
        "",
        &[("DOCKER_CONFIG", folder.to_str().unwrap())],
    );
    assert!(began.elapsed() < TIME_MAX, "it took {:?}: {outcome:?}", began.elapsed());
    outcome.expect_failure(code, words, "");
    let listed = site.run(&["plugin", "list", "--json"]).expect_json();
    assert_eq!(listed, serde_json::json!([]), "nothing was added");
    assert!(!site.path().join("plugins.lock").exists(), "nothing was pinned");
    outcome
}

#[test]
fn an_honest_answer_is_taken() {
    let (site, liar) = (Site::new(), Liar::start());
    liar.tell_artefact(&accepting(1));
    site.run(&["plugin", "add", &liar.name("x:1"), "--allow-unsigned"]).expect_success();
}

#[test]
fn other_bytes_than_promised_are_refused() {
    let liar = Liar::start();
    let (promised, sent) = (accepting(1), accepting(2));
    assert_eq!(promised.len(), sent.len());
    liar.tell_artefact(&promised);
    liar.tell(format!("/v2/x/blobs/{}", sha256(&promised)), Lie::new(200, sent.clone()));
    add(&liar, &liar.name("x:1"), 6, &["has the digest", &sha256(&sent), &sha256(&promised)]);
}

#[test]
fn another_manifest_than_asked_for_is_refused() {
    let liar = Liar::start();
    let component = accepting(1);
    liar.tell_artefact(&component);
    let digest = sha256(b"another manifest");
    let path = format!("/v2/x/manifests/{digest}");
    liar.tell(&path, Lie::new(200, manifest(&component, component.len())));
    add(&liar, &liar.name(&format!("x@{digest}")), 6, &["has the digest", &digest]);
    let told = Lie::new(200, manifest(&component, component.len()));
    liar.tell("/v2/x/manifests/1", told.header("docker-content-digest", &digest));
    add(&liar, &liar.name("x:1"), 6, &["has the digest", &digest]);
}

#[test]
fn bodies_end_at_their_limits() {
    let liar = Liar::start();
    let component = accepting(1);
    liar.tell_artefact(&component);
    let blob = format!("/v2/x/blobs/{}", sha256(&component));
    liar.tell(&blob, Lie::new(200, component.clone()).endless());
    add(&liar, &liar.name("x:1"), 7, &["has more than", "bytes"]);
    liar.tell(&blob, Lie::new(200, &component[..component.len() - 1]));
    add(&liar, &liar.name("x:1"), 6, &["bytes, not"]);
    liar.tell("/v2/x/manifests/1", Lie::new(200, manifest(&component, 1 << 40)));
    add(&liar, &liar.name("x:1"), 7, &["has more than 33554432 bytes"]);
    liar.tell("/v2/x/manifests/1", Lie::new(200, "").endless());
    add(&liar, &liar.name("x:1"), 7, &["has more than 4194304 bytes"]);
}

#[test]
fn documents_that_are_none_are_refused() {
    let liar = Liar::start();
    for (text, words) in [
        ("", "not a component as registries hold it"),
        ("[]", "not a component as registries hold it"),
        (r#"{"schemaVersion":2,"manifests":[]}"#, "none of its manifests is for wasm"),
        (
            r#"{"schemaVersion":2,"config":{"mediaType":"a","digest":"b","size":1},"layers":[]}"#,
            "no layer application/wasm",
        ),
    ] {
        liar.tell("/v2/x/manifests/1", Lie::new(200, text));
        add(&liar, &liar.name("x:1"), 6, &[words]);
    }
    let sha512 = String::from_utf8(manifest(b"x", 1)).unwrap().replace("sha256:", "sha512:");
    liar.tell("/v2/x/manifests/1", Lie::new(200, sha512));
    add(&liar, &liar.name("x:1"), 6, &["not a SHA-256 digest"]);
    liar.tell_artefact(b"not WebAssembly");
    add(&liar, &liar.name("x:1"), 1, &["could not inspect"]);
}

#[test]
fn a_redirect_takes_no_credentials_along_and_reaches_no_private_address() {
    let (liar, elsewhere) = (Liar::start(), Origin::start());
    let component = accepting(1);
    liar.tell_artefact(&component);
    let basic = Lie::new(401, "").header("www-authenticate", "Basic realm=\"x\"");
    liar.tell("/v2/x/manifests/1", basic);
    add(&liar, &liar.name("x:1"), 3, &["refused"]);
    let authorized = |it: &String| it.to_ascii_lowercase().contains("authorization: basic");
    assert!(liar.heard().iter().any(authorized), "the registry itself gets the credentials");

    liar.tell_artefact(&component);
    let blob = format!("/v2/x/blobs/{}", sha256(&component));
    let to = |url: String| Lie::new(307, "").header("location", url);
    for url in [
        format!("http://{}/stolen", elsewhere.address),
        "http://169.254.169.254/latest/meta-data".to_owned(),
        "http://10.0.0.1/".to_owned(),
        "http://[::1]:80/".to_owned(),
    ] {
        liar.tell(&blob, to(url));
        add(&liar, &liar.name("x:1"), 3, &["leads to"]);
    }
    for (url, words) in [
        ("ftp://example.com/", "no address of the web"),
        ("file:///etc/passwd", "no address of the web"),
        ("http://ada:secret@example.com/", "user name"),
    ] {
        liar.tell(&blob, to(url.to_owned()));
        add(&liar, &liar.name("x:1"), 3, &["not followed", words]);
    }
    liar.tell(&blob, to(blob.clone()));
    add(&liar, &liar.name("x:1"), 3, &["more than 3 times"]);
    assert_eq!(elsewhere.requests(), 0);
}

#[test]
fn a_realm_on_another_host_is_not_asked_in_the_clear() {
    let (liar, elsewhere) = (Liar::start(), Origin::start());
    liar.tell_artefact(&accepting(1));
    let asks = |realm: &str| {
        let header =
            format!("Bearer realm=\"{realm}\",service=\"x\",scope=\"repository:other:delete\"");
        Lie::new(401, "").header("www-authenticate", header)
    };
    liar.tell("/v2/x/manifests/1", asks(&format!("http://{}/token", elsewhere.address)));
    add(&liar, &liar.name("x:1"), 3, &["realm is not encrypted"]);
    liar.tell("/v2/x/manifests/1", asks(&format!("https://{}/token", elsewhere.address)));
    add(&liar, &liar.name("x:1"), 3, &["leads to", "loopback"]);
    liar.tell("/v2/x/manifests/1", asks("no address"));
    add(&liar, &liar.name("x:1"), 3, &["realm is no address"]);
    assert_eq!(elsewhere.requests(), 0);

    liar.tell("/v2/x/manifests/1", asks(&format!("http://{}/token", liar.address)));
    liar.tell("/token", Lie::new(200, r#"{"token":"abc"}"#));
    add(&liar, &liar.name("x:1"), 3, &["refused"]);
    let heard = liar.heard();
    let asked = heard.iter().find(|it| it.starts_with("GET /token")).unwrap();
    assert!(asked.contains("scope=repository%3Ax%3Apull "), "no more than is needed: {asked}");
    let bearer = |it: &String| it.to_ascii_lowercase().contains("authorization: bearer abc");
    assert!(heard.iter().any(bearer), "{heard:?}");
}

#[test]
fn what_a_registry_says_does_not_reach_the_terminal_raw() {
    let liar = Liar::start();
    let said = "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"\\u001b[31mred\\u0007\"}]}";
    liar.tell("/v2/x/manifests/1", Lie::new(403, said));
    let outcome = add(&liar, &liar.name("x:1"), 3, &["DENIED", "red"]);
    assert!(!outcome.stderr.contains(['\u{1b}', '\u{7}']), "{outcome:?}");
    let layers = String::from_utf8(manifest(b"x", 1)).unwrap();
    let layers = layers.replace("application/wasm", "\\u001b[2Jcleared");
    liar.tell("/v2/x/manifests/1", Lie::new(200, layers));
    let outcome = add(&liar, &liar.name("x:1"), 6, &["no layer application/wasm", "cleared"]);
    assert!(!outcome.stderr.contains('\u{1b}'), "{outcome:?}");
    let site = Site::new();
    let file = site.write("v1/gate.wasm", accepting(1));
    site.write("v1/plugin.toml", "id = \"gate\"\ndescription = \"\\u001b[31mred\"\n");
    let shown = site.run(&["plugin", "inspect", &file]);
    let text = shown.expect_success();
    assert!(text.contains("[31mred") && !text.contains('\u{1b}'), "{text:?}");
}

#[test]
fn an_upload_is_not_sent_where_the_registry_points() {
    let (site, liar, elsewhere) = (Site::new(), Liar::start(), Origin::start());
    let file = crate::support::plugin_text::write(&site, "v1", &accepting(1), "1.0.0");
    let away = format!("http://{}/upload", elsewhere.address);
    liar.tell("/v2/x/blobs/uploads/", Lie::new(202, "").header("location", away.clone()));
    let push = || site.run(&["plugin", "push", &liar.name("x:1"), &file]);
    push().expect_failure(3, &["stays at the registry"], "");
    liar.tell("/v2/x/blobs/uploads/", Lie::new(307, "").header("location", away));
    push().expect_failure(3, &["stays at the registry"], "");
    assert_eq!(elsewhere.requests(), 0);
}
