//! `smartcms plugin new`.

use std::path::Path;

use anyhow::Context;
use smartcms_domain::plugins::PluginId;

use super::args::NewArgs;
use super::files::write_if_changed;
use super::{kit, say};
use crate::failure::{Failure, exit};

/// Makes a project in a folder that is empty or not there.
pub(super) fn new(args: &NewArgs) -> anyhow::Result<()> {
    if !kit::has_template(args.lang, args.point) {
        let (point, lang) = (args.point.name(), args.lang.folder());
        return Err(Failure::hinted(
            format!("there is no template for the point {point} in {lang}"),
            format!("`smartcms plugin new --lang rust --point {point}` has one"),
            exit::INVALID,
        ));
    }
    let folder = &args.name;
    let name = name_of(folder)?;
    refuse_occupied(folder)?;
    for (path, text) in kit::template(args.lang, args.point, &name) {
        write_if_changed(&folder.join(path), &text)?;
    }
    kit::write(folder, args.lang)?;
    let shown = folder.display();
    say(format_args!("made the plugin {name} in {shown}"));
    say(format_args!("next: cd {shown} && smartcms plugin build && smartcms plugin test"));
    Ok(())
}

/// The plugin's id: the last part of the path.
fn name_of(folder: &Path) -> anyhow::Result<String> {
    let whole = std::path::absolute(folder).context("could not find the folder")?;
    let name = whole.file_name().and_then(|it| it.to_str()).unwrap_or_default();
    let id = PluginId::parse(name).map_err(|error| {
        let hint = "a plugin is called like `reading-time`: small letters, digits and hyphens";
        Failure::hinted(error.to_string(), hint, exit::INVALID)
    })?;
    Ok(id.to_string())
}

fn refuse_occupied(folder: &Path) -> anyhow::Result<()> {
    let failed = || format!("could not look into {}", folder.display());
    if folder.exists() && std::fs::read_dir(folder).with_context(failed)?.next().is_some() {
        let message = format!("{} is not empty", folder.display());
        return Err(Failure::hinted(
            message,
            "choose a new name, or an empty folder",
            exit::CONFLICT,
        ));
    }
    Ok(())
}
