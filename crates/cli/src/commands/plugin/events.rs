//! `smartcms plugin events`.

use serde_json::{Value, json};
use smartcms_app::OpContext;
use smartcms_app::events::{
    EventHealth, Retried, drop_parked, event_health, list_parked, retry_parked,
};
use smartcms_app::plugins::list_plugins;
use smartcms_app::ports::ParkedEvent;
use smartcms_domain::actors::Actor;
use smartcms_domain::plugins::PluginId;

use super::super::say;
use super::plugin_id;
use crate::args::{EventsCommand, Folders};
use crate::compose::{open_for_operator, open_with_plugins};
use crate::failure::{Failure, exit, fault};

pub(super) async fn events(folders: &Folders, command: EventsCommand) -> anyhow::Result<()> {
    match command {
        EventsCommand::List { id, json } => list(folders, id.as_deref(), json).await,
        EventsCommand::Retry { id, event, .. } => retry(folders, &id, event).await,
        EventsCommand::Drop { id, event, .. } => let_go(folders, &id, event).await,
    }
}

async fn list(folders: &Folders, id: Option<&str>, as_json: bool) -> anyhow::Result<()> {
    let app = open_for_operator(folders)?.app;
    let ctx = OpContext::new(&app, &Actor::Operator);
    let plugins = match id {
        Some(id) => vec![plugin_id(id)?],
        None => list_plugins(&ctx).await.map_err(fault)?.into_iter().map(|it| it.id).collect(),
    };
    let mut items = Vec::new();
    for plugin in plugins {
        let health = event_health(&ctx, &plugin).await.map_err(fault)?;
        let parked = list_parked(&ctx, &plugin).await.map_err(fault)?;
        // One that never listened is shown only to whoever asks for it.
        if health.heard.is_none() && id.is_none() {
            continue;
        }
        match as_json {
            true => items.push(json_of(&plugin, &health, &parked)),
            false => print(&plugin, &health, &parked),
        }
    }
    if as_json {
        say(serde_json::to_string_pretty(&items)?);
    }
    Ok(())
}

fn print(plugin: &PluginId, health: &EventHealth, parked: &[ParkedEvent]) {
    let (waiting, count) = (health.waiting, parked.len());
    say(format_args!("{:<20} {waiting} waiting, {count} parked", plugin.as_str()));
    if let Some(later) = health.heard.as_ref().and_then(|it| it.put_off.as_ref()) {
        let (tries, until, reason) = (later.tries, later.until, later.reason.as_str());
        say(format_args!("  the next one failed {tries} times, again at {until}: {reason}"));
    }
    for it in parked {
        let (event, tries) = (&it.event, it.tries);
        say(format_args!(
            "  {} {:<18} {} {} after {tries} tries: {}",
            event.id,
            event.kind.name(),
            event.collection,
            event.entry,
            it.reason,
        ));
    }
}

fn json_of(plugin: &PluginId, health: &EventHealth, parked: &[ParkedEvent]) -> Value {
    let parked = parked.iter().map(|it| {
        json!({
            "event": it.event.id.to_string(),
            "kind": it.event.kind.name(),
            "at": it.event.at.to_string(),
            "collection": it.event.collection.as_str(),
            "entry": it.event.entry.to_string(),
            "revision": it.event.revision.number(),
            "parked_at": it.at.to_string(),
            "tries": it.tries,
            "reason": it.reason,
        })
    });
    let later = health.heard.as_ref().and_then(|it| it.put_off.as_ref());
    json!({
        "plugin": plugin.as_str(),
        "waiting": health.waiting,
        "put_off": later.map(|it| json!({
            "tries": it.tries,
            "until": it.until.to_string(),
            "reason": it.reason,
        })),
        "parked": parked.collect::<Vec<_>>(),
    })
}

async fn retry(folders: &Folders, id: &str, event: Option<String>) -> anyhow::Result<()> {
    let app = open_with_plugins(folders).await?.app;
    let ctx = OpContext::new(&app, &Actor::Operator);
    let plugin = plugin_id(id)?;
    let mut still = 0;
    for event in wanted(&ctx, &plugin, event).await? {
        match retry_parked(&ctx, &plugin, &event).await.map_err(fault)? {
            Retried::Handled => say(format_args!("{event} was handled")),
            Retried::Parked(reason) => {
                still += 1;
                say(format_args!("{event} stays parked: {reason}"));
            }
        }
    }
    if still > 0 {
        let hint = format!("`smartcms plugin logs {plugin}` shows what it said");
        return Err(Failure::hinted(format!("{still} events stay parked"), hint, exit::FAILED));
    }
    Ok(())
}

async fn let_go(folders: &Folders, id: &str, event: Option<String>) -> anyhow::Result<()> {
    let app = open_for_operator(folders)?.app;
    let ctx = OpContext::new(&app, &Actor::Operator);
    let plugin = plugin_id(id)?;
    for event in wanted(&ctx, &plugin, event).await? {
        drop_parked(&ctx, &plugin, &event).await.map_err(fault)?;
        say(format_args!("{event} was dropped"));
    }
    Ok(())
}

/// The event that was named, or every one that is parked.
async fn wanted(
    ctx: &OpContext<'_>,
    plugin: &PluginId,
    event: Option<String>,
) -> anyhow::Result<Vec<String>> {
    if let Some(event) = event {
        return Ok(vec![event]);
    }
    let parked = list_parked(ctx, plugin).await.map_err(fault)?;
    Ok(parked.iter().map(|it| it.event.id.to_string()).collect())
}
