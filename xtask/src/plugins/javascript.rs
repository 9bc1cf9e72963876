//! Guests in JavaScript: the workspaces of `examples/package.json` that have a `build` script.

use std::{fs, path::Path};

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::{destination, place, shared_inputs, unless_current};
use crate::{process, report, workshop::Workshop};

/// Builds each guest; its script leaves `out/NAME.wasm`.
pub(super) fn build(workshop: &Workshop) -> Result<()> {
    let examples = workshop.examples();
    if !examples.join("package.json").is_file() {
        return Ok(());
    }
    for name in workspaces(&read(&examples.join("package.json"))?) {
        let folder = examples.join(&name);
        if read(&folder.join("package.json"))?.pointer("/scripts/build").is_none() {
            continue;
        }
        let mut inputs = shared_inputs(workshop);
        inputs.extend(["package-lock.json", "tools"].map(|shared| examples.join(shared)));
        inputs.push(folder.clone());
        inputs.extend(foreign_contracts(&examples));
        inputs.retain(|path| path.exists());
        let outputs = [destination(workshop, &name)];
        unless_current(workshop, &name, &inputs, &[], &outputs, || {
            report::slow_step(&format!("building {name} in JavaScript"), 1);
            process::run(process::command("npm", &folder).args(["run", "--silent", "build"]))?;
            place(workshop, &name, &folder.join(format!("out/{name}.wasm")), &folder)
        })?;
    }
    Ok(())
}

/// Contracts that lie in an example and others use too, such as `greet/wit`.
pub(super) fn foreign_contracts(examples: &Path) -> Vec<std::path::PathBuf> {
    let folders = crate::files::folders(examples).unwrap_or_default();
    folders.into_iter().map(|folder| folder.join("wit")).filter(|path| path.is_dir()).collect()
}

fn workspaces(package: &Value) -> Vec<String> {
    let names = package.get("workspaces").and_then(Value::as_array);
    names.into_iter().flatten().filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

fn read(path: &Path) -> Result<Value> {
    let text =
        fs::read_to_string(path).with_context(|| format!("could not read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("could not parse {}", path.display()))
}
