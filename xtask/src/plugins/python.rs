//! Guests in Python: folders of `examples/` with a `build.json` that names their world.
//!
//! The module is called as the folder, with `_` for `-`.

use std::{fs, path::Path};

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::{destination, javascript::foreign_contracts, place, shared_inputs, unless_current};
use crate::{files, process, report, workshop::Workshop};

/// What `build.json` says.
struct Recipe {
    world: String,
    /// Folders of WIT, from the guest's folder.
    wit: Vec<String>,
}

/// Builds each guest with componentize-py of the virtual environment.
pub(super) fn build(workshop: &Workshop) -> Result<()> {
    for folder in files::folders(&workshop.examples())? {
        let recipe = folder.join("build.json");
        if !recipe.is_file() {
            continue;
        }
        let recipe = read(&recipe)?;
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut inputs = shared_inputs(workshop);
        inputs.extend([workshop.path("examples/requirements.txt"), folder.clone()]);
        inputs.extend(foreign_contracts(&workshop.examples()));
        let outputs = [destination(workshop, &name)];
        unless_current(workshop, &name, &inputs, &[], &outputs, || {
            report::slow_step(&format!("building {name} in Python"), 1);
            componentize(workshop, &folder, &recipe, &name)
        })?;
    }
    Ok(())
}

fn componentize(workshop: &Workshop, folder: &Path, recipe: &Recipe, name: &str) -> Result<()> {
    let out = folder.join("out");
    fs::create_dir_all(&out).with_context(|| format!("could not create {}", out.display()))?;
    let built = out.join(format!("{name}.wasm"));
    let mut command = process::command(workshop.venv_program("componentize-py"), folder);
    for wit in &recipe.wit {
        command.args(["--wit-path", wit]);
    }
    // Hooks are plain functions: without WASI the component imports nothing, so it can reach nothing.
    command.args(["--quiet", "--world", &recipe.world, "componentize", "--stub-wasi"]);
    process::run(command.arg("--output").arg(&built).arg(name.replace('-', "_")))?;
    place(workshop, name, &built, folder)
}

fn read(path: &Path) -> Result<Recipe> {
    let text =
        fs::read_to_string(path).with_context(|| format!("could not read {}", path.display()))?;
    parse(&text).with_context(|| format!("could not parse {}", path.display()))
}

fn parse(text: &str) -> Result<Recipe> {
    let recipe: Value = serde_json::from_str(text)?;
    let field = |key: &str| recipe.get(key).and_then(Value::as_str).map(str::to_owned);
    let wit = recipe.get("wit").and_then(Value::as_array).context("`wit` is not a list")?;
    Ok(Recipe {
        world: field("world").context("`world` is missing")?,
        wit: wit.iter().filter_map(|path| path.as_str().map(str::to_owned)).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recipe_names_world_and_contract() {
        let recipe = parse(r#"{ "world": "save-hook", "wit": ["../../wit/plugin"] }"#).unwrap();
        assert_eq!(recipe.world, "save-hook");
        assert_eq!(recipe.wit, ["../../wit/plugin"]);
        assert!(parse(r#"{ "world": "save-hook" }"#).is_err());
    }
}
