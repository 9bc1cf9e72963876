//! Guests in Rust: the members of `examples/Cargo.toml` with a table `[package.metadata.smartcms]`.

use std::{collections::BTreeMap, path::Path};

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::{destination, place, shared_inputs, unless_current};
use crate::{process, report, setup::GuestRust, workshop::Workshop};

/// One guest and how it is built.
#[derive(Debug, PartialEq, Eq)]
struct Guest {
    name: String,
    target: String,
    /// Whether the compiler leaves a core module that is made a component after.
    componentize: bool,
    /// The built file's name, without its ending.
    stem: String,
    /// The folder of its manifest, from `examples/`.
    folder: String,
}

/// Builds all guests when one of them changed: cargo knows which.
pub(super) fn build(workshop: &Workshop, rust: &GuestRust) -> Result<()> {
    let examples = workshop.examples();
    if !examples.join("Cargo.toml").is_file() {
        return Ok(());
    }
    let arguments = ["metadata", "--format-version", "1", "--no-deps"];
    let guests = parse(&process::output(&mut process::cargo(&examples, &arguments))?)?;
    let mut inputs = shared_inputs(workshop);
    inputs.extend(["Cargo.toml", "Cargo.lock", "tools"].map(|shared| examples.join(shared)));
    inputs.extend(guests.iter().map(|guest| examples.join(&guest.folder)));
    inputs.retain(|path| path.exists());
    let outputs: Vec<_> = guests.iter().map(|guest| destination(workshop, &guest.name)).collect();
    unless_current(workshop, "rust", &inputs, &[rust.version(workshop.root())], &outputs, || {
        report::slow_step(&format!("building {} plugins in Rust", guests.len()), 3);
        for (target, guests) in by_target(&guests) {
            build_target(workshop, rust, target, &guests)?;
        }
        Ok(())
    })
}

fn build_target(
    workshop: &Workshop,
    rust: &GuestRust,
    target: &str,
    guests: &[&Guest],
) -> Result<()> {
    let examples = workshop.examples();
    let mut cargo = process::cargo(&examples, &["build", "--release", "--target", target]);
    for guest in guests {
        cargo.args(["--package", &guest.name]);
    }
    process::run(rust.apply(&mut cargo))?;
    for guest in guests {
        let built = examples.join(format!("target/{target}/release/{}.wasm", guest.stem));
        if guest.componentize {
            let component = built.with_extension("component.wasm");
            componentize(&examples, &built, &component)?;
            place(workshop, &guest.name, &component, &examples.join(&guest.folder))?;
        } else {
            place(workshop, &guest.name, &built, &examples.join(&guest.folder))?;
        }
    }
    Ok(())
}

/// Runs the tool of the examples, which is built for this machine by the active toolchain.
fn componentize(examples: &Path, module: &Path, component: &Path) -> Result<()> {
    let mut tool = process::cargo(examples, &["run", "--quiet", "--package", "componentize", "--"]);
    // The tool says what it built; so does `place`.
    process::output(tool.arg(module).arg(component)).map(|_| ())
}

fn by_target(guests: &[Guest]) -> BTreeMap<&str, Vec<&Guest>> {
    let mut groups: BTreeMap<&str, Vec<&Guest>> = BTreeMap::new();
    for guest in guests {
        groups.entry(&guest.target).or_default().push(guest);
    }
    groups
}

/// Reads the output of `cargo metadata --no-deps`.
fn parse(metadata: &str) -> Result<Vec<Guest>> {
    let metadata: Value =
        serde_json::from_str(metadata).context("could not read cargo's metadata")?;
    let root = metadata.get("workspace_root").and_then(Value::as_str).unwrap_or_default();
    let packages = metadata.get("packages").and_then(Value::as_array);
    let packages = packages.context("cargo's metadata of examples/ has no packages")?;
    Ok(packages.iter().filter_map(|package| parse_guest(package, root)).collect())
}

/// `None` for a member that is no guest.
fn parse_guest(package: &Value, root: &str) -> Option<Guest> {
    let how = package.pointer("/metadata/smartcms")?;
    let targets = package.get("targets")?.as_array()?;
    let (binaries, libraries): (Vec<_>, Vec<_>) =
        targets.iter().filter(|target| !is_script(target)).partition(|it| has_kind(it, "bin"));
    // A library's file is named like its crate, a program's as it is written.
    let stem = match libraries.first() {
        Some(library) => library.get("name")?.as_str()?.replace('-', "_"),
        None => binaries.first()?.get("name")?.as_str()?.to_owned(),
    };
    let manifest = package.get("manifest_path")?.as_str()?;
    let folder = manifest.strip_prefix(root)?.strip_suffix("Cargo.toml")?;
    Some(Guest {
        name: package.get("name")?.as_str()?.to_owned(),
        target: how.get("target")?.as_str()?.to_owned(),
        componentize: how.get("componentize") == Some(&Value::Bool(true)),
        stem,
        folder: folder.trim_matches('/').to_owned(),
    })
}

fn is_script(target: &Value) -> bool {
    ["custom-build", "test", "example", "bench"].iter().any(|kind| has_kind(target, kind))
}

fn has_kind(target: &Value, wanted: &str) -> bool {
    let kinds = target.get("kind").and_then(Value::as_array);
    kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind == wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guests(name: &str, how: &Value, kind: &str) -> Vec<Guest> {
        let metadata = serde_json::json!({
            "workspace_root": "/r/examples",
            "packages": [{
                "name": name,
                "manifest_path": format!("/r/examples/{name}/Cargo.toml"),
                "metadata": how,
                "targets": [{ "name": name, "kind": [kind] }],
            }],
        });
        parse(&metadata.to_string()).unwrap()
    }

    #[test]
    fn a_guest_says_how_it_is_built() {
        let how = serde_json::json!({
            "smartcms": { "target": "wasm32-unknown-unknown", "componentize": true }
        });
        let expected = Guest {
            name: "greet-small".to_owned(),
            target: "wasm32-unknown-unknown".to_owned(),
            componentize: true,
            stem: "greet_small".to_owned(),
            folder: "greet-small".to_owned(),
        };
        assert_eq!(guests("greet-small", &how, "cdylib"), [expected]);
    }

    #[test]
    fn a_command_keeps_its_name() {
        let how = serde_json::json!({ "smartcms": { "target": "wasm32-wasip2" } });
        assert_eq!(guests("show-args", &how, "bin")[0].stem, "show-args");
    }

    #[test]
    fn a_member_without_the_table_is_no_guest() {
        assert_eq!(guests("componentize", &Value::Null, "bin"), []);
    }
}
