//! `smartcms plugin`.

mod add;
mod blocks;
mod check;
mod events;
pub(super) mod functions;
mod inspect;
mod keys;
mod list;
mod logs;
mod models;
mod pins;
mod registry;
mod settings;
mod source;
mod task;
mod upgrade;

pub(in crate::commands) use add::{Candidate, PluginFile, manifest_beside};
pub(super) use pins::warn_of_differences;

use smartcms_app::plugins::{
    find_plugin, grant, remove_plugin, resume_plugin, revoke, set_enabled,
};
use smartcms_app::{App, OpContext};
use smartcms_domain::actors::Actor;
use smartcms_domain::plugins::{Grant, PluginId};

pub(crate) use add::add_file;
pub(crate) use logs::shown as printable_line;

use super::say;
use crate::args::{Folders, PluginCommand, SiteCommand};
use crate::author;
use crate::compose::{Operator, open_for_operator, open_with_plugins};
use crate::failure::{Failure, exit, fault};

pub(super) async fn plugin(folders: &Folders, command: PluginCommand) -> anyhow::Result<()> {
    match command {
        // These need no data of a site.
        PluginCommand::Inspect(args) => inspect::inspect(folders, &args).await,
        PluginCommand::Check { file, json } => check::check(&file, json),
        PluginCommand::Push(args) => registry::push(folders, &args).await,
        PluginCommand::Pull(args) => registry::pull(folders, &args).await,
        PluginCommand::Keygen(args) => keys::generate(&args),
        PluginCommand::Trust(command) => keys::trust(folders, command),
        PluginCommand::New(args) => author::new(&args),
        PluginCommand::Build(args) => author::build(&args),
        PluginCommand::Test(args) => author::test(&args).await,
        PluginCommand::Dev(args) => author::dev(folders, &args).await,
        // These open one as they need it.
        PluginCommand::Task(command) => task::task(folders, command).await,
        PluginCommand::Events(command) => events::events(folders, command).await,
        PluginCommand::Functions { json } => {
            functions::list(&open_with_plugins(folders).await?.app, json).await
        }
        PluginCommand::Call { id, function, arguments } => {
            let operator = open_with_plugins(folders).await?;
            let id = plugin_id(&id)?;
            let called = functions::call(&operator.app, &id, &function, &arguments).await;
            keep_lines(&operator, &id).await;
            called
        }
        PluginCommand::Blocks { json } => {
            blocks::list(&open_with_plugins(folders).await?.app, json).await
        }
        PluginCommand::Models { json } => {
            models::list(&open_with_plugins(folders).await?.app, json).await
        }
        PluginCommand::Generate { prompt, model, tokens } => {
            models::generate(folders, &prompt, model, tokens).await
        }
        PluginCommand::Embed { texts, model } => models::embed(folders, &texts, model).await,
        PluginCommand::Site(command) => of_site(folders, command).await,
    }
}

/// What is done to the plugins of a site.
async fn of_site(folders: &Folders, command: SiteCommand) -> anyhow::Result<()> {
    let operator = open_for_operator(folders)?;
    let app = &operator.app;
    match command {
        SiteCommand::Add(args) => add::add(app, folders, args).await,
        SiteCommand::Upgrade(args) => upgrade::upgrade(app, folders, &args).await,
        SiteCommand::Rollback { id } => upgrade::rollback(app, folders, &id).await,
        SiteCommand::List { json } => list::list(app, json).await,
        SiteCommand::Grant { id, capabilities } => {
            let record = grant(&by_operator(app), &plugin_id(&id)?, parsed(&capabilities)?)
                .await
                .map_err(fault)?;
            say(format_args!("{} holds: {}", record.id, record.grants));
            list::print_words(&record);
            Ok(())
        }
        SiteCommand::Revoke { id, capabilities } => {
            let record = revoke(&by_operator(app), &plugin_id(&id)?, parsed(&capabilities)?)
                .await
                .map_err(fault)?;
            let held = if record.grants.is_empty() {
                "nothing".to_owned()
            } else {
                record.grants.to_string()
            };
            say(format_args!("{} holds: {held}", record.id));
            Ok(())
        }
        SiteCommand::Set { id, values, unset, json } => {
            settings::set(app, &plugin_id(&id)?, &values, unset, json).await
        }
        SiteCommand::Enable { id } => switch(app, &id, true).await,
        SiteCommand::Disable { id } => switch(app, &id, false).await,
        SiteCommand::Resume { id } => {
            resume_plugin(&by_operator(app), &plugin_id(&id)?).await.map_err(fault)?;
            say(format_args!("{id} is called again by servers that run"));
            Ok(())
        }
        SiteCommand::Remove { id } => {
            let plugin = plugin_id(&id)?;
            find_plugin(&by_operator(app), &plugin).await.map_err(fault)?;
            pins::forget(folders, &id)?;
            remove_plugin(&by_operator(app), &plugin).await.map_err(fault)?;
            say(format_args!("removed {id}, its grants, its keys and its log"));
            Ok(())
        }
        SiteCommand::Logs { id, lines, json } => logs(&operator, &id, lines, json).await,
    }
}

/// Stores the lines that wait, before the process and they are gone: reading takes them along.
async fn keep_lines(operator: &Operator, id: &PluginId) {
    if let Err(error) = operator.log.newest(id, 1).await {
        tracing::warn!(%error, "could not store the log of plugin {id}");
    }
}

/// The command line is the operator's.
fn by_operator(app: &App) -> OpContext<'_> {
    OpContext::new(app, &Actor::Operator)
}

async fn switch(app: &App, id: &str, enabled: bool) -> anyhow::Result<()> {
    let record = set_enabled(&by_operator(app), &plugin_id(id)?, enabled).await.map_err(fault)?;
    say(format_args!("{} is {}", record.id, if enabled { "enabled" } else { "disabled" }));
    Ok(())
}

async fn logs(operator: &Operator, id: &str, lines: u32, as_json: bool) -> anyhow::Result<()> {
    let id = plugin_id(id)?;
    find_plugin(&by_operator(&operator.app), &id).await.map_err(fault)?;
    logs::logs(operator, &id, lines, as_json).await
}

fn plugin_id(text: &str) -> anyhow::Result<PluginId> {
    PluginId::parse(text).map_err(|error| {
        Failure::hinted(error.to_string(), "`smartcms plugin list` shows the ids", exit::INVALID)
    })
}

/// Reads grants as they are typed.
pub(crate) fn parsed(capabilities: &[String]) -> anyhow::Result<Vec<Grant>> {
    let parse = |text: &String| {
        text.parse().map_err(|error: smartcms_domain::plugins::GrantError| {
            let hint = "`smartcms plugin inspect FILE` shows what a plugin needs";
            Failure::hinted(error.to_string(), hint, exit::INVALID)
        })
    };
    capabilities.iter().map(parse).collect()
}
