//! How the plugins of a running site are, told from one process to another through the store.

use std::collections::BTreeMap;

use smartcms_domain::Timestamp;
use smartcms_domain::plugins::PluginId;
use uuid::Uuid;

use super::error::PluginAdminError;
use super::manage::find_plugin;
use super::note;
use crate::ports::{PluginCondition, PluginReport, StoreError};
use crate::{App, OpContext};

/// How old a report may be; a process that has not reported for longer is gone.
const REPORT_AGE_MAX_MS: i64 = 60_000;

/// Stores how the plugins of this process are.
pub async fn report_health(
    app: &App,
    process: Uuid,
    reports: Vec<PluginReport>,
) -> Result<(), StoreError> {
    let now = app.clock.now();
    app.plugin_health.report(process, now, reports, fresh_since(now)).await
}

/// How the plugins of the processes that run now are; one that runs in several is the sum of them.
pub async fn plugin_health(app: &App) -> Result<BTreeMap<PluginId, PluginReport>, StoreError> {
    let reports = app.plugin_health.reports(fresh_since(app.clock.now())).await?;
    let mut health: BTreeMap<PluginId, PluginReport> = BTreeMap::new();
    for report in reports {
        match health.get_mut(&report.plugin) {
            None => drop(health.insert(report.plugin.clone(), report)),
            Some(known) => {
                known.measures.add(&report.measures);
                if known.condition == PluginCondition::Ready {
                    known.condition = report.condition;
                }
            }
        }
    }
    Ok(health)
}

/// Lets running processes call a paused plugin again, at once.
pub async fn resume_plugin(ctx: &OpContext<'_>, id: &PluginId) -> Result<(), PluginAdminError> {
    let record = find_plugin(ctx, id).await?;
    ctx.app.plugin_health.ask_to_resume(id, ctx.app.clock.now()).await?;
    note(ctx, "plugin.resumed", id, record.version).await;
    Ok(())
}

/// Calls the plugins again that an operator has resumed since `after`; until when this is done.
pub async fn follow_resumptions(app: &App, after: Timestamp) -> Result<Timestamp, StoreError> {
    let mut newest = after;
    for (plugin, at) in app.plugin_health.resumptions(after).await? {
        app.plugins.resume(&plugin);
        newest = newest.max(at);
    }
    Ok(newest)
}

fn fresh_since(now: Timestamp) -> Timestamp {
    let before = Timestamp::from_millis(now.as_millis().saturating_sub(REPORT_AGE_MAX_MS));
    before.unwrap_or(Timestamp::EPOCH)
}
