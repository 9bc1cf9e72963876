//! Guests of the hostile cases in `tests/plugin-cases`, built to `dist/plugin-cases`.

use std::fs;

use anyhow::{Context as _, Result};

use super::{shared_inputs, unless_current};
use crate::{files, process, report, setup::GuestRust, workshop::Workshop};

const TARGET: &str = "wasm32-wasip2";

/// Builds all of them when one changed; each folder of `guests` is a crate that is called like it.
pub(super) fn build(workshop: &Workshop, rust: &GuestRust) -> Result<()> {
    let folder = workshop.path("tests/plugin-cases");
    let guests = files::folders(&folder.join("guests"))?;
    let names = guests.iter().filter_map(|guest| guest.file_name()?.to_str());
    let names: Vec<String> = names.map(|name| format!("{name}.wasm")).collect();
    let out = workshop.path("dist/plugin-cases");
    let outputs: Vec<_> = names.iter().map(|name| out.join(name)).collect();
    let mut inputs = shared_inputs(workshop);
    inputs.extend(["guests", "Cargo.toml", "Cargo.lock"].map(|name| folder.join(name)));
    unless_current(workshop, "cases", &inputs, &[rust.version(workshop.root())], &outputs, || {
        report::slow_step(&format!("building {} hostile plugins in Rust", guests.len()), 1);
        let arguments = ["build", "--release", "--workspace", "--target", TARGET];
        process::run(rust.apply(&mut process::cargo(&folder, &arguments)))?;
        fs::create_dir_all(&out).with_context(|| format!("could not create {}", out.display()))?;
        for (name, output) in names.iter().zip(&outputs) {
            let built = folder.join("target").join(TARGET).join("release").join(name);
            fs::copy(&built, output).with_context(|| {
                format!("could not copy {} to {}", built.display(), output.display())
            })?;
        }
        Ok(())
    })
}
