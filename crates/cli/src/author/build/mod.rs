//! `smartcms plugin build`: one component from a project, by the language's own tools.

mod c;
mod go;
mod javascript;
mod python;
mod rust;

use std::path::PathBuf;

use anyhow::Context;
use smartcms_plugin_host::{Sdk, packaged, to_component};

use super::args::Language;
use super::project::Project;
use super::{kit, say, tools};
use crate::failure::{Failure, exit};

/// Builds a project.
pub(super) fn build(project: &Project) -> anyhow::Result<PathBuf> {
    let started = std::time::Instant::now();
    let (built, sdk) = match project.language {
        Language::Rust => (rust::build(project)?, "smartcms-plugin (Rust)"),
        Language::Js => (javascript::build(project)?, "smartcms-plugin (JavaScript)"),
        Language::Ts => (javascript::build(project)?, "smartcms-plugin (TypeScript)"),
        Language::Python => (python::build(project)?, "smartcms-plugin (Python)"),
        Language::C => (c::build(project)?, "smartcms-plugin (C)"),
        Language::Go => (go::build(project)?, "smartcms-plugin (Go)"),
    };
    let bytes = package(project, &built, sdk)?;
    let output = project.output();
    let size = bytes.len();
    std::fs::write(&output, bytes)
        .with_context(|| format!("could not write {}", output.display()))?;
    let name = output.file_name().unwrap_or_default().display();
    say(format_args!(
        "built {name}, {} in {:.1} s",
        size_of(size),
        started.elapsed().as_secs_f64()
    ));
    Ok(output)
}

/// Runs the tests in the plugin's own language: what they are called, and how they ended. None where there are none.
pub(super) fn test(project: &Project) -> Option<(&'static str, anyhow::Result<()>)> {
    match project.language {
        Language::Rust => Some(("cargo test", rust::test(project))),
        Language::Js | Language::Ts => javascript::test(project).map(|it| ("node --test", it)),
        Language::Python => python::test(project).map(|it| ("python -m unittest", it)),
        Language::Go => go::test(project).map(|it| ("go test", it)),
        // The cases are the tests of a plugin in C.
        Language::C => None,
    }
}

/// The component with its manifest and the SDK's version inside, checked as a site would check it.
fn package(project: &Project, built: &[u8], sdk: &str) -> anyhow::Result<Vec<u8>> {
    let component =
        to_component(built).context("the compiler's output cannot be made a component")?;
    let sdk = Sdk { name: sdk, version: kit::SDK_VERSION };
    let bytes = packaged(&component.wasm, &project.manifest_text, sdk)
        .context("could not put plugin.toml into the component")?;
    let inspection = smartcms_plugin_host::inspect(&bytes, None)
        .map_err(|error| Failure::with_exit(error, exit::INVALID))?;
    if let Some(refusal) = inspection.refused.first() {
        let message = format!("the plugin imports {}: {}", refusal.import, refusal.reason);
        let hint = "no site can run it like this; take out the call that needs it";
        return Err(Failure::hinted(message, hint, exit::INVALID));
    }
    for warning in &inspection.warnings {
        tools::note(format_args!("warning: {warning}"));
    }
    Ok(bytes)
}

fn size_of(bytes: usize) -> String {
    if bytes < 1 << 20 {
        format!("{} KiB", bytes.div_ceil(1 << 10))
    } else {
        format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20))
    }
}
