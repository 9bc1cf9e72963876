//! Whose plugins a site takes: keys, changed keys, missing and false signatures, and older versions.

use serde_json::{Value, json};

use crate::support::client::{Client, Request};
use crate::support::command::Outcome;
use crate::support::plugin_text::{accepting, write};
use crate::support::registry::{Registry, sha256};
use crate::support::site::Site;

/// A site with two publishers' keys in files.
struct Stage {
    site: Site,
    registry: Registry,
}

impl Stage {
    fn new() -> Self {
        let (site, registry) = (Site::new(), Registry::start());
        for name in ["ada", "eve"] {
            site.run(&["plugin", "keygen", name, "--no-password"]).expect_success();
        }
        Self { site, registry }
    }

    fn name(&self, version: &str) -> String {
        self.registry.name(&format!("gate:{version}"))
    }

    /// Pushes a version, signed or not; its digest.
    #[track_caller]
    fn push(&self, number: u32, version: &str, key: Option<&str>) -> String {
        let file = write(&self.site, version, &accepting(number), version);
        let name = self.name(version);
        let mut arguments = vec!["plugin", "push", &name, &file];
        arguments.extend(key.into_iter().flat_map(|key| ["--sign", key]));
        let pushed = self.site.run(&arguments);
        let line = pushed.expect_success().lines().next().unwrap().to_owned();
        line.split_once('@').unwrap().1.to_owned()
    }

    fn add(&self, version: &str, consent: &[&str]) -> Outcome {
        let name = self.name(version);
        self.site.run(&[&["plugin", "add", &name], consent].concat())
    }

    #[track_caller]
    fn trust(&self, publisher: &str, key: &str) {
        let key = format!("{key}.pub");
        self.site.run(&["plugin", "trust", "add", publisher, &key]).expect_success();
    }

    fn key(&self, name: &str) -> String {
        let text = std::fs::read_to_string(self.site.path().join(format!("{name}.pub"))).unwrap();
        text.lines().nth(1).unwrap().to_owned()
    }

    #[track_caller]
    fn version(&self) -> String {
        let listed = self.site.run(&["plugin", "list", "--json"]).expect_json();
        listed[0]["version"].as_str().unwrap_or_default().to_owned()
    }
}

#[test]
fn a_trusted_publishers_plugin_is_taken_and_a_strangers_is_not() {
    let stage = Stage::new();
    stage.push(1, "1.0.0", Some("ada"));
    let ada = stage.key("ada");
    stage.add("1.0.0", &[]).expect_failure(3, &["not trusted", &ada], "trust add");
    stage.trust("Ada", "eve");
    stage.add("1.0.0", &[]).expect_failure(3, &["not trusted", &ada], "trust add");
    stage.trust("Ada", "ada");
    let added = stage.add("1.0.0", &[]);
    assert!(added.expect_success().contains("signed by Ada"), "{added:?}");
    let lock = std::fs::read_to_string(stage.site.path().join("plugins.lock")).unwrap();
    assert!(lock.contains(&ada), "{lock}");
    let listed = stage.site.run(&["plugin", "trust", "list", "--json"]).expect_json();
    assert_eq!(listed.as_array().unwrap().len(), 2);
    stage.site.run(&["plugin", "trust", "remove", "Ada"]).expect_success();
    stage.push(2, "1.1.0", Some("ada"));
    stage.add("1.1.0", &[]).expect_success();
    assert_eq!(stage.version(), "1.1.0", "the key that is pinned goes on");
}

#[test]
fn what_nobody_signed_needs_its_digest_or_consent() {
    let stage = Stage::new();
    let digest = stage.push(1, "1.0.0", None);
    stage.add("1.0.0", &[]).expect_failure(3, &["not signed"], "--allow-unsigned");
    let exactly = format!("{}@{digest}", stage.name("1.0.0"));
    stage.site.run(&["plugin", "add", &exactly]).expect_success();
    stage.site.run(&["plugin", "remove", "gate"]).expect_success();
    stage.add("1.0.0", &["--allow-unsigned"]).expect_success();
}

#[test]
fn another_key_than_before_is_refused_until_it_is_agreed_to() {
    let stage = Stage::new();
    stage.push(1, "1.0.0", Some("ada"));
    stage.push(2, "1.1.0", Some("eve"));
    stage.add("1.0.0", &["--accept-new-key"]).expect_success();
    let (ada, eve) = (stage.key("ada"), stage.key("eve"));
    let refused = stage.add("1.1.0", &[]);
    refused.expect_failure(3, &[&ada, &eve, "gate 1.0.0", "gate 1.1.0"], "--accept-new-key");
    stage.add("1.1.0", &["--allow-unsigned", "--allow-downgrade"]).expect_failure(3, &[&eve], "");
    assert_eq!(stage.version(), "1.0.0");
    stage.add("1.1.0", &["--accept-new-key"]).expect_success();
    assert_eq!(stage.version(), "1.1.0");
    stage.push(3, "1.2.0", Some("ada"));
    stage.add("1.2.0", &[]).expect_failure(3, &[&ada, &eve], "--accept-new-key");
}

