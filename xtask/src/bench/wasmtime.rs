//! The program `wasmtime`, which serves the same component for comparison.

use std::path::PathBuf;

use anyhow::Result;

use crate::{process, report, workshop::Workshop};

/// The version of the library that plugins run on.
const VERSION: &str = "48.0.8";

/// As much of the program as `wasmtime serve` needs.
const FEATURES: &str = "run,compile,serve,cranelift,component-model,component-model-async,\
pooling-allocator,parallel-compilation,threads,gc,gc-drc,gc-null,wasi-http";

/// The program, built when it is not there; without it some rows are left out.
pub(super) fn find(workshop: &Workshop) -> Option<PathBuf> {
    let program = workshop.state().join("tools/bin/wasmtime");
    let version = process::probe(process::command(&program, workshop.root()).arg("--version"));
    if version.is_some_and(|version| version.contains(VERSION)) {
        return Some(program);
    }
    report::slow_step("building the program wasmtime", 15);
    match install(workshop) {
        Ok(()) => Some(program),
        Err(error) => {
            report::failure(&error);
            report::note("going on without it: the rows beside `wasmtime serve` are left out");
            None
        }
    }
}

fn install(workshop: &Workshop) -> Result<()> {
    let mut cargo = process::cargo(workshop.root(), &["install", "wasmtime-cli", "--locked"]);
    cargo.args(["--version", VERSION, "--no-default-features", "--features", FEATURES]);
    cargo.arg("--root").arg(workshop.state().join("tools"));
    process::run(cargo.arg("--target-dir").arg(workshop.state().join("wasmtime-build")))
}
