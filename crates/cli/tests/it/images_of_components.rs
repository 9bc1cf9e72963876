//! `smartcms image`: OCI images of components, the same to the byte each time, that registries take.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::command::{Outcome, smartcms};
use crate::support::registry::{Registry, sha256};

/// A folder with a component.
#[track_caller]
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("site.wasm"), wat::parse_str("(component)").unwrap()).unwrap();
    folder
}

#[track_caller]
fn build(folder: &Path, output: &str, more: &[&str]) -> Outcome {
    let mut arguments = vec!["image", "build", "site.wasm", "-o", output];
    arguments.extend(more);
    smartcms(folder, &arguments)
}

#[track_caller]
fn read_json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// The file of a descriptor, whose digest and size are what it says.
#[track_caller]
fn blob(layout: &Path, descriptor: &Value) -> Vec<u8> {
    let digest = descriptor["digest"].as_str().unwrap();
    let bytes = fs::read(layout.join("blobs").join(digest.replace(':', "/"))).unwrap();
    assert_eq!(sha256(&bytes), digest);
    assert_eq!(descriptor["size"], bytes.len());
    bytes
}

#[test]
fn an_image_is_a_layout_for_wasi_wasm_with_the_component_as_its_layer() {
    let folder = folder();
    let more =
        ["--name", "registry.example.com/ada/site:1.0", "--env", "SMARTCMS_SITE_TITLE=A = B"];
    let outcome = build(folder.path(), "image", &more);
    let layout = folder.path().join("image");
    assert_eq!(read_json(&layout.join("oci-layout")), json!({ "imageLayoutVersion": "1.0.0" }));
    let index = read_json(&layout.join("index.json"));
    let descriptor = &index["manifests"][0];
    assert_eq!(descriptor["platform"], json!({ "architecture": "wasm", "os": "wasi" }));
    let named = json!({
        "io.containerd.image.name": "registry.example.com/ada/site:1.0",
        "org.opencontainers.image.ref.name": "1.0",
    });
    assert_eq!(descriptor["annotations"], named);
    assert!(outcome.expect_success().contains(descriptor["digest"].as_str().unwrap()));
    let manifest: Value = serde_json::from_slice(&blob(&layout, descriptor)).unwrap();
    assert_eq!(manifest["schemaVersion"], 2);
    let [layer] = &**manifest["layers"].as_array().unwrap() else { panic!("{manifest}") };
    let kind = "application/vnd.bytecodealliance.wasm.component.layer.v0+wasm";
    assert_eq!(layer["mediaType"], kind);
    assert_eq!(blob(&layout, layer), fs::read(folder.path().join("site.wasm")).unwrap());
    assert_eq!(manifest["config"]["mediaType"], "application/vnd.oci.image.config.v1+json");
    let config: Value = serde_json::from_slice(&blob(&layout, &manifest["config"])).unwrap();
    let expected = json!({
        "architecture": "wasm",
        "os": "wasi",
        "config": {
            "Env": ["SMARTCMS_SITE_TITLE=A = B"],
            "Entrypoint": ["site.wasm"],
            "Labels": { "containerd.runwasi.layers": layer["digest"] },
        },
        "rootfs": { "type": "layers", "diff_ids": [] },
    });
    assert_eq!(config, expected);
}

#[test]
fn the_same_component_gives_the_same_bytes() {
    let (one, other) = (folder(), folder());
    let archive = |folder: &Path| {
        build(folder, "image.tar", &["--name", "r.example.com/a/b:1"]).expect_success();
        fs::read(folder.join("image.tar")).unwrap()
    };
    assert_eq!(archive(one.path()), archive(other.path()));
    let digest = |folder: &Path, output: &str, more: &[&str]| {
        let said = build(folder, output, more).expect_success().to_owned();
        said.split_whitespace().last().unwrap().to_owned()
    };
    let plain = digest(one.path(), "a", &[]);
    assert_eq!(plain, digest(other.path(), "b.tar", &["--name", "r.example.com/a/b:2"]));
    assert_ne!(plain, digest(one.path(), "c", &["--env", "SMARTCMS_SITE_TITLE=x"]));
}

#[test]
fn a_registry_takes_an_image_and_gives_its_component_back() {
    let (folder, registry) = (folder(), Registry::start());
    build(folder.path(), "image", &[]).expect_success();
    build(folder.path(), "image.tar", &[]).expect_success();
    for layout in ["image", "image.tar"] {
        let name = registry.name(&format!("ada/site:{}", layout.replace('.', "-")));
        let pushed = smartcms(folder.path(), &["image", "push", &name, layout]);
        let pinned = pushed.expect_success().trim().to_owned();
        let digest = build(folder.path(), &format!("again-{layout}"), &[]).stdout;
        assert!(pinned.ends_with(digest.split_whitespace().last().unwrap()), "{pinned}");
        let back = format!("{layout}.wasm");
        smartcms(folder.path(), &["plugin", "pull", &pinned, "-o", &back]).expect_success();
        let [came, sent] =
            [back.as_str(), "site.wasm"].map(|it| fs::read(folder.path().join(it)).unwrap());
        assert_eq!(came, sent);
    }
}

#[test]
fn what_is_damaged_or_no_image_is_not_pushed() {
    let folder = folder();
    build(folder.path(), "image", &[]).expect_success();
    let layer = sha256(&fs::read(folder.path().join("site.wasm")).unwrap()).replace(':', "/");
    fs::write(folder.path().join("image/blobs").join(layer), "other").unwrap();
    let push = |layout: &str| {
        smartcms(folder.path(), &["image", "push", "localhost:1/ada/site:1", layout])
    };
    push("image").expect_failure(6, &["has the digest"], "");
    fs::create_dir(folder.path().join("empty")).unwrap();
    push("empty").expect_failure(1, &["oci-layout"], "");
    fs::write(folder.path().join("not.tar"), [0; 1024]).unwrap();
    push("not.tar").expect_failure(6, &["oci-layout"], "smartcms image build");
}

#[test]
fn an_image_holds_no_secret_and_no_core_module() {
    let folder = folder();
    for variable in ["SMARTCMS_PEOPLE_OWNER_TOKEN=smc_hunter2", "SMARTCMS_AI_KEY=hunter2"] {
        let outcome = build(folder.path(), "image", &["--env", variable]);
        outcome.expect_failure(6, &["is a secret"], "where the image is started");
        assert!(!outcome.stderr.contains("hunter2"), "{}", outcome.stderr);
    }
    build(folder.path(), "image", &["--env", "A B=c"]).expect_failure(6, &["`A B`"], "--env");
    fs::write(folder.path().join("site.wasm"), wat::parse_str("(module)").unwrap()).unwrap();
    build(folder.path(), "image", &[]).expect_failure(6, &["core module"], "validate");
    fs::remove_file(folder.path().join("site.wasm")).unwrap();
    build(folder.path(), "image", &[]).expect_failure(4, &["no file site.wasm"], "xtask dist");
    fs::create_dir(folder.path().join("there")).unwrap();
    fs::write(folder.path().join("site.wasm"), wat::parse_str("(component)").unwrap()).unwrap();
    build(folder.path(), "there", &[]).expect_failure(5, &["is there already"], "new folder");
}
