//! `smartcms plugin check`, and plugins that were built for another contract.

use serde_json::Value;

use crate::support::command::smartcms;
use crate::support::component::example;
use crate::support::site::Site;

/// A filter that hands on what it gets, with more before and behind it.
fn filter(version: &str, imports: &str) -> String {
    format!(
        r#"(component
        {imports}
        (instance $empty)
        (export "smartcms:plugin/filters@{version}" (instance $empty)))"#
    )
}

fn built(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap()
}

/// A custom section at the end of a component.
fn stamped(mut component: Vec<u8>, sdk: &str, contract: &str) -> Vec<u8> {
    let name = b"smartcms:contract";
    let text = format!("sdk={sdk}\ncontract={contract}\n");
    let length = 1 + name.len() + text.len();
    assert!(length < 128, "one byte holds the length");
    component.extend([0, length as u8, name.len() as u8]);
    component.extend(name);
    component.extend(text.as_bytes());
    component
}

#[test]
fn a_plugin_of_an_sdk_has_nothing_to_change() {
    let folder = tempfile::tempdir().unwrap();
    let checked = smartcms(folder.path(), &["plugin", "check", &example("toc")]);
    let text = checked.expect_success();
    assert!(text.contains("nothing to change"), "{text}");
    assert!(text.contains("smartcms-plugin 0.1.0 for contract 0.1.0"), "{text}");
}

#[test]
fn another_version_is_refused_everywhere_with_both_versions_and_what_to_do() {
    let site = Site::new();
    let newer = site.write("newer.wasm", built(&filter("0.4.0", "")));
    let sdk = stamped(built(&filter("0.1.0", "")), "smartcms-plugin 0.9.0", "0.9.0");
    let stamped = site.write("stamped.wasm", sdk);
    for (file, words) in [
        (&newer, ["smartcms:plugin/filters 0.4.0", "this host has 0.1", "update this program"]),
        (&stamped, ["smartcms-plugin 0.9.0", "this host has 0.1.0", "update this program"]),
    ] {
        for command in ["check", "add"] {
            let refused = site.run(&["plugin", command, file]);
            assert_eq!(refused.code, 6, "{refused:?}");
            let said = format!("{}{}", refused.stdout, refused.stderr);
            for word in words {
                assert!(said.contains(word), "no {word:?} in {said}");
            }
        }
    }
    let ran = site.run(&["run", &stamped, "--invoke", "filter-html()"]);
    assert!(ran.code != 0 && ran.stderr.contains("smartcms-plugin 0.9.0"), "{ran:?}");
    // A later patch of the same line fits.
    site.run(&["plugin", "check", &site.write("patch.wasm", built(&filter("0.1.3", "")))])
        .expect_success();
}

#[test]
fn imports_that_a_runtime_brings_are_told_with_how_to_drop_them() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("heavy.wasm");
    let imports = r#"(import "wasi:cli/environment@0.2.3" (instance))
        (import "wasi:filesystem/types@0.2.3" (instance))
        (import "wasi:clocks/wall-clock@0.2.3" (instance))"#;
    std::fs::write(&file, built(&filter("0.1.0", imports))).unwrap();
    let file = file.to_str().unwrap();
    let findings = smartcms(folder.path(), &["plugin", "check", file, "--json"]).expect_json();
    let found = findings.as_array().unwrap().iter();
    let unneeded: Vec<&Value> =
        found.filter(|it| it["what"].as_str().unwrap().contains("may not need")).collect();
    let [unneeded] = unneeded.as_slice() else { panic!("{findings}") };
    let what = unneeded["what"].as_str().unwrap();
    assert!(
        what.contains("wasi:cli/environment@0.2.3") && what.contains("wasi:filesystem"),
        "{what}"
    );
    assert!(!what.contains("clocks"), "{what}");
    assert!(unneeded["advice"].as_str().unwrap().contains("component restrict"), "{unneeded}");
    assert_eq!(unneeded["is_error"], false);
}

#[test]
fn what_keeps_a_component_from_being_a_plugin_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let check = |file: &str| smartcms(folder.path(), &["plugin", "check", file]);
    let nowhere = check(&example("greet"));
    nowhere.expect_failure(6, &["greet.wasm", "1 error"], "what to do");
    assert!(nowhere.stdout.contains("error: it takes part nowhere"), "{nowhere:?}");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, built(text)).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let unknown = check(&write(
        "unknown.wasm",
        &filter("0.1.0", r#"(import "evil:host/shell@1.0.0" (instance))"#),
    ));
    assert!(
        unknown.code == 6 && unknown.stdout.contains("error: it imports evil:host/shell"),
        "{unknown:?}"
    );
    // A manifest that names less than the binary imports.
    let keys = write(
        "keys.wasm",
        &filter("0.1.0", r#"(import "wasi:keyvalue/store@0.2.0-draft" (instance))"#),
    );
    std::fs::write(folder.path().join("keys.plugin.toml"), "id = \"keys\"\n").unwrap();
    check(&keys).expect_failure(6, &["keys.wasm", "capability kv", "wasi:keyvalue"], "validate");
    let broken = folder.path().join("broken.wasm");
    std::fs::write(&broken, b"\0asm\x0d\0\x01\0\xff").unwrap();
    check(broken.to_str().unwrap()).expect_failure(6, &["broken.wasm"], "validate");
}
