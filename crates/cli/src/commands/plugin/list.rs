//! `smartcms plugin list`: what there is, what it holds, and what it lacks.

use serde_json::{Value, json};
use smartcms_app::App;
use smartcms_app::plugins::list_plugins;
use smartcms_app::ports::PluginRecord;
use smartcms_plugin_host::inspect;

use super::super::say;
use crate::failure::fault;

pub(super) async fn list(app: &App, as_json: bool) -> anyhow::Result<()> {
    let mut rows = Vec::new();
    for record in list_plugins(app).await.map_err(fault)? {
        let lacks = lacks(app, &record).await?;
        rows.push((record, lacks));
    }
    if as_json {
        let items: Vec<Value> = rows.iter().map(|(record, lacks)| json_of(record, lacks)).collect();
        say(serde_json::to_string_pretty(&items)?);
        return Ok(());
    }
    if rows.is_empty() {
        say("no plugins; `smartcms plugin add FILE` adds one");
    }
    for (record, lacks) in &rows {
        let state = if record.enabled { "enabled" } else { "disabled" };
        say(format_args!("{:<20} {:<8} {state}", record.id.as_str(), record.version));
        if !record.grants.is_empty() {
            say(format_args!("  holds {}", record.grants));
            print_words(record);
        }
        for lack in lacks {
            say(format_args!("  lacks {lack}: smartcms plugin grant {} {lack}", record.id));
        }
    }
    Ok(())
}

/// What each grant allows, in words.
pub(super) fn print_words(record: &PluginRecord) {
    for grant in record.grants.iter() {
        say(format_args!("  it can {}", grant.words()));
    }
}

/// Examples of the grants without which the plugin is refused.
async fn lacks(app: &App, record: &PluginRecord) -> anyhow::Result<Vec<&'static str>> {
    let Some(component) = app.blobs.get(&record.digest).await? else { return Ok(Vec::new()) };
    let Ok(inspection) = inspect(&component, None) else { return Ok(Vec::new()) };
    let missing = inspection.capabilities.iter().filter(|it| it.required);
    let missing = missing.filter(|it| !record.grants.include(it.capability.name));
    Ok(missing.map(|it| it.capability.example).collect())
}

fn json_of(record: &PluginRecord, lacks: &[&str]) -> Value {
    let grants: Vec<String> = record.grants.iter().map(ToString::to_string).collect();
    json!({
        "id": record.id.as_str(),
        "name": record.name,
        "version": record.version,
        "digest": record.digest.to_string(),
        "enabled": record.enabled,
        "grants": grants,
        "lacks": lacks,
        "added_at": record.added_at.to_string(),
    })
}
