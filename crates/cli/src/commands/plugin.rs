//! `smartcms plugin`.

mod blocks;
mod functions;
mod inspect;
mod list;
mod logs;
mod models;

use std::path::Path;

use anyhow::Context;
use bytes::Bytes;
use smartcms_app::App;
use smartcms_app::plugins::{
    AddPlugin, add_plugin, find_plugin, grant, remove_plugin, revoke, set_enabled,
};
use smartcms_domain::plugins::{Grant, PluginId};
use smartcms_plugin_host::{Inspection, to_component};

use super::say;
use crate::args::{Folders, PluginCommand};
use crate::compose::{Operator, open_for_operator, open_with_plugins, plugin_loader};
use crate::failure::{Failure, exit, fault};

pub(super) async fn plugin(folders: &Folders, command: PluginCommand) -> anyhow::Result<()> {
    // Inspecting needs no site, only the file.
    if let PluginCommand::Inspect { file, json } = command {
        return inspect::inspect(&file, json);
    }
    let operator = match &command {
        PluginCommand::Functions { .. }
        | PluginCommand::Call { .. }
        | PluginCommand::Blocks { .. }
        | PluginCommand::Models { .. }
        | PluginCommand::Generate { .. } => open_with_plugins(folders).await?,
        _ => open_for_operator(folders)?,
    };
    let app = &operator.app;
    match command {
        PluginCommand::Functions { json } => functions::list(app, json).await,
        PluginCommand::Call { id, function, arguments } => {
            functions::call(app, &plugin_id(&id)?, &function, &arguments).await
        }
        PluginCommand::Blocks { json } => blocks::list(app, json).await,
        PluginCommand::Models { json } => models::list(app, json).await,
        PluginCommand::Generate { id, model, prompt, tokens } => {
            models::generate(app, &plugin_id(&id)?, model, prompt, tokens).await
        }
        PluginCommand::Inspect { .. } => Ok(()),
        PluginCommand::Add { file, id } => add(app, folders, &file, id.as_deref()).await,
        PluginCommand::List { json } => list::list(app, json).await,
        PluginCommand::Grant { id, capabilities } => {
            let record =
                grant(app, &plugin_id(&id)?, parsed(&capabilities)?).await.map_err(fault)?;
            say(format_args!("{} holds: {}", record.id, record.grants));
            list::print_words(&record);
            Ok(())
        }
        PluginCommand::Revoke { id, capabilities } => {
            let record =
                revoke(app, &plugin_id(&id)?, parsed(&capabilities)?).await.map_err(fault)?;
            let held = if record.grants.is_empty() {
                "nothing".to_owned()
            } else {
                record.grants.to_string()
            };
            say(format_args!("{} holds: {held}", record.id));
            Ok(())
        }
        PluginCommand::Enable { id } => switch(app, &id, true).await,
        PluginCommand::Disable { id } => switch(app, &id, false).await,
        PluginCommand::Remove { id } => {
            remove_plugin(app, &plugin_id(&id)?).await.map_err(fault)?;
            say(format_args!("removed {id}, its grants, its keys and its log"));
            Ok(())
        }
        PluginCommand::Logs { id, lines, json } => logs(&operator, &id, lines, json).await,
    }
}

/// A plugin's file with what it tells.
struct PluginFile {
    bytes: Vec<u8>,
    inspection: Inspection,
}

impl PluginFile {
    /// Reads a file and the plugin.toml beside it.
    fn read(file: &Path) -> anyhow::Result<Self> {
        let bytes =
            std::fs::read(file).with_context(|| format!("could not read {}", file.display()))?;
        let beside = manifest_beside(file)?;
        let inspection = smartcms_plugin_host::inspect(&bytes, beside.as_deref())
            .with_context(|| format!("could not inspect {}", file.display()))?;
        Ok(Self { bytes, inspection })
    }
}

