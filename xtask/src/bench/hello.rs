//! The components that answer with one line, for comparison.

use std::path::PathBuf;

use anyhow::Result;

use crate::{process, report, setup::GuestRust, workshop::Workshop};

const TARGET: &str = "wasm32-wasip2";

/// A guest of each version of WASI.
pub(super) struct Hello {
    pub(super) second: PathBuf,
    pub(super) third: PathBuf,
}

/// Both, built when something of them changed: the one of WASI 0.3 is an example.
pub(super) fn build(workshop: &Workshop, rust: &GuestRust) -> Result<Hello> {
    report::step("building the components that answer with one line");
    let guest = |folder: &str, name: &str| -> Result<PathBuf> {
        let target = workshop.state().join("hello-build").join(name);
        let arguments = ["build", "--quiet", "--release", "--locked", "--target", TARGET];
        let mut cargo = process::cargo(&workshop.path(folder), &arguments);
        cargo.args(["--package", name, "--target-dir"]).arg(&target);
        process::run(rust.apply(&mut cargo))?;
        Ok(target.join(TARGET).join("release").join(format!("{name}.wasm")))
    };
    Ok(Hello { second: guest("benches/hello", "hello")?, third: guest("examples", "hello3")? })
}
