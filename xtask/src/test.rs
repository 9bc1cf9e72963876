//! `test`: every test of the repository, after getting what they need.

use std::path::Path;

use anyhow::{Result, bail};

use crate::{
    files, models, plugins, process, report, server, setup, task::Task, workshop::Workshop,
};

pub(crate) const TASK: Task = Task {
    name: "test",
    summary: "gets what is missing and runs every test",
    help: "\
Gets what is missing, builds the example plugins and runs every test.

Usage: cargo xtask test [PART...]

First `cargo xtask setup`, `cargo xtask plugins` and `cargo xtask models`, which skip what is done;
then the parts:

  workspace  the workspace's tests: `cargo nextest run` where it is installed, else `cargo test`
  docs       the examples in the documentation
  examples   tests of the examples in Rust, JavaScript and Python, and examples/python-host
  interop    what oras and plain wasmtime do with what is pushed, and the other way around; signing in
             by a real identity provider; writing by llama.cpp's server (of LLAMA_SERVER, else of
             Debian's unstable suite, unpacked under target/xtask; left out, and said, where it cannot be had)

About 25 minutes the first time on two cores, most of it compiling; a few minutes after that.",
    run: |workshop, names| {
        let parts = chosen(names)?;
        run(workshop, &parts)
    },
};

struct Part {
    name: &'static str,
    run: fn(&Workshop) -> Result<()>,
}

const PARTS: &[Part] = &[
    Part { name: "workspace", run: workspace },
    Part { name: "docs", run: docs },
    Part { name: "examples", run: examples },
    Part { name: "interop", run: interop },
];

/// Setup, plugins and all tests.
pub(crate) fn all(workshop: &Workshop) -> Result<()> {
    run(workshop, &PARTS.iter().collect::<Vec<_>>())
}

fn chosen(names: &[String]) -> Result<Vec<&'static Part>> {
    let is_chosen = |part: &&Part| names.is_empty() || names.iter().any(|name| part.name == name);
    if let Some(name) = names.iter().find(|name| !PARTS.iter().any(|part| part.name == *name)) {
        bail!("there is no part {name:?}; `cargo xtask test --help` lists them");
    }
    Ok(PARTS.iter().filter(is_chosen).collect())
}

/// A failed part does not stop the others.
fn run(workshop: &Workshop, parts: &[&Part]) -> Result<()> {
    let rust = setup::all(workshop)?;
    plugins::build(workshop, &rust)?;
    models::ensure(workshop)?;
    let mut failed = Vec::new();
    for part in parts {
        if let Err(error) = (part.run)(workshop) {
            report::failure(&error);
            failed.push(part.name);
        }
    }
    if !failed.is_empty() {
        bail!("failed: {}; run one alone with `cargo xtask test PART`", failed.join(", "));
    }
    Ok(())
}

fn workspace(workshop: &Workshop) -> Result<()> {
    let root = workshop.root();
    report::slow_step("testing the workspace", 15);
    if process::probe(&mut process::cargo(root, &["nextest", "--version"])).is_some() {
        return process::run(&mut process::cargo(root, &["nextest", "run", "--workspace"]));
    }
    let arguments = ["test", "--workspace", "--all-targets", "--no-fail-fast"];
    process::run(&mut process::cargo(root, &arguments))
}

fn docs(workshop: &Workshop) -> Result<()> {
    report::slow_step("testing the documentation's examples", 1);
    let arguments = ["test", "--workspace", "--doc", "--quiet"];
    process::run(&mut process::cargo(workshop.root(), &arguments))
}

fn examples(workshop: &Workshop) -> Result<()> {
    let folder = workshop.examples();
    if folder.join("Cargo.toml").is_file() {
        report::slow_step("testing the Rust examples", 3);
        process::run(&mut process::cargo(&folder, &["test", "--quiet", "--workspace"]))?;
    }
    if folder.join("package.json").is_file() {
        report::step("testing the JavaScript examples");
        process::run(process::command("npm", &folder).args(["test", "--silent"]))?;
    }
    python(workshop, &folder)
}

/// Others' tools against the executable, in tests/interop.
fn interop(workshop: &Workshop) -> Result<()> {
    report::step("testing tests/interop");
    let root = workshop.root();
    server::build(workshop)?;
    let mut others = process::command(workshop.venv_program("python"), root);
    others.arg("tests/interop/registry.py").arg("target/debug/smartcms");
    process::run(others.arg(workshop.plugins_out()))?;
    let folder = workshop.path("tests/interop/oidc");
    setup::packages_of(workshop, "npm-interop-oidc", &folder)?;
    let mut provider = process::command("npm", &folder);
    provider.env("SMARTCMS_EXECUTABLE", workshop.path("target/debug/smartcms"));
    process::run(provider.args(["test", "--silent"]))?;
    let Some(server) = setup::llama_server(workshop) else {
        report::note("NOT TESTED: tests/interop/llama, because there is no llama-server");
        return Ok(());
    };
    let mut models = process::command(workshop.venv_program("python"), root);
    models.arg("tests/interop/llama/server.py").arg("target/debug/smartcms");
    process::run(models.arg(server))
}

/// Unit tests of each Python example, then the Python host against the built plugins.
fn python(workshop: &Workshop, folder: &Path) -> Result<()> {
    let python = workshop.venv_program("python");
    for example in files::folders(folder)? {
        let names = files::walk(workshop.root(), &example)?;
        if names.iter().any(|name| name.ends_with(".py") && name.contains("/test_")) {
            report::step(&format!(
                "testing examples/{}",
                example.file_name().unwrap_or_default().display()
            ));
            process::run(process::command(&python, &example).args(["-m", "unittest", "discover"]))?;
        }
    }
    if folder.join("python-host/host.py").is_file() {
        report::step("testing examples/python-host");
        let mut host = process::command(&python, folder);
        process::run(host.arg("python-host/host.py").arg(workshop.plugins_out()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_chosen_by_name_and_all_by_default() {
        assert_eq!(chosen(&[]).unwrap().len(), PARTS.len());
        let one = chosen(&["docs".to_owned()]).unwrap();
        assert_eq!(one.iter().map(|part| part.name).collect::<Vec<_>>(), ["docs"]);
        assert!(chosen(&["doc".to_owned()]).is_err());
    }
}