/// `visits.plugin.toml` beside `visits.wasm`, or `plugin.toml` in the same folder.
fn manifest_beside(file: &Path) -> anyhow::Result<Option<String>> {
    for path in [file.with_extension("plugin.toml"), file.with_file_name("plugin.toml")] {
        match std::fs::read_to_string(&path) {
            Ok(text) => return Ok(Some(text)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => {
                return Err(error).with_context(|| format!("could not read {}", path.display()));
            }
        }
    }
    Ok(None)
}

async fn add(app: &App, folders: &Folders, path: &Path, id: Option<&str>) -> anyhow::Result<()> {
    let file = PluginFile::read(path)?;
    if let Some(refusal) = file.inspection.refused.first() {
        let message = format!("{} imports {}: {}", path.display(), refusal.import, refusal.reason);
        let hint = "this host cannot offer that, whatever is granted; `smartcms plugin inspect` shows every import";
        return Err(Failure::hinted(message, hint, exit::INVALID));
    }
    if file.inspection.extension_points.is_empty() {
        let message =
            format!("{} takes part nowhere: it exports no extension point", path.display());
        let hint = format!("`smartcms run {}` runs any component", path.display());
        return Err(Failure::hinted(message, hint, exit::INVALID));
    }
    let component = compiled(folders, path, &file.bytes).await?;
    let command = described(path, &file.inspection, component, id)?;
    let record = add_plugin(app, command).await.map_err(fault)?;
    say(format_args!("added {} {} ({})", record.id, record.version, record.digest));
    inspect::print_needs(&file.inspection, &record);
    Ok(())
}

/// The component of a file, compiled into the site's cache: whoever adds a plugin that cannot be compiled is told at
/// once, and the server finds the work done.
async fn compiled(folders: &Folders, path: &Path, file: &[u8]) -> anyhow::Result<Bytes> {
    let failed = || format!("could not add {}", path.display());
    let component = Bytes::from(to_component(file).with_context(failed)?.wasm.into_owned());
    plugin_loader(&folders.data())?.prepare(&component).await.with_context(failed)?;
    Ok(component)
}

/// Id, name and version: as asked, else as the manifest says, else from the file's name.
fn described(
    path: &Path,
    inspection: &Inspection,
    component: Bytes,
    id: Option<&str>,
) -> anyhow::Result<AddPlugin> {
    let manifest = inspection.manifest.as_ref();
    let stem = path.file_stem().and_then(|it| it.to_str()).unwrap_or_default();
    let id = plugin_id(id.or(manifest.map(|it| it.id.as_str())).unwrap_or(stem))?;
    Ok(AddPlugin {
        name: manifest.and_then(|it| it.name.clone()).unwrap_or_else(|| id.to_string()),
        version: manifest.and_then(|it| it.version.clone()).unwrap_or_else(|| "0.0.0".to_owned()),
        id,
        component,
    })
}

async fn switch(app: &App, id: &str, enabled: bool) -> anyhow::Result<()> {
    let record = set_enabled(app, &plugin_id(id)?, enabled).await.map_err(fault)?;
    say(format_args!("{} is {}", record.id, if enabled { "enabled" } else { "disabled" }));
    Ok(())
}

async fn logs(operator: &Operator, id: &str, lines: u32, as_json: bool) -> anyhow::Result<()> {
    let id = plugin_id(id)?;
    find_plugin(&operator.app, &id).await.map_err(fault)?;
    logs::logs(operator, &id, lines, as_json).await
}

fn plugin_id(text: &str) -> anyhow::Result<PluginId> {
    PluginId::parse(text).map_err(|error| {
        Failure::hinted(error.to_string(), "`smartcms plugin list` shows the ids", exit::INVALID)
    })
}

/// Reads grants as they are typed.
pub(super) fn parsed(capabilities: &[String]) -> anyhow::Result<Vec<Grant>> {
    let parse = |text: &String| {
        text.parse().map_err(|error: smartcms_domain::plugins::GrantError| {
            let hint = "`smartcms plugin inspect FILE` shows what a plugin needs";
            Failure::hinted(error.to_string(), hint, exit::INVALID)
        })
    };
    capabilities.iter().map(parse).collect()
}
