//! Another version of a plugin in the place of the one in force, and back.

use bytes::Bytes;
use smartcms_domain::plugins::{GRANTS_MAX, Grant, Grants, PluginId};

use super::add::same_major;
use super::error::PluginAdminError;
use super::manage::find_plugin;
use super::note;
use crate::OpContext;
use crate::ports::PluginRecord;

/// A version that is to be put in the place of another. The caller has inspected the component.
#[derive(Debug, Clone)]
pub struct UpgradePlugin {
    /// The plugin.
    pub id: PluginId,
    /// What people call it.
    pub name: String,
    /// The version, as it says.
    pub version: String,
    /// The component.
    pub component: Bytes,
    /// What it is given besides what it keeps.
    pub grants: Vec<Grant>,
}

/// What a version would hold: what the one in force holds, within the same major version, and `more`.
pub async fn grants_after_upgrade(
    ctx: &OpContext<'_>,
    id: &PluginId,
    version: &str,
    more: &[Grant],
) -> Result<Grants, PluginAdminError> {
    grants_after(&find_plugin(ctx, id).await?, version, more)
}

fn grants_after(
    record: &PluginRecord,
    version: &str,
    more: &[Grant],
) -> Result<Grants, PluginAdminError> {
    let mut grants = match same_major(&record.version, version) {
        true => record.grants.clone(),
        false => Grants::default(),
    };
    for grant in more {
        grants.add(grant.clone());
    }
    if grants.len() > GRANTS_MAX {
        return Err(PluginAdminError::TooManyGrants(record.id.clone()));
    }
    Ok(grants)
}

/// Puts a version in force; by owners alone where it would hold what they alone give. The one before is kept, and comes back by itself when this one fails its first calls.
pub async fn upgrade_plugin(
    ctx: &OpContext<'_>,
    command: UpgradePlugin,
) -> Result<PluginRecord, PluginAdminError> {
    PluginAdminError::check_change(ctx)?;
    let replaced = find_plugin(ctx, &command.id).await?;
    let grants = grants_after(&replaced, &command.version, &command.grants)?;
    PluginAdminError::check_grants(ctx, grants.iter())?;
    let app = ctx.app;
    let digest = app.blobs.put(command.component).await?;
    if digest == replaced.digest {
        return Err(PluginAdminError::AlreadyInForce(command.id, replaced.version));
    }
    let next = PluginRecord {
        name: command.name,
        version: command.version,
        digest,
        grants,
        added_at: app.clock.now(),
        ..replaced.clone()
    };
    let said = format!("{} to {}, {digest}", replaced.version, next.version);
    app.plugin_store.upgrade(next.clone(), replaced).await?;
    note(ctx, "plugin.upgraded", &next.id, said).await;
    Ok(next)
}

/// Puts the version back that was replaced, with what it held: where that takes an owner to give, by an owner.
pub async fn roll_back_plugin(
    ctx: &OpContext<'_>,
    id: &PluginId,
) -> Result<PluginRecord, PluginAdminError> {
    PluginAdminError::check_change(ctx)?;
    let now = find_plugin(ctx, id).await?;
    let app = ctx.app;
    if let Some(replaced) = app.plugin_store.replaced(id).await? {
        PluginAdminError::check_grants(ctx, replaced.record.grants.iter())?;
    }
    let back = app.plugin_store.roll_back(id, now.digest).await?;
    let back = back.ok_or_else(|| PluginAdminError::NothingReplaced(id.clone()))?;
    app.plugin_files.went_back(id, &back.version).await;
    note(ctx, "plugin.rolled_back", id, back.version.clone()).await;
    Ok(back)
}
