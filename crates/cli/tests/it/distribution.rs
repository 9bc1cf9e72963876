//! Plugins in registries: pushed, pulled, inspected, added, and brought again as they are pinned.

use serde_json::Value;

use crate::support::command::smartcms_with;
use crate::support::plugin_text::{accepting, write};
use crate::support::registry::{Registry, sha256};
use crate::support::server::Server;
use crate::support::site::Site;

#[test]
fn what_is_pushed_is_pulled_byte_for_byte_with_its_manifest_inside() {
    let (site, registry) = (Site::new(), Registry::start());
    let file = write(&site, "v1", &accepting(1), "1.0.0");
    let name = registry.name("ada/gate");
    let pushed = site.run(&["plugin", "push", &name, &file]);
    let pushed = pushed.expect_success().trim().to_owned();
    assert!(
        pushed.starts_with(&format!("{name}:1.0.0@sha256:")),
        "the version is the tag: {pushed}"
    );
    let pulled = site.run(&["plugin", "pull", &pushed, "-o", "pulled.wasm"]);
    assert!(pulled.expect_success().contains("not signed"), "{pulled:?}");
    let inspected = site.run(&["plugin", "inspect", &pushed, "--json"]).expect_json();
    let bytes = std::fs::read(site.path().join("pulled.wasm")).unwrap();
    assert_eq!(inspected["digest"], sha256(&bytes));
    assert_eq!(inspected["manifest"]["version"], "1.0.0");
    let annotations = &inspected["artefact"]["annotations"];
    assert_eq!(annotations["org.opencontainers.image.title"], "Gate");
    let alone = site.run(&["plugin", "inspect", "pulled.wasm", "--json"]).expect_json();
    assert_eq!(alone["manifest"]["id"], "gate", "no plugin.toml lies beside it");
    site.run(&["plugin", "pull", &pushed, "-o", "pulled.wasm"]).expect_failure(
        5,
        &["pulled.wasm", "there already"],
        "--force",
    );
}

#[test]
fn the_artefact_has_the_form_that_others_read() {
    let (site, registry) = (Site::new(), Registry::start());
    let file = write(&site, "v1", &accepting(1), "1.0.0");
    let push = ["plugin", "push", &registry.name("gate:1"), &file, "--author", "Ada"];
    let push = |epoch: &str| smartcms_with(site.path(), &push, "", &[("SOURCE_DATE_EPOCH", epoch)]);
    let first = push("1700000000").expect_success().to_owned();
    assert_eq!(push("1700000000").expect_success(), first, "the same push is the same artefact");
    let manifest: Value = get(&registry, "/v2/gate/manifests/1");
    assert_eq!(manifest["config"]["mediaType"], "application/vnd.wasm.config.v0+json");
    assert_eq!(manifest["layers"].as_array().unwrap().len(), 1);
    assert_eq!(manifest["layers"][0]["mediaType"], "application/wasm");
    let digest = manifest["config"]["digest"].as_str().unwrap();
    let config = get(&registry, &format!("/v2/gate/blobs/{digest}"));
    assert_eq!(config["created"], "2023-11-14T22:13:20Z");
    assert_eq!((&config["architecture"], &config["os"]), (&"wasm".into(), &"wasip2".into()));
    assert_eq!(config["author"], "Ada");
    assert_eq!(config["layerDigests"][0], manifest["layers"][0]["digest"]);
    assert_eq!(config["component"]["exports"][0], "smartcms:plugin/before-save@0.1.0");
}

#[test]
fn what_is_added_is_pinned_and_another_machine_gets_the_same() {
    let (site, registry) = (Site::new(), Registry::start());
    let name = registry.name("ada/gate:latest");
    let push = |number: u32, version: &str| {
        let file = write(&site, version, &accepting(number), version);
        site.run(&["plugin", "push", &name, &file]).expect_success().trim().to_owned()
    };
    let first = push(1, "1.0.0");
    site.run(&["plugin", "add", &name, "--allow-unsigned"]).expect_success();
    let lock = std::fs::read_to_string(site.path().join("plugins.lock")).unwrap();
    assert!(lock.contains(first.split('@').nth(1).unwrap()), "{lock}");
    let second = push(2, "1.1.0");

    let other = Site::new();
    other.write("plugins.lock", &lock);
    let mut server = Server::start(&other);
    server.wait_for_log(&["plugins.lock pins plugin gate 1.0.0", "plugin add --locked"]);
    drop(server);
    other.run(&["plugin", "add", "--locked"]).expect_success();
    let version = |site: &Site| {
        let listed = site.run(&["plugin", "list", "--json"]).expect_json();
        listed[0]["version"].as_str().unwrap().to_owned()
    };
    assert_eq!(version(&other), "1.0.0", "the tag has moved, the lock has not");

    let again = other.run(&["plugin", "add", &name]);
    let said = again.expect_success();
    assert_eq!(version(&other), "1.0.0");
    let moved = second.split('@').nth(1).unwrap();
    assert!(said.contains(moved) && said.contains("plugin upgrade gate"), "{said}");
}

