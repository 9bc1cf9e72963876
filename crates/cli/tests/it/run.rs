//! `smartcms run`: any component, with nothing but what is granted.

use std::path::Path;

use crate::support::command::{Outcome, smartcms, smartcms_with};
use crate::support::component::example;

#[track_caller]
fn run(arguments: &[&str]) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    smartcms(folder.path(), &[&["run"], arguments].concat())
}

fn write(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, wat::parse_str(text).unwrap()).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn every_language_gives_the_same_greeting() {
    for name in ["greet", "greet-js", "greet-python", "greet-module"] {
        let greeted = run(&[&example(name), "--invoke", "greet(\"Ada\")"]);
        assert_eq!(greeted.expect_success(), "\"Hello, Ada!\"\n", "{name}");
    }
}

#[test]
fn functions_of_a_core_module_take_and_give_numbers() {
    let adder = example("adder");
    for (call, expected) in [
        ("add(1, 2)", "3\n"),
        ("add(2147483647, 1)", "-2147483648\n"),
        ("add_long(1, 2)", "3\n"),
        ("mean(1.0, 2.5)", "1.75\n"),
    ] {
        assert_eq!(run(&[&adder, "--invoke", call]).expect_success(), expected, "{call}");
    }
}

#[test]
fn a_component_without_its_grant_is_refused_before_it_runs() {
    let story = example("story");
    let refused = run(&[&story]);
    assert_eq!((refused.code, refused.stdout.as_str()), (3, ""), "{refused:?}");
    for words in ["component:smartcms/kvstore", "kv", "--grant kv"] {
        assert!(refused.stderr.contains(words), "no {words:?} in {refused:?}");
    }
    let told = run(&[&story, "--grant", "kv"]);
    assert!(told.expect_success().starts_with("Once upon a time"), "{told:?}");
}

#[test]
fn a_command_gets_its_arguments_and_gives_its_exit_code() {
    let args = example("args");
    assert_eq!(run(&[&args, "--", "one", "two words"]).expect_success(), "one\ntwo words\n");
    let ended = run(&[&args, "--", "--exit", "7"]);
    assert_eq!(ended.code, 7, "{ended:?}");
}

#[test]
fn a_command_reads_the_variables_and_files_it_was_granted_and_no_others() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("stories")).unwrap();
    std::fs::write(folder.path().join("stories/one.txt"), "a story").unwrap();
    std::fs::write(folder.path().join("secret.txt"), "a secret").unwrap();
    let args = example("args");
    let run = |grants: &[&str], arguments: &[&str]| {
        let grants: Vec<&str> = grants.iter().flat_map(|it| ["--grant", it]).collect();
        let arguments = [&["run", &args], grants.as_slice(), &["--"], arguments].concat();
        smartcms_with(
            folder.path(),
            &arguments,
            "",
            &[("CASE_COLOUR", "blue"), ("CASE_SECRET", "red")],
        )
    };
    assert_eq!(
        run(&["env=CASE_COLOUR"], &["--env", "CASE_COLOUR"]).expect_success(),
        "CASE_COLOUR=blue\n"
    );
    for grants in [&[][..], &["env=CASE_COLOUR"][..]] {
        let refused = run(grants, &["--env", "CASE_SECRET"]);
        assert!(refused.code != 0 && !refused.stdout.contains("red"), "{refused:?}");
    }
    let granted = ["fs=./stories:/stories:ro"];
    assert_eq!(run(&granted, &["--read", "/stories/one.txt"]).expect_success(), "a story");
    for (grants, path) in [
        (&[][..], "/stories/one.txt"),
        (&granted[..], "/stories/../secret.txt"),
        (&granted[..], "/etc/passwd"),
    ] {
        let refused = run(grants, &["--read", path]);
        assert!(refused.code != 0 && refused.stdout.is_empty(), "{path}: {refused:?}");
    }
}

#[test]
fn limits_are_named_when_they_are_reached() {
    let folder = tempfile::tempdir().unwrap();
    let endless =
        write(folder.path(), "endless.wasm", r#"(module (func (export "go") (loop (br 0))))"#);
    let stopped =
        smartcms(folder.path(), &["run", &endless, "--limit", "time=200ms", "--invoke", "go()"]);
    assert_eq!(stopped.code, 7, "{stopped:?}");
    assert!(stopped.stderr.contains("time=200ms"), "{stopped:?}");
    let greedy = r#"(module (memory 1) (func (export "go") (loop (drop (memory.grow (i32.const 16))) (br 0))))"#;
    let greedy = write(folder.path(), "greedy.wasm", greedy);
    let stopped =
        smartcms(folder.path(), &["run", &greedy, "--limit", "memory=4MiB", "--invoke", "go()"]);
    assert_eq!(stopped.code, 7, "{stopped:?}");
    assert!(stopped.stderr.contains("memory=4194304"), "{stopped:?}");
    let unknown =
        smartcms(folder.path(), &["run", &greedy, "--limit", "tim=1s", "--invoke", "go()"]);
    assert!(unknown.code != 0 && unknown.stderr.contains("time"), "{unknown:?}");
}

#[test]
fn a_call_that_does_not_fit_tells_what_there_is() {
    for call in ["great(\"Ada\")", "greet(1)", "greet("] {
        let refused = run(&[&example("greet"), "--invoke", call]);
        assert_eq!(refused.code, 6, "{refused:?}");
        assert!(refused.stderr.contains("greet"), "{refused:?}");
    }
    let missing = run(&["nowhere.wasm"]);
    assert!(missing.code != 0 && missing.stderr.contains("nowhere.wasm"), "{missing:?}");
    let refused = run(&[&example("greet"), "--grant", "everything", "--invoke", "greet(\"Ada\")"]);
    refused.expect_failure(6, &["`everything` is not a grant"], "inspect");
}
