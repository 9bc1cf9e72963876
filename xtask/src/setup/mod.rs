//! `setup`: gets what the other tasks need and this machine lacks, and nothing else.

mod javascript;
mod llama;
mod python;
mod rust_wasm;

use std::path::{Path, PathBuf};

use anyhow::Result;

pub(crate) use self::rust_wasm::GuestRust;
use crate::{
    task::{Task, expect_no_arguments},
    workshop::Workshop,
};

pub(crate) const TASK: Task = Task {
    name: "setup",
    summary: "gets the WebAssembly targets and the guest tools that are missing",
    help: "\
Gets what is missing to build the example plugins, and says what it does.

Usage: cargo xtask setup

  1. Rust's WebAssembly targets: nothing when they are there, else `rustup target add`, else
     the compiler of Debian's unstable suite, unpacked under target/xtask (never installed).
  2. JavaScript guest tools: `npm ci` in examples/ (Node 20), about 380 MB.
  3. Python guest tools: a virtual environment in target/xtask/venv (Python 3.11).

A second run does nothing. Needed beforehand: Rust by rustup, Node 20, Python 3.11, a C compiler.
Variables: PYTHON (interpreter to use), DEBIAN_MIRROR (for the fallback of step 1).",
    run: |workshop, arguments| {
        expect_no_arguments("setup", arguments)?;
        all(workshop).map(|_| ())
    },
};

/// Every step; answers the Rust toolchain that builds guests.
pub(crate) fn all(workshop: &Workshop) -> Result<GuestRust> {
    let rust = rust_wasm::ensure(workshop)?;
    javascript::ensure(workshop)?;
    python::ensure(workshop)?;
    Ok(rust)
}

/// The tools of the contract test alone.
pub(crate) fn contract(workshop: &Workshop) -> Result<()> {
    python::ensure_contract(workshop)
}

/// Hosts beside wasmtime.
pub(crate) fn hosts(workshop: &Workshop) -> Result<()> {
    python::ensure_hosts(workshop)
}

/// The tools of the portable build alone, and the toolchain that compiles it.
pub(crate) fn portable(workshop: &Workshop) -> Result<GuestRust> {
    python::ensure_portable(workshop)?;
    rust_wasm::ensure(workshop)
}

/// An interpreter of Python that is new enough.
pub(crate) fn python(workshop: &Workshop) -> Result<String> {
    python::interpreter(workshop).map(|(python, _)| python)
}

/// The npm packages that the lock file of a folder pins.
pub(crate) fn packages_of(workshop: &Workshop, stamp: &str, folder: &Path) -> Result<()> {
    javascript::packages_of(workshop, stamp, folder)
}

/// llama.cpp's server; `None` where it cannot be had.
pub(crate) fn llama_server(workshop: &Workshop) -> Option<PathBuf> {
    llama::ensure(workshop)
}

/// The WebAssembly targets alone.
pub(crate) fn rust_wasm(workshop: &Workshop) -> Result<GuestRust> {
    rust_wasm::ensure(workshop)
}
