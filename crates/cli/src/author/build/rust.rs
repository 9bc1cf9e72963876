//! Rust: cargo, and the target that Cargo.toml names.

use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Deserialize;

use super::super::files::read;
use super::super::project::Project;
use super::super::tools::{command, output, run};
use crate::failure::{Failure, exit};

const INSTALL: &str = "install Rust with rustup: https://rustup.rs";

/// Imports nothing that is not called: the best shape of a hook or a filter. A plugin that needs files or variables
/// says `[package.metadata.smartcms] target = "wasm32-wasip2"`.
const TARGET_DEFAULT: &str = "wasm32-unknown-unknown";

/// Builds the library and gives its bytes.
pub(super) fn build(project: &Project) -> anyhow::Result<Vec<u8>> {
    let target = target(&project.folder)?;
    require_target(&project.folder, &target)?;
    let mut cargo = command("cargo", &project.folder);
    cargo.args(["build", "--release", "--target", &target]);
    cargo.arg("--message-format=json-render-diagnostics");
    let messages = output(&mut cargo, INSTALL)?;
    let built = artifact(&messages, &project.folder.join("Cargo.toml")).ok_or_else(|| {
        let message = "cargo built no WebAssembly file of this project";
        let hint = "Cargo.toml needs [lib] with crate-type = [\"cdylib\"]";
        Failure::hinted(message, hint, exit::INVALID)
    })?;
    std::fs::read(&built).with_context(|| format!("could not read {}", built.display()))
}

/// Runs the tests in Rust.
pub(in super::super) fn test(project: &Project) -> anyhow::Result<()> {
    run(command("cargo", &project.folder).args(["test", "--quiet"]), INSTALL)
}

fn target(folder: &Path) -> anyhow::Result<String> {
    let path = folder.join("Cargo.toml");
    let manifest: toml::Table = toml::from_str(&read(&path)?)
        .with_context(|| format!("could not read {}", path.display()))?;
    let chosen = manifest.get("package").and_then(|it| it.get("metadata"));
    let chosen = chosen.and_then(|it| it.get("smartcms")?.get("target")?.as_str());
    Ok(chosen.unwrap_or(TARGET_DEFAULT).to_owned())
}

fn require_target(folder: &Path, target: &str) -> anyhow::Result<()> {
    let mut rustc = command("rustc", folder);
    let libraries = output(rustc.args(["--print", "target-libdir", "--target", target]), INSTALL)?;
    if Path::new(libraries.trim()).is_dir() {
        return Ok(());
    }
    let message = format!("this Rust compiler cannot build for {target}");
    Err(Failure::hinted(message, format!("rustup target add {target}"), exit::NOT_FOUND))
}

/// The WebAssembly file of a project among what cargo says it made.
fn artifact(messages: &str, manifest: &Path) -> Option<PathBuf> {
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<Message>(line).ok());
    let own = messages.filter(|it| {
        it.reason == "compiler-artifact" && it.manifest_path.as_deref() == Some(manifest)
    });
    let files: Vec<PathBuf> = own.flat_map(|it| it.filenames).collect();
    files.into_iter().rfind(|it| it.extension().is_some_and(|it| it == "wasm"))
}

/// A line of what cargo says, as far as it matters here.
#[derive(Deserialize)]
struct Message {
    reason: String,
    #[serde(default)]
    manifest_path: Option<PathBuf>,
    #[serde(default)]
    filenames: Vec<PathBuf>,
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::artifact;

    #[test]
    fn the_file_of_the_project_is_found_among_those_of_its_dependencies() {
        let messages = [
            r#"{"reason":"compiler-artifact","manifest_path":"/p/.smartcms/sdk/rust/Cargo.toml","filenames":["/t/a.rlib"]}"#,
            r#"{"reason":"compiler-artifact","manifest_path":"/p/Cargo.toml","filenames":["/t/my.wasm"]}"#,
            r#"{"reason":"build-finished","success":true}"#,
            "no JSON",
        ];
        let found = artifact(&messages.join("\n"), Path::new("/p/Cargo.toml"));
        assert_eq!(found.as_deref(), Some(Path::new("/t/my.wasm")));
        assert_eq!(artifact("", Path::new("/p/Cargo.toml")), None);
    }
}
