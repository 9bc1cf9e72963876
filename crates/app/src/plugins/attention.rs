//! What of the plugins somebody should look at.

use smartcms_domain::plugins::PluginId;

use super::error::PluginAdminError;
use super::files::facts_of;
use super::health::plugin_health;
use super::manage::list_plugins;
use super::standing::{PluginStanding, standing};
use crate::OpContext;
use crate::events::PARKED_LISTED_MAX;

/// One thing that somebody should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PluginTrouble {
    /// It failed again and again, and is left alone for a while.
    Paused(PluginId, String),
    /// It cannot be called.
    Unusable(PluginId, String),
    /// It lacks capabilities without which it is refused.
    Lacks(PluginId, Vec<String>),
    /// It could not handle so many events.
    Parked(PluginId, usize),
}

/// What somebody should look at, by plugin. Of a plugin that is switched off nothing is told.
pub async fn plugin_troubles(ctx: &OpContext<'_>) -> Result<Vec<PluginTrouble>, PluginAdminError> {
    let records = list_plugins(ctx).await?;
    let health = plugin_health(ctx.app).await?;
    let mut troubles = Vec::new();
    for record in records.into_iter().filter(|it| it.enabled) {
        let facts = facts_of(ctx, &record).await?;
        let id = record.id.clone();
        match standing(&record, facts.as_deref(), health.get(&id)) {
            PluginStanding::Lacks(names) => troubles.push(PluginTrouble::Lacks(id, names)),
            PluginStanding::Paused(reason) => troubles.push(PluginTrouble::Paused(id, reason)),
            PluginStanding::Unusable(reason) => troubles.push(PluginTrouble::Unusable(id, reason)),
            PluginStanding::On | PluginStanding::Off => {}
        }
        let parked = ctx.app.outbox.parked(&record.id, PARKED_LISTED_MAX).await?.len();
        if parked > 0 {
            troubles.push(PluginTrouble::Parked(record.id, parked));
        }
    }
    Ok(troubles)
}
