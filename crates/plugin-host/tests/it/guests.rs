//! The example plugins, as `cargo xtask plugins` builds them.
//!
//! Every file in `dist/plugins` counts; without the folder these tests fail and say how to make it.

use std::fs;
use std::path::{Path, PathBuf};

use smartcms_plugin_host::{
    Cache, CacheKey, Compiler, ComponentLoader, RunAction, RunError, RunOutcome, inspect, run,
};

use crate::support::{engine, invoke, request};

fn built() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../dist/plugins");
    assert!(folder.is_dir(), "build the example plugins first: cargo xtask plugins");
    folder
}

#[test]
fn every_example_can_be_inspected_and_none_is_refused() {
    let folder = built();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|it| it != "wasm") {
            continue;
        }
        let manifest = fs::read_to_string(path.with_extension("plugin.toml")).ok();
        let found = inspect(&fs::read(&path).unwrap(), manifest.as_deref());
        let found = found.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let refused: Vec<&str> = found.refused.iter().map(|it| it.import.as_str()).collect();
        // The application that is there to be composed lacks what it is composed with.
        let is_socket = path.ends_with("storybook.wasm");
        let expected: &[&str] = if is_socket { &["storygen"] } else { &[] };
        assert_eq!(refused, expected, "{}", path.display());
        assert_eq!(found.warnings, [""; 0], "{}", path.display());
    }
}

/// Compiling a language's whole runtime takes long, so that what was compiled stays between runs of the tests.
fn loader() -> ComponentLoader {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("plugin-cache");
    let cache = Cache::open(folder, CacheKey::new([7; 32])).unwrap();
    ComponentLoader::new(engine(), Compiler::in_process(), Some(cache))
}

async fn run_guest(folder: &Path, name: &str, action: RunAction) -> Result<RunOutcome, RunError> {
    let mut request = request(fs::read(folder.join(name)).unwrap(), action);
    // Instances of whole language runtimes begin with tens of thousands of functions in their tables.
    request.limits.call.table_elements_max = 100_000;
    run(&loader(), request).await
}

#[tokio::test]
async fn greet_answers_the_same_from_every_language() {
    let folder = built();
    for name in ["greet.wasm", "greet-module.wasm", "greet-js.wasm", "greet-python.wasm"] {
        let outcome = run_guest(&folder, name, invoke("greet(\"Ann\")")).await.unwrap();
        assert_eq!(outcome, RunOutcome::Values(vec!["\"Hello, Ann!\"".to_owned()]), "{name}");
    }
}

#[tokio::test]
async fn a_command_gives_its_own_exit_code() {
    let folder = built();
    for name in ["args.wasm", "args3.wasm"] {
        let arguments = [name, "--exit", "7"].map(str::to_owned).to_vec();
        let outcome = run_guest(&folder, name, RunAction::Main { arguments }).await.unwrap();
        assert_eq!(outcome, RunOutcome::Exit(7), "{name}");
    }
}

#[tokio::test]
async fn a_command_reads_nothing_that_was_not_granted() {
    let folder = built();
    for (option, value) in [("--read", "/etc/passwd"), ("--env", "PATH")] {
        let arguments = ["args.wasm", option, value].map(str::to_owned).to_vec();
        let outcome = run_guest(&folder, "args.wasm", RunAction::Main { arguments }).await.unwrap();
        assert_eq!(outcome, RunOutcome::Exit(1), "{option}");
    }
}
