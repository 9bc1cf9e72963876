//! Credentials go to the registry, and where the operator said; a redirect or a realm elsewhere gets none.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use smartcms_app::Fault;
use smartcms_distribution::{Credentials, Package, Reference, RegistryError, Sha256Digest};

use crate::fake_network::{Answer, FakeNetwork, Sent, Way};

const REGISTRY: &str = "https://registry.example.com/v2/ada/gate";
const COMPONENT: &[u8] = b"a component";

fn reference() -> Reference {
    Reference::parse("registry.example.com/ada/gate:1").unwrap()
}

/// `ada:secret` is YWRhOnNlY3JldA== in base64.
fn password() -> Credentials {
    Credentials::Password { name: "ada".to_owned(), secret: "secret".to_owned() }
}

fn manifest() -> String {
    let digest = Sha256Digest::of(COMPONENT);
    let size = COMPONENT.len();
    format!(
        r#"{{"schemaVersion":2,"config":{{"mediaType":"application/vnd.oci.empty.v1+json","digest":"{digest}","size":2}},
        "layers":[{{"mediaType":"application/wasm","digest":"{digest}","size":{size}}}]}}"#
    )
}

fn blob() -> String {
    format!("{REGISTRY}/blobs/{}", Sha256Digest::of(COMPONENT))
}