#[test]
fn a_registry_with_a_password_gets_the_credentials_of_dockers_file_or_helper() {
    let (site, registry) = (Site::new(), Registry::with_password());
    let file = write(&site, "v1", &accepting(1), "1.0.0");
    let name = registry.name("gate:1");
    let push = |folder: &str, path: &str| {
        let variables = [("DOCKER_CONFIG", folder), ("PATH", path)];
        smartcms_with(site.path(), &["plugin", "push", &name, &file], "", &variables)
    };
    let path = std::env::var("PATH").unwrap();
    let refused = push("nowhere", &path);
    refused.expect_failure(3, &["refused", "401"], "docker login");
    let host = registry.address.to_string();
    let folder = |name: &str, config: Value| {
        let file = site.write(&format!("{name}/config.json"), config.to_string());
        file.strip_suffix("/config.json").unwrap().to_owned()
    };
    // ada:wrong, and ada:a secret.
    let wrong =
        folder("wrong", serde_json::json!({ "auths": { &host: { "auth": "YWRhOndyb25n" } } }));
    push(&wrong, &path).expect_failure(3, &["refused", "401"], "docker login");
    let auths = serde_json::json!({ "auths": { &host: { "auth": "YWRhOmEgc2VjcmV0" } } });
    push(&folder("right", auths), &path).expect_success();

    let helpers = serde_json::json!({ "credHelpers": { &host: "tests" } });
    let helped = folder("helped", helpers);
    push(&helped, &path).expect_failure(1, &["docker-credential-tests"], "");
    let helper = |body: &str| {
        let file = site.write("bin/docker-credential-tests", format!("#!/bin/sh\n{body}\n"));
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
        format!("{}:{path}", site.path().join("bin").display())
    };
    let answer = r#"{"ServerURL":"x","Username":"ada","Secret":"a secret"}"#;
    let asks = format!("[ \"$1\" = get ] && [ \"$(cat)\" = {host} ] && echo '{answer}'");
    push(&helped, &helper(&asks)).expect_success();
    push(&helped, &helper("echo 'credentials not found in native keychain'; exit 1"))
        .expect_failure(3, &["refused", "401"], "docker login");
    let flood = push(&helped, &helper("yes"));
    flood.expect_failure(1, &["docker-credential-tests", "more than"], "");
}

#[test]
fn a_file_and_a_reference_are_told_apart() {
    let site = Site::new();
    for text in ["nowhere.wasm", "a.folder/nowhere.wasm", "ada/gate:1"] {
        site.run(&["plugin", "inspect", text]).expect_failure(
            4,
            &[text, "not a file that is there", "not a reference"],
            "oci://",
        );
    }
    site.write("localhost:1/gate:1", "not a plugin");
    let as_file = site.run(&["plugin", "inspect", "localhost:1/gate:1"]);
    assert!(as_file.stderr.contains("oci://"), "{as_file:?}");
    let as_registry = site.run(&["plugin", "inspect", "oci://localhost:1/gate:1"]);
    assert_ne!(as_registry.code, 0);
    assert!(
        as_registry.stderr.contains("could not reach the registry localhost:1"),
        "{as_registry:?}"
    );
    let registry = Registry::start();
    site.run(&["plugin", "pull", &registry.name("gate:1")]).expect_failure(
        4,
        &["gate:1 is not in the registry"],
        "login",
    );
}

fn get(registry: &Registry, path: &str) -> Value {
    use crate::support::client::{Client, Request};
    let kind = "application/vnd.oci.image.manifest.v1+json";
    let mut client = Client::new(registry.address);
    client.expect(Request::new("GET", path).header("accept", kind)).expect_status(200).json()
}
