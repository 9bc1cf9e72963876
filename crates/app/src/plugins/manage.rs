//! Listing plugins, switching them on and off, and taking them away.

use smartcms_domain::plugins::PluginId;

use super::error::PluginAdminError;
use super::note;
use crate::OpContext;
use crate::ports::{PluginRecord, ReplacedVersion};

/// Every plugin by id.
pub async fn list_plugins(ctx: &OpContext<'_>) -> Result<Vec<PluginRecord>, PluginAdminError> {
    PluginAdminError::check(ctx)?;
    Ok(ctx.app.plugin_store.list().await?)
}

/// One plugin.
pub async fn find_plugin(
    ctx: &OpContext<'_>,
    id: &PluginId,
) -> Result<PluginRecord, PluginAdminError> {
    PluginAdminError::check(ctx)?;
    let found = ctx.app.plugin_store.find(id).await?;
    found.ok_or_else(|| PluginAdminError::Unknown(id.clone()))
}

/// The version that the one in force replaced, if it can come back.
pub async fn replaced_version(
    ctx: &OpContext<'_>,
    id: &PluginId,
) -> Result<Option<ReplacedVersion>, PluginAdminError> {
    PluginAdminError::check(ctx)?;
    Ok(ctx.app.plugin_store.replaced(id).await?)
}

/// Switches a plugin on or off; its grants and keys stay.
pub async fn set_enabled(
    ctx: &OpContext<'_>,
    id: &PluginId,
    enabled: bool,
) -> Result<PluginRecord, PluginAdminError> {
    PluginAdminError::check_change(ctx)?;
    let record = PluginRecord { enabled, ..find_plugin(ctx, id).await? };
    ctx.app.plugin_store.save(record.clone()).await?;
    let operation = if enabled { "plugin.enabled" } else { "plugin.disabled" };
    note(ctx, operation, id, record.version.clone()).await;
    Ok(record)
}

/// Takes a plugin away, with its grants, its keys and its log.
pub async fn remove_plugin(ctx: &OpContext<'_>, id: &PluginId) -> Result<(), PluginAdminError> {
    PluginAdminError::check_change(ctx)?;
    let removed = ctx.app.plugin_store.remove(id).await?;
    if !removed {
        return Err(PluginAdminError::Unknown(id.clone()));
    }
    ctx.app.plugin_files.came_as_file(id).await;
    note(ctx, "plugin.removed", id, String::new()).await;
    Ok(())
}
