//! `smartcms plugin list`: what there is, what it holds, and what it lacks.

use serde_json::{Value, json};
use smartcms_app::App;
use smartcms_app::plugins::{list_plugins, plugin_health};
use smartcms_app::ports::{PluginCondition, PluginRecord, PluginReport};
use smartcms_plugin_host::inspect;

use super::super::say;
use super::by_operator;
use crate::failure::fault;

pub(super) async fn list(app: &App, as_json: bool) -> anyhow::Result<()> {
    let mut health = plugin_health(app).await?;
    let mut rows = Vec::new();
    for record in list_plugins(&by_operator(app)).await.map_err(fault)? {
        let lacks = lacks(app, &record).await?;
        let report = health.remove(&record.id).filter(|_| record.enabled);
        rows.push((record, lacks, report));
    }
    if as_json {
        let items: Vec<Value> = rows
            .iter()
            .map(|(record, lacks, report)| json_of(record, lacks, report.as_ref()))
            .collect();
        say(serde_json::to_string_pretty(&items)?);
        return Ok(());
    }
    if rows.is_empty() {
        say("no plugins; `smartcms plugin add FILE` adds one");
    }
    for (record, lacks, report) in &rows {
        let state = if record.enabled { "enabled" } else { "disabled" };
        say(format_args!("{:<20} {:<8} {state}", record.id.as_str(), record.version));
        if !record.grants.is_empty() {
            say(format_args!("  holds {}", record.grants));
            print_words(record);
        }
        for lack in lacks {
            say(format_args!("  lacks {lack}: smartcms plugin grant {} {lack}", record.id));
        }
        if let Some(report) = report {
            print_health(report);
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

/// How it does in the servers that run.
fn print_health(report: &PluginReport) {
    if let Some(reason) = report.condition.reason() {
        say(format_args!("  {}: {reason}", report.condition.name()));
    }
    if matches!(report.condition, PluginCondition::Paused(_)) {
        say(format_args!("  smartcms plugin resume {} calls it again at once", report.plugin));
    }
    let it = &report.measures;
    if it.calls == 0 && it.turned_away == 0 {
        return;
    }
    let share =
        |percent| it.time_of_share(percent).map_or_else(|| "-".to_owned(), |it| format!("{it:?}"));
    say(format_args!(
        "  {} calls, half within {}, 99 % within {}, {} KiB at most",
        it.calls,
        share(50),
        share(99),
        it.memory_peak_bytes / 1024,
    ));
    let failures = [
        (it.traps, "traps"),
        (it.timeouts, "time-outs"),
        (it.limits, "limits reached"),
        (it.denials, "denials"),
        (it.turned_away, "turned away"),
    ];
    let failures: Vec<String> = failures
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    if !failures.is_empty() {
        say(format_args!("  {}", failures.join(", ")));
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

fn json_of(record: &PluginRecord, lacks: &[&str], report: Option<&PluginReport>) -> Value {
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
        "health": report.map(json_of_health),
    })
}

/// What no server reports is `null`: none runs, or the plugin is off.
fn json_of_health(report: &PluginReport) -> Value {
    let it = &report.measures;
    let share = |percent| it.time_of_share(percent).map(|it| it.as_micros());
    json!({
        "condition": report.condition.name(),
        "reason": report.condition.reason(),
        "calls": it.calls,
        "time_us": it.time_us,
        "time_p50_us": share(50),
        "time_p99_us": share(99),
        "memory_peak_bytes": it.memory_peak_bytes,
        "host_calls": it.host_calls,
        "traps": it.traps,
        "timeouts": it.timeouts,
        "limits": it.limits,
        "denials": it.denials,
        "turned_away": it.turned_away,
    })
}
