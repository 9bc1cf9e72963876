//! `smartcms component compose`.

use std::path::{Path, PathBuf};

use smartcms_components::{ComponentFile, PLUGINS_INTERFACE, exports, takes_plugins};

use super::site_plugins::SitePlugins;
use super::{converted, explained, read, write};
use crate::commands::say;
use crate::failure::{Failure, exit};

pub(super) fn compose(
    socket: &Path,
    plugs: &[PathBuf],
    grants: &[String],
    output: &Path,
) -> anyhow::Result<()> {
    let (socket, _) = converted(&read(socket)?)?;
    let mut files: Vec<(&Path, ComponentFile)> = Vec::with_capacity(plugs.len());
    for plug in plugs {
        files.push((plug, converted(&read(plug)?)?.0));
    }
    let plugs = if wants_plugins(&socket, &files)? {
        with_plugins(files, grants)?
    } else if let Some(grant) = grants.first() {
        let message = format!("--grant {grant}: {} takes no plugins", socket.name);
        let hint = "plugins are composed into dist/portable/smartcms.wasm, together with the adapter of its host";
        return Err(Failure::hinted(message, hint, exit::INVALID));
    } else {
        files.into_iter().map(|(_, file)| file).collect()
    };
    let composed = smartcms_components::compose(&socket, &plugs).map_err(explained)?;
    write(output, &composed.wasm)?;
    for joint in &composed.joints {
        say(format_args!("{} of {} is answered by {}", joint.import, joint.socket, joint.plug));
    }
    say(format_args!("{}  {} bytes", output.display(), composed.wasm.len()));
    Ok(())
}

/// Whether a socket is a site whose plugins are still to be told; else somebody composes them in another way.
fn wants_plugins(socket: &ComponentFile, plugs: &[(&Path, ComponentFile)]) -> anyhow::Result<bool> {
    if !takes_plugins(socket).map_err(explained)? {
        return Ok(false);
    }
    for (_, plug) in plugs {
        if exports(plug).map_err(explained)?.iter().any(|it| it == PLUGINS_INTERFACE) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The plugs with one in the place of all plugins, before the others: what it imports an adapter may answer. A site without
/// plugins gets an empty one.
fn with_plugins(
    plugs: Vec<(&Path, ComponentFile)>,
    grants: &[String],
) -> anyhow::Result<Vec<ComponentFile>> {
    let (mut all, mut plugins) = (Vec::new(), SitePlugins::new(grants)?);
    for (path, file) in plugs {
        if !plugins.take(path, &file)? {
            all.push(file);
        }
    }
    all.insert(0, plugins.made()?);
    Ok(all)
}
