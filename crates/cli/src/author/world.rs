//! The WIT that a project is built against: its own world, with the contract and what that stands on below it.

use std::path::{Path, PathBuf};

use anyhow::Context;
use smartcms_plugin_host::renamed_namespace;

use super::files::{read, with_ending, write_if_changed};
use super::kit;
use super::project::Project;
use crate::failure::{Failure, exit};

/// The world that a project describes is called like this.
pub(super) const NAME: &str = "plugin";

/// What stands for `wasi:` while a scripting language is built: its runtime is told to do without WASI, and would take
/// away what the plugin wants from there too. The built component says `wasi:` again.
const WASI: &str = "wasi";
const STAND_IN: &str = "host";

/// As [`assemble`], with other names for what is WASI.
pub(super) fn assemble_without_wasi(project: &Project) -> anyhow::Result<PathBuf> {
    let folder = assemble(project)?;
    rename(&folder)?;
    Ok(folder)
}

/// Gives WASI its name back in a component that was built for [`assemble_without_wasi`].
pub(super) fn with_wasi(component: Vec<u8>) -> anyhow::Result<Vec<u8>> {
    renamed_namespace(component, STAND_IN, WASI).context("could not name what the plugin imports")
}

fn rename(folder: &Path) -> anyhow::Result<()> {
    for path in with_ending(folder, &["wit"])? {
        let text = read(&path)?.replace(&format!("{WASI}:"), &format!("{STAND_IN}:"));
        write_if_changed(&path, &text)?;
    }
    for entry in std::fs::read_dir(folder).context("could not list the world")? {
        let path = entry.context("could not list the world")?.path();
        if path.is_dir() {
            rename(&path)?;
        }
    }
    Ok(())
}

/// Puts the project's `wit/` and the contract into one folder, as the tools of the languages want it.
pub(super) fn assemble(project: &Project) -> anyhow::Result<PathBuf> {
    let own = with_ending(&project.folder.join("wit"), &["wit"])?;
    if own.is_empty() {
        let message = format!("{} has no wit/world.wit", project.folder.display());
        let hint = "it says what the plugin takes part in: `smartcms plugin new` writes one";
        return Err(Failure::hinted(message, hint, exit::NOT_FOUND));
    }
    let folder = project.kit("world");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)
            .with_context(|| format!("could not remove {}", folder.display()))?;
    }
    for path in own {
        let name = path.file_name().unwrap_or_default();
        write_if_changed(&folder.join(name), &read(&path)?)?;
    }
    for (name, text) in kit::contract() {
        write_if_changed(&folder.join("deps").join(name), text)?;
    }
    Ok(folder)
}
