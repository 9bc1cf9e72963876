//! Giving capabilities to plugins and taking them back.

use smartcms_domain::plugins::{GRANTS_MAX, Grant, PluginId};

use super::error::PluginAdminError;
use super::manage::find_plugin;
use crate::App;
use crate::ports::PluginRecord;

/// Gives a plugin capabilities. All are given, or none.
pub async fn grant(
    app: &App,
    id: &PluginId,
    grants: Vec<Grant>,
) -> Result<PluginRecord, PluginAdminError> {
    let mut record = find_plugin(app, id).await?;
    for grant in grants {
        record.grants.add(grant);
    }
    if record.grants.len() > GRANTS_MAX {
        return Err(PluginAdminError::TooManyGrants(id.clone()));
    }
    app.plugin_store.save(record.clone()).await?;
    Ok(record)
}

/// Takes capabilities back. All are taken, or, when one was not held, none.
pub async fn revoke(
    app: &App,
    id: &PluginId,
    grants: Vec<Grant>,
) -> Result<PluginRecord, PluginAdminError> {
    let mut record = find_plugin(app, id).await?;
    for grant in grants {
        if !record.grants.remove(&grant) {
            return Err(PluginAdminError::NotGranted { plugin: id.clone(), grant });
        }
    }
    app.plugin_store.save(record.clone()).await?;
    Ok(record)
}
