//! A host that knows nothing of SmartCMS: PyPI's `wasmtime`, driven by `examples/python-host/plain.py`.

use std::process::Command;

use super::command::Outcome;
use super::component::root;

/// Runs a component there.
#[track_caller]
pub(crate) fn plain(arguments: &[&str]) -> Outcome {
    let python = root().join("target/xtask/venv/bin/python");
    assert!(
        python.is_file(),
        "{} is not there: `cargo xtask plugins` installs it",
        python.display()
    );
    let output = Command::new(python)
        .arg(root().join("examples/python-host/plain.py"))
        .args(arguments)
        .output()
        .unwrap();
    Outcome {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}