/// A registry that wants a token of this realm, and has the artefact.
fn registry(realm: &str) -> Arc<FakeNetwork> {
    let network = Arc::new(FakeNetwork::default());
    let wants = format!("Bearer realm=\"{realm}\",service=\"registry\",scope=\"repository:*:*\"");
    let refused = Answer::new(401, "").header("www-authenticate", &wants);
    let found = Answer::new(200, manifest());
    network.tell(&format!("{REGISTRY}/manifests/1"), vec![refused, found]);
    network.tell(&blob(), vec![Answer::new(200, COMPONENT)]);
    network.tell(realm, vec![Answer::new(200, r#"{"token":"abc"}"#)]);
    network
}

fn at<'a>(sent: &'a [Sent], url: &str) -> &'a Sent {
    sent.iter().find(|it| it.url.starts_with(url)).unwrap()
}

#[tokio::test]
async fn the_registrys_own_realm_gets_the_password_and_the_registry_the_token() {
    let realm = "https://registry.example.com/token";
    let network = registry(realm);
    let client = network.client(&reference(), password(), &[]);
    let found = client.find(&reference()).await.unwrap();
    assert_eq!(client.component(&found).await.unwrap(), COMPONENT);
    let sent = network.sent();
    let asked = at(&sent, realm);
    assert_eq!(
        (asked.way, asked.authorization.as_deref()),
        (Way::Home, Some("Basic YWRhOnNlY3JldA=="))
    );
    assert!(
        asked.url.ends_with("?service=registry&scope=repository%3Aada%2Fgate%3Apull"),
        "{}",
        asked.url
    );
    assert_eq!(sent[0].authorization, None, "nothing is sent before it is asked for");
    assert_eq!(at(&sent, &blob()).authorization.as_deref(), Some("Bearer abc"));
}

#[tokio::test]
async fn a_realm_on_another_host_gets_credentials_only_when_the_operator_named_it() {
    let realm = "https://auth.example.net/token";
    for (named, expected) in [
        (&[][..], None),
        (&["example.net"], None),
        (&["auth.example.net:8443"], None),
        (&["auth.example.net"], Some("Basic YWRhOnNlY3JldA==")),
    ] {
        let network = registry(realm);
        network.client(&reference(), password(), named).find(&reference()).await.unwrap();
        let sent = network.sent();
        let asked = at(&sent, realm);
        assert_eq!((asked.way, asked.authorization.as_deref()), (Way::Away, expected), "{named:?}");
        let elsewhere = sent.iter().filter(|it| !it.url.starts_with("https://registry."));
        assert_eq!(elsewhere.count(), 1);
    }
}

#[tokio::test]
async fn a_refresh_token_is_posted_to_the_realm_and_goes_nowhere_else() {
    let realm = "https://registry.example.com/token";
    let refresh = || Credentials::Refresh { token: "long lived".to_owned() };
    let network = registry(realm);
    network.client(&reference(), refresh(), &[]).find(&reference()).await.unwrap();
    let sent = network.sent();
    let asked = at(&sent, realm);
    assert_eq!((asked.method.as_str(), asked.authorization.as_deref()), ("POST", None));
    assert!(asked.body.contains("refresh_token=long+lived") && !asked.url.contains("long"));
    let elsewhere = registry("https://auth.example.net/token");
    elsewhere.client(&reference(), refresh(), &[]).find(&reference()).await.unwrap();
    assert!(elsewhere.sent().iter().all(|it| !it.body.contains("long+lived")));
}

#[tokio::test]
async fn a_realm_that_refuses_is_told_with_what_would_help() {
    let realm = "https://auth.example.net/token";
    let network = registry(realm);
    network.tell(realm, vec![Answer::new(403, "")]);
    let failed = network.client(&reference(), password(), &[]).find(&reference()).await;
    let error = failed.unwrap_err();
    assert_eq!(error.code(), "registry.denied");
    assert!(error.to_string().contains("--token-host auth.example.net"), "{error}");
}

#[tokio::test]
async fn a_realm_in_the_clear_is_not_asked() {
    for realm in ["http://registry.example.com/token", "http://auth.example.net/token"] {
        let network = registry(realm);
        let failed = network.client(&reference(), password(), &[]).find(&reference()).await;
        assert!(matches!(failed, Err(RegistryError::Challenge { .. })), "{failed:?}");
        assert!(network.sent().iter().all(|it| it.url.starts_with("https://registry.")));
    }
}

#[tokio::test]
async fn a_file_may_come_from_elsewhere_without_the_token_but_not_in_the_clear() {
    let network = registry("https://registry.example.com/token");
    let store = "https://store.example.org/file";
    network.tell(&blob(), vec![Answer::new(307, "").header("location", store)]);
    network.tell(store, vec![Answer::new(200, COMPONENT)]);
    let client = network.client(&reference(), password(), &[]);
    let found = client.find(&reference()).await.unwrap();
    assert_eq!(client.component(&found).await.unwrap(), COMPONENT);
    let sent = network.sent();
    let stored = at(&sent, store);
    assert_eq!((stored.way, stored.authorization.as_deref()), (Way::Away, None));

    let clear = "http://store.example.org/file";
    network.tell(&blob(), vec![Answer::new(307, "").header("location", clear)]);
    network.tell(clear, vec![Answer::new(200, COMPONENT)]);
    let failed = client.component(&found).await;
    assert!(matches!(failed, Err(RegistryError::Redirect { .. })), "{failed:?}");
    assert!(network.sent().iter().all(|it| it.url != clear));
}

#[tokio::test]
async fn pushing_asks_for_the_right_to_push_and_sends_to_the_registry_alone() {
    let realm = "https://registry.example.com/token";
    let network = registry(realm);
    let wants = format!("Bearer realm=\"{realm}\"");
    let refused = Answer::new(401, "").header("www-authenticate", &wants);
    let accepted = Answer::new(202, "").header("location", "https://evil.example.org/upload");
    network.tell(&format!("{REGISTRY}/blobs/uploads/"), vec![refused, accepted]);
    let package = Package {
        wasm: Bytes::from_static(COMPONENT),
        file_name: "gate.wasm".to_owned(),
        outside: None,
        created: "2026-11-28T12:00:00Z".to_owned(),
        author: None,
        annotations: BTreeMap::new(),
    };
    let failed = network.client(&reference(), password(), &[]).push(&reference(), &package).await;
    assert!(matches!(failed, Err(RegistryError::Redirect { .. })), "{failed:?}");
    let sent = network.sent();
    assert!(at(&sent, realm).url.ends_with("scope=repository%3Aada%2Fgate%3Apull%2Cpush"));
    assert!(sent.iter().all(|it| it.way == Way::Home));
}

#[tokio::test]
async fn an_index_leads_to_the_manifest_for_wasm() {
    let network = registry("https://registry.example.com/token");
    let digest = Sha256Digest::of(manifest().as_bytes());
    let other = Sha256Digest::of(b"another");
    let entry = |digest: &Sha256Digest, architecture: &str| {
        format!(
            r#"{{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{digest}","size":1,
            "platform":{{"architecture":"{architecture}","os":"wasi"}}}}"#
        )
    };
    let (amd64, wasm) = (entry(&other, "amd64"), entry(&digest, "wasm"));
    let index = format!(r#"{{"schemaVersion":2,"manifests":[{amd64},{wasm}]}}"#);
    network.tell(&format!("{REGISTRY}/manifests/1"), vec![Answer::new(200, index)]);
    network.tell(&format!("{REGISTRY}/manifests/{digest}"), vec![Answer::new(200, manifest())]);
    let client = network.client(&reference(), password(), &[]);
    let found = client.find(&reference()).await.unwrap();
    assert_eq!((found.digest, found.component), (digest, Sha256Digest::of(COMPONENT)));
}
