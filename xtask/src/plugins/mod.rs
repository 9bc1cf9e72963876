//! `plugins`: builds the example plugins in every language to `dist/plugins`.
//!
//! What to build is found, not listed here: each language's own project file names its plugins.

mod cases;
mod javascript;
mod python;
mod rust;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};

use crate::{
    files, report,
    setup::{self, GuestRust},
    stamps::Stamp,
    task::{Task, expect_no_arguments},
    workshop::Workshop,
};

pub(crate) const TASK: Task = Task {
    name: "plugins",
    summary: "builds the example plugins to dist/plugins",
    help: "\
Builds every example plugin from source to dist/plugins/NAME.wasm.

Usage: cargo xtask plugins

  Rust        members of examples/Cargo.toml with a table [package.metadata.smartcms]: `target`,
              and `componentize = true` for a core module that is made a component after
  JavaScript  workspaces of examples/package.json: `npm run build` writes out/NAME.wasm
  Python      folders of examples/ with a build.json (its `world`, its `wit` folders):
              componentize-py makes a component of the module called as the folder
  Hostile     crates of tests/plugin-cases/guests, built to dist/plugin-cases/NAME.wasm

A plugin whose sources, contract and tools did not change is not built again.",
    run: |workshop, arguments| {
        expect_no_arguments("plugins", arguments)?;
        let rust = setup::all(workshop)?;
        build(workshop, &rust)
    },
};

/// Builds what changed; `setup::all` must have run.
pub(crate) fn build(workshop: &Workshop, rust: &GuestRust) -> Result<()> {
    if !workshop.examples().is_dir() {
        return Ok(());
    }
    let out = workshop.plugins_out();
    fs::create_dir_all(&out).with_context(|| format!("could not create {}", out.display()))?;
    rust::build(workshop, rust)?;
    cases::build(workshop, rust)?;
    javascript::build(workshop)?;
    python::build(workshop)
}

/// Builds those in Rust that changed.
pub(crate) fn build_rust(workshop: &Workshop, rust: &GuestRust) -> Result<()> {
    let out = workshop.plugins_out();
    fs::create_dir_all(&out).with_context(|| format!("could not create {}", out.display()))?;
    rust::build(workshop, rust)
}

/// Builds those in Rust that changed, and the guests of the hostile cases.
pub(crate) fn build_for_pages(workshop: &Workshop, rust: &GuestRust) -> Result<()> {
    build_rust(workshop, rust)?;
    cases::build(workshop, rust)
}

/// Everything but its own folder that a guest is made from: the contract and the SDKs.
fn shared_inputs(workshop: &Workshop) -> Vec<PathBuf> {
    let paths = ["wit", "sdk"].map(|name| workshop.path(name));
    paths.into_iter().filter(|path| path.exists()).collect()
}

/// Runs `work` unless it ran for the same `inputs` and left all of `outputs`.
fn unless_current(
    workshop: &Workshop,
    name: &str,
    inputs: &[PathBuf],
    facts: &[String],
    outputs: &[PathBuf],
    work: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let hash = files::hash(workshop.root(), inputs, facts)?;
    let stamp = Stamp::new(workshop, &format!("plugin-{name}"), hash);
    if stamp.is_current() && outputs.iter().all(|path| path.is_file()) {
        return Ok(());
    }
    stamp.clear();
    work()?;
    stamp.set()
}

/// Puts a built plugin into `dist/plugins`, and the `plugin.toml` beside its sources, if any, as
/// `NAME.plugin.toml`, where `smartcms plugin add` looks for it.
fn place(workshop: &Workshop, name: &str, built: &Path, sources: &Path) -> Result<()> {
    let target = destination(workshop, name);
    let size = fs::copy(built, &target)
        .with_context(|| format!("could not copy {} to {}", built.display(), target.display()))?;
    let manifest = sources.join("plugin.toml");
    if manifest.is_file() {
        fs::copy(&manifest, target.with_extension("plugin.toml"))
            .with_context(|| format!("could not copy {}", manifest.display()))?;
    }
    report::note(&format!("dist/plugins/{name}.wasm, {} KiB", size / 1024));
    Ok(())
}

fn destination(workshop: &Workshop, name: &str) -> PathBuf {
    workshop.plugins_out().join(format!("{name}.wasm"))
}
