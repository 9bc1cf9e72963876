//! What a file tells about itself.

use smartcms_plugin_host::{InspectError, Inspection, Kind, inspect};

use crate::support::wasm;

const KEYS: &str = r#"(component
    (import "wasi:keyvalue/store@0.2.0-draft" (instance))
    (import "wasi:keyvalue/batch@0.2.0-draft" (instance))
    (import "wasi:clocks/wall-clock@0.2.3" (instance))
    (import "wasi:filesystem/types@0.2.3" (instance))
    (instance $empty)
    (export "smartcms:plugin/filters@0.1.0" (instance $empty))
    (export "wasi:http/incoming-handler@0.2.3" (instance $empty)))"#;

fn inspected(text: &str) -> Inspection {
    inspect(&wasm(text), None).unwrap()
}

#[test]
fn imports_are_told_as_capabilities_and_exports_as_places() {
    let found = inspected(KEYS);
    assert_eq!(found.kind, Kind::Component);
    let reach: Vec<_> = found
        .capabilities
        .iter()
        .map(|it| (it.capability.name, it.required, it.imports.len()))
        .collect();
    assert_eq!(reach, [("kv", true, 2), ("fs", false, 1)]);
    let harmless: Vec<_> = found.harmless.iter().map(|it| it.import.as_str()).collect();
    assert_eq!(harmless, ["wasi:clocks/wall-clock@0.2.3"]);
    let places: Vec<_> = found.extension_points.iter().map(|it| it.name).collect();
    assert_eq!(places, ["filters", "routes"]);
    assert!(found.refused.is_empty());
    assert_eq!(found.bytes, wasm(KEYS).len());
    assert!(found.digest.starts_with("sha256:") && found.digest.len() == 71);
}

#[test]
fn an_inner_component_does_not_speak_for_the_outer_one() {
    let found = inspected(
        r#"(component (component (import "wasi:keyvalue/store@0.2.0-draft" (instance))))"#,
    );
    assert_eq!(found.capabilities, []);
}

#[test]
fn another_version_is_refused_with_both_versions() {
    let found = inspected(r#"(component (import "smartcms:content/reader@0.9.0" (instance)))"#);
    let reason = &found.refused[0].reason;
    assert!(
        reason.contains("0.9.0") && reason.contains("0.1.0") && reason.contains("update"),
        "{reason}"
    );
}

#[test]
fn an_unknown_import_is_refused() {
    let found = inspected(r#"(component (import "evil:host/shell@1.0.0" (instance)))"#);
    assert!(found.refused[0].reason.contains("does not offer"));
}

#[test]
fn sockets_are_refused_and_no_grant_is_promised() {
    let found = inspected(r#"(component (import "wasi:sockets/tcp@0.2.3" (instance)))"#);
    assert!(found.capabilities.is_empty());
    assert_eq!(found.refused.len(), 1);
}

#[test]
fn a_manifest_that_asks_for_less_than_the_binary_is_an_error() {
    let outcome = inspect(&wasm(KEYS), Some("id = \"visits\""));
    let Err(InspectError::Understated { capability, import }) = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!((capability, import.as_str()), ("kv", "wasi:keyvalue/store@0.2.0-draft"));
}

#[test]
fn a_manifest_that_asks_for_more_than_the_binary_is_a_warning() {
    let text = "id = \"visits\"\n[capabilities]\nkv = \"counts\"\n\"http=a.test:443\" = \"asks\"\n\"html:trusted\" = \"marks\"";
    let found = inspect(&wasm(KEYS), Some(text)).unwrap();
    assert_eq!(found.warnings, ["plugin.toml asks for http, which the binary never imports"]);
    assert_eq!(found.manifest.unwrap().id, "visits");
}

#[test]
fn a_manifest_can_stand_in_the_file() {
    let found =
        inspected(r#"(component (@custom "plugin.toml" "id = \"inner\"\nname = \"Inner\""))"#);
    assert_eq!(found.manifest.unwrap().name.as_deref(), Some("Inner"));
}

#[test]
fn a_manifest_with_wrong_words_is_an_error() {
    for text in [
        "",
        "id = \"Visits\"",
        "id = \"a\"\nicon = \"x\"",
        "id = \"a\"\n[capabilities]\nall = \"\"",
        "\0",
    ] {
        assert!(
            matches!(inspect(&wasm(KEYS), Some(text)), Err(InspectError::Manifest(_))),
            "{text:?}"
        );
    }
}

#[test]
fn a_core_module_can_import_nothing() {
    let found = inspected(r#"(module (import "env" "shell" (func)) (func (export "go")))"#);
    assert_eq!(found.kind, Kind::CoreModule);
    assert_eq!((found.refused.len(), found.exports.as_slice()), (1, &["go".to_owned()][..]));
}

#[test]
fn what_breaks_the_rules_is_refused() {
    let outcome = inspect(&wasm(r#"(module (func (result i32)))"#), None);
    assert!(matches!(outcome, Err(InspectError::Invalid(_))), "{outcome:?}");
    assert!(matches!(inspect(b"no", None), Err(InspectError::Convert(_))));
}

#[test]
fn a_cut_file_never_panics() {
    let file = wasm(KEYS);
    for size in 0..file.len() {
        let _ = inspect(&file[..size], None);
    }
}
