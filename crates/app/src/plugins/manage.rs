//! Listing plugins, switching them on and off, and taking them away.

use smartcms_domain::plugins::PluginId;

use super::error::PluginAdminError;
use super::note;
use crate::App;
use crate::ports::PluginRecord;

/// Every plugin by id.
pub async fn list_plugins(app: &App) -> Result<Vec<PluginRecord>, PluginAdminError> {
    Ok(app.plugin_store.list().await?)
}

/// One plugin.
pub async fn find_plugin(app: &App, id: &PluginId) -> Result<PluginRecord, PluginAdminError> {
    let found = app.plugin_store.find(id).await?;
    found.ok_or_else(|| PluginAdminError::Unknown(id.clone()))
}

/// Switches a plugin on or off; its grants and keys stay.
pub async fn set_enabled(
    app: &App,
    id: &PluginId,
    enabled: bool,
) -> Result<PluginRecord, PluginAdminError> {
    let record = PluginRecord { enabled, ..find_plugin(app, id).await? };
    app.plugin_store.save(record.clone()).await?;
    let operation = if enabled { "plugin.enabled" } else { "plugin.disabled" };
    note(app, operation, id, record.version.clone()).await;
    Ok(record)
}

/// Takes a plugin away, with its grants, its keys and its log.
pub async fn remove_plugin(app: &App, id: &PluginId) -> Result<(), PluginAdminError> {
    let removed = app.plugin_store.remove(id).await?;
    if !removed {
        return Err(PluginAdminError::Unknown(id.clone()));
    }
    note(app, "plugin.removed", id, String::new()).await;
    Ok(())
}