#[test]
fn a_signature_that_is_gone_is_refused_also_for_exact_bytes_and_files() {
    let stage = Stage::new();
    stage.push(1, "1.0.0", Some("ada"));
    stage.add("1.0.0", &["--accept-new-key"]).expect_success();
    let digest = stage.push(2, "1.1.0", None);
    let words = ["not signed", &stage.key("ada")];
    stage.add("1.1.0", &[]).expect_failure(3, &words, "--allow-unsigned");
    let exactly = format!("{}@{digest}", stage.name("1.1.0"));
    stage.site.run(&["plugin", "add", &exactly]).expect_failure(3, &words, "--allow-unsigned");
    let file = write(&stage.site, "file", &accepting(3), "1.2.0");
    stage.site.run(&["plugin", "add", &file]).expect_failure(3, &words, "--allow-unsigned");
    assert_eq!(stage.version(), "1.0.0");
    stage.site.run(&["plugin", "add", &file, "--allow-unsigned"]).expect_success();
    assert_eq!(stage.version(), "1.2.0");
}

#[test]
fn an_older_version_is_refused_though_its_signature_holds() {
    let stage = Stage::new();
    stage.trust("Ada", "ada");
    stage.push(1, "1.9.0", Some("ada"));
    stage.push(2, "1.10.0", Some("ada"));
    stage.add("1.10.0", &[]).expect_success();
    let refused = stage.add("1.9.0", &[]);
    refused.expect_failure(3, &["version 1.9.0, and 1.10.0 is pinned"], "--allow-downgrade");
    stage.add("1.9.0", &["--allow-downgrade"]).expect_success();
    assert_eq!(stage.version(), "1.9.0");
}

#[test]
fn a_signature_of_another_artefact_does_not_hold() {
    let stage = Stage::new();
    stage.trust("Ada", "ada");
    let signed = stage.push(1, "1.0.0", Some("ada"));
    let forged = stage.push(2, "1.1.0", None);
    let get = |place: &str| get(&stage.registry, &format!("/v2/gate/manifests/{place}"));
    let list = get(&signed.replace(':', "-"));
    let mut signature = get(list["manifests"][0]["digest"].as_str().unwrap());
    signature["subject"]["digest"] = json!(forged);
    let bytes = signature.to_string().into_bytes();
    let digest = sha256(&bytes);
    put(&stage.registry, &digest, "manifest", bytes.clone());
    let mut list = list;
    list["manifests"][0]["digest"] = json!(digest);
    list["manifests"][0]["size"] = json!(bytes.len());
    put(&stage.registry, &forged.replace(':', "-"), "index", list.to_string().into_bytes());

    for consent in [&[][..], &["--accept-new-key", "--allow-unsigned"]] {
        stage.add("1.1.0", consent).expect_failure(
            3,
            &["signature does not hold"],
            "ask the publisher",
        );
    }
    let shown =
        stage.site.run(&["plugin", "inspect", &stage.name("1.1.0"), "--json"]).expect_json();
    assert_eq!(
        (&shown["artefact"]["broken_signatures"], &shown["artefact"]["signers"]),
        (&json!(1), &json!([]))
    );
    stage.add("1.0.0", &[]).expect_success();
}

#[test]
fn keys_are_private_protected_and_never_written_over() {
    use std::os::unix::fs::PermissionsExt;
    let stage = Stage::new();
    let run = |arguments: &[&str]| stage.site.run(&[&["plugin"], arguments].concat());
    let secret = stage.site.path().join("ada");
    let mode = std::fs::metadata(&secret).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let before = std::fs::read(&secret).unwrap();
    run(&["keygen", "ada", "--no-password"]).expect_failure(5, &["there already"], "another");
    assert_eq!(std::fs::read(&secret).unwrap(), before);

    stage.site.write("password", "a secret\n");
    stage.site.write("wrong", "another\n");
    run(&["keygen", "locked", "--password-file", "password"]).expect_success();
    let file = write(&stage.site, "v", &accepting(1), "1.0.0");
    let name = stage.name("1.0.0");
    let push = |password: &str| {
        run(&["push", &name, &file, "--sign", "locked", "--password-file", password])
    };
    let refused = push("wrong");
    assert_ne!(refused.code, 0);
    assert!(refused.stderr.contains("could not use the key in locked"), "{refused:?}");
    run(&["pull", &name]).expect_failure(4, &["not in the registry"], "");
    push("password").expect_success();
    run(&["push", &name, &file, "--sign", "ada.pub"]).expect_failure(
        1,
        &["ada.pub", "not a secret key"],
        "",
    );
    run(&["trust", "add", "Ada", "RWnonsense"]).expect_failure(6, &["not a public key"], "keygen");
}

fn get(registry: &Registry, path: &str) -> Value {
    let accept =
        "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json";
    let mut client = Client::new(registry.address);
    client.expect(Request::new("GET", path).header("accept", accept)).expect_status(200).json()
}

#[track_caller]
fn put(registry: &Registry, place: &str, kind: &str, bytes: Vec<u8>) {
    let path = format!("/v2/gate/manifests/{place}");
    let kind = format!("application/vnd.oci.image.{kind}.v1+json");
    let request = Request::new("PUT", &path).bytes(bytes).header("content-type", kind);
    Client::new(registry.address).expect(request).expect_status(201);
}
