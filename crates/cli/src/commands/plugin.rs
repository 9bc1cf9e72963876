//! `smartcms plugin`.

mod add;
mod inspect;
mod keys;
mod list;
mod logs;
mod pins;
mod registry;
mod source;
mod upgrade;

pub(super) use pins::warn_of_differences;

use smartcms_app::App;
use smartcms_app::plugins::{find_plugin, grant, remove_plugin, revoke, set_enabled};
use smartcms_domain::plugins::{Grant, PluginId};

use super::say;
use crate::args::{Folders, PluginCommand};
use crate::compose::{Operator, open_for_operator};
use crate::failure::{Failure, exit, fault};

pub(super) async fn plugin(folders: &Folders, command: PluginCommand) -> anyhow::Result<()> {
    // These need no data of a site.
    let command = match command {
        PluginCommand::Inspect(args) => return inspect::inspect(folders, &args).await,
        PluginCommand::Push(args) => return registry::push(folders, &args).await,
        PluginCommand::Pull(args) => return registry::pull(folders, &args).await,
        PluginCommand::Keygen(args) => return keys::generate(&args),
        PluginCommand::Trust(command) => return keys::trust(folders, command),
        command => command,
    };
    let operator = open_for_operator(folders)?;
    let app = &operator.app;
    match command {
        PluginCommand::Inspect(_)
        | PluginCommand::Push(_)
        | PluginCommand::Pull(_)
        | PluginCommand::Keygen(_)
        | PluginCommand::Trust(_) => Ok(()),
        PluginCommand::Add(args) => add::add(app, folders, args).await,
        PluginCommand::Upgrade(args) => upgrade::upgrade(app, folders, &args).await,
        PluginCommand::Rollback { id } => upgrade::rollback(app, folders, &id).await,
        PluginCommand::List { json } => list::list(app, json).await,
        PluginCommand::Grant { id, capabilities } => {
            let record =
                grant(app, &plugin_id(&id)?, parsed(&capabilities)?).await.map_err(fault)?;
            say(format_args!("{} holds: {}", record.id, record.grants));
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
            pins::forget(folders, &id)?;
            say(format_args!("removed {id}, its grants, its keys and its log"));
            Ok(())
        }
        PluginCommand::Logs { id, lines, json } => logs(&operator, &id, lines, json).await,
    }
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
