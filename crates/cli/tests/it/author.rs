//! The commands of those who write plugins, as far as they need no tools of any language: `cargo xtask author` follows
//! docs/plugins.md with them.

use std::fs;
use std::path::Path;

use crate::support::command::{Outcome, smartcms};
use crate::support::component::{component, example, root};

const LANGUAGES: [&str; 5] = ["rust", "js", "ts", "python", "c"];
const POINTS: [&str; 8] =
    ["filter", "save-hook", "publish-hook", "delete-hook", "events", "block", "function", "task"];

#[test]
fn a_project_is_made_for_every_language_and_point() {
    let folder = tempfile::tempdir().unwrap();
    for language in LANGUAGES {
        for point in POINTS {
            let name = format!("{language}-{point}");
            let arguments = ["plugin", "new", "--lang", language, "--point", point, &name];
            smartcms(folder.path(), &arguments).expect_success();
            let project = folder.path().join(&name);
            let manifest = fs::read_to_string(project.join("plugin.toml")).unwrap();
            assert!(manifest.contains(&format!("id = \"{name}\"")), "{manifest}");
            for part in ["tests", ".smartcms/wit/plugin/plugin.wit", ".gitignore", "README.md"] {
                assert!(project.join(part).exists(), "{name}: no {part}");
            }
        }
    }
}

#[test]
fn a_project_is_not_made_over_anything_and_not_under_any_name() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("mine")).unwrap();
    fs::write(folder.path().join("mine/letter.txt"), "dear").unwrap();
    let new = |language: &str, name: &str| {
        smartcms(folder.path(), &["plugin", "new", "--lang", language, name])
    };
    new("rust", "mine").expect_failure(5, &["mine", "not empty"], "new name");
    assert_eq!(fs::read_dir(folder.path().join("mine")).unwrap().count(), 1);
    new("rust", "Big Name").expect_failure(6, &["Big Name"], "reading-time");
    let new = ["plugin", "new", "--lang", "js", "--point", "route", "greeter"];
    let refused = smartcms(folder.path(), &new);
    refused.expect_failure(6, &["no template for the point route in js"], "--lang rust");
    assert!(!folder.path().join("greeter").exists());
}

/// A project whose component is an example that was built before, with these cases.
#[track_caller]
fn tested(plugin: &str, point: &str, cases: &[(&str, &str)]) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let new = ["plugin", "new", "--lang", "c", "--point", point, plugin];
    smartcms(folder.path(), &new).expect_success();
    let project = folder.path().join(plugin);
    fs::remove_dir_all(project.join("tests")).unwrap();
    fs::create_dir(project.join("tests")).unwrap();
    for (name, text) in cases {
        fs::write(project.join("tests").join(name), text).unwrap();
    }
    fs::copy(Path::new(&example(plugin)), project.join(format!("{plugin}.wasm"))).unwrap();
    smartcms(folder.path(), &["plugin", "test", "--no-build", plugin])
}

#[test]
fn on_a_slow_machine_calls_may_take_longer() {
    let folder = tempfile::tempdir().unwrap();
    let new = ["plugin", "new", "--lang", "c", "--point", "save-hook", "endless"];
    smartcms(folder.path(), &new).expect_success();
    let project = folder.path().join("endless");
    fs::remove_dir_all(project.join("tests")).unwrap();
    fs::create_dir(project.join("tests")).unwrap();
    let case = "point = \"save-hook\"\n[call]\nslug = \"bad\"\nfields = { title = \"A\" }\n\
                [expect]\nfailure = \"plugin.timed-out\"\nmessage = \"no such message\"\n";
    fs::write(project.join("tests/endless.toml"), case).unwrap();
    let text =
        fs::read_to_string(root().join("tests/plugin-cases/endless-loop/plugin.wat")).unwrap();
    let hook = ["smartcms:plugin/before-save@0.1.0".to_owned()];
    fs::write(project.join("endless.wasm"), component(&text, &[], &hook)).unwrap();
    let test = ["plugin", "test", "--no-build", "endless"];
    for (options, limit) in [(&[][..], "time=500ms"), (&["--patience", "3"][..], "time=1500ms")] {
        let outcome = smartcms(folder.path(), &[&test[..], options].concat());
        assert!(outcome.stdout.contains(limit), "{limit} in {}", outcome.stdout);
    }
    let outcome = smartcms(folder.path(), &[&test[..], &["--patience", "0"]].concat());
    assert_eq!(outcome.code, 2, "{outcome:?}");
    assert!(outcome.stderr.contains("1..=100"), "{outcome:?}");
}

