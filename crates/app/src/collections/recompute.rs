//! Computing values again where the plugin of their function is another one than before.
//!
//! It goes the way of a changed definition: the entries are put aside with their new values, and swapped in one
//! transaction, so that no query finds values of both.

use std::collections::BTreeSet;

use smartcms_domain::collections::{CollectionDefinition, DefinitionChange};
use smartcms_domain::plugins::PluginId;

use super::Reach;
use super::apply::{Wanted, apply};
use super::error::CollectionError;
use super::plan::CollectionPlan;
use crate::OpContext;
use crate::ports::KnownDefinitions;

/// Computes all values of one plugin's functions again; what that changes.
pub async fn recompute(
    ctx: &OpContext<'_>,
    plugin: &PluginId,
    reach: Reach,
) -> Result<Vec<CollectionPlan>, CollectionError> {
    CollectionError::check(ctx)?;
    let known = ctx.app.definitions.definitions().await?;
    again(ctx, &known, plugin, reach).await
}

/// The same for every plugin that is another one than the one that values were computed by. One that is not there, or is
/// switched off, is left for later: its values stay.
pub async fn recompute_stale(ctx: &OpContext<'_>) -> Result<Vec<CollectionPlan>, CollectionError> {
    CollectionError::check(ctx)?;
    let known = ctx.app.definitions.definitions().await?;
    let definitions = known.records.iter().map(|it| &it.definition);
    let plugins: BTreeSet<PluginId> = definitions
        .flat_map(CollectionDefinition::computed)
        .map(|(_, it)| it.plugin.clone())
        .collect();
    let mut plans = Vec::new();
    for plugin in plugins {
        let record = ctx.app.plugin_store.find(&plugin).await?.filter(|it| it.enabled);
        let Some(record) = record else { continue };
        let computed_by = known.computed.iter().find(|(id, _)| *id == plugin);
        if computed_by.is_none_or(|(_, digest)| *digest != record.digest) {
            // The definitions of now: what was computed before has changed them.
            plans.extend(recompute(ctx, &plugin, Reach::default()).await?);
        }
    }
    Ok(plans)
}

async fn again(
    ctx: &OpContext<'_>,
    known: &KnownDefinitions,
    plugin: &PluginId,
    reach: Reach,
) -> Result<Vec<CollectionPlan>, CollectionError> {
    let definitions = known.records.iter().map(|it| &it.definition);
    let changes: Vec<DefinitionChange> =
        definitions.filter_map(|it| DefinitionChange::recomputed(it, plugin)).collect();
    let record = ctx.app.plugin_store.find(plugin).await?;
    let computed = record.map(|it| (plugin.clone(), it.digest)).into_iter().collect();
    apply(ctx, known, Wanted { changes, computed, ..Wanted::default() }, reach).await
}