const SHOUTED: &str = r#"
about = "A title in capitals is refused."
point = "save-hook"
[call]
fields = { title = "READ THIS NOW" }
[[expect.problems]]
field = "title"
code = "shouting"
"#;

#[test]
fn kept_promises_pass_in_toml_and_in_json() {
    let quiet = r#"{ "point": "save-hook", "call": { "fields": { "title": "Read this" } }, "expect": { "fields": {} } }"#;
    let outcome = tested("shout", "save-hook", &[("loud.toml", SHOUTED), ("quiet.json", quiet)]);
    let shown = outcome.expect_success();
    assert!(shown.contains("ok    loud.toml") && shown.contains("ok    quiet.json"), "{shown}");
    assert!(shown.ends_with("2 passed, 0 failed\n"), "{shown}");
}

#[test]
fn a_broken_promise_fails_with_the_difference() {
    let cases = [
        ("loud.toml", SHOUTED.replace("shouting", "whispering")),
        ("quiet.toml", SHOUTED.replace("READ THIS NOW", "Read this")),
        ("typing.toml", SHOUTED.replace("point", "pont")),
    ];
    let cases: Vec<(&str, &str)> = cases.iter().map(|it| (it.0, it.1.as_str())).collect();
    let outcome = tested("shout", "save-hook", &cases);
    outcome.expect_failure(1, &["does not keep its promises"], "difference");
    for words in [
        "FAIL  loud.toml",
        "-     \"code\": \"whispering\"",
        "+     \"code\": \"shouting\"",
        "FAIL  quiet.toml",
        "+ fields: {}",
        "FAIL  typing.toml",
        "pont",
        "0 passed, 3 failed",
    ] {
        assert!(outcome.stdout.contains(words), "no {words:?} in {}", outcome.stdout);
    }
}

#[test]
fn filters_are_tested_with_what_readers_are_shown() {
    let case = r#"
point = "filter"
[call]
html = "<p>A text without headings.</p>"
[expect]
html = "<p>A text without headings.</p>"
log = []
"#;
    tested("toc", "filter", &[("short.toml", case)]).expect_success();
}

#[test]
fn a_case_may_name_the_failure_that_it_expects() {
    let case = |grants: &str, expect: &str| {
        format!(
            "point = \"save-hook\"\ngrants = [{grants}]\n[call]\nfields = {{ title = \"A\" }}\n[expect]\n{expect}\n"
        )
    };
    let refused = case("\"nonsense\"", "fields = {}");
    let outcome = tested("shout", "save-hook", &[("grants.toml", &refused)]);
    assert_eq!(outcome.code, 1, "{outcome:?}");
    assert!(outcome.stdout.contains("nonsense"), "{outcome:?}");
    let failure = case("", "failure = \"plugin.denied\"");
    let outcome = tested("shout", "save-hook", &[("denied.toml", &failure)]);
    assert!(outcome.stdout.contains("- failure:"), "a failure that did not come: {outcome:?}");
}

#[test]
fn a_folder_that_is_no_project_is_told_how_to_become_one() {
    let folder = tempfile::tempdir().unwrap();
    for command in ["build", "test", "dev"] {
        let refused = smartcms(folder.path(), &["plugin", command]);
        refused.expect_failure(4, &["plugin.toml"], "plugin new");
    }
    fs::write(folder.path().join("plugin.toml"), "id = \"a\"\n").unwrap();
    smartcms(folder.path(), &["plugin", "build"]).expect_failure(6, &["language"], "Cargo.toml");
}
