//! Giving capabilities to plugins and taking them back.

use smartcms_domain::plugins::{GRANTS_MAX, Grant, PluginId};

use super::error::PluginAdminError;
use super::manage::find_plugin;
use super::note;
use crate::OpContext;
use crate::ports::PluginRecord;

/// Gives a plugin capabilities. All are given, or none: what reaches the machine, by owners alone.
pub async fn grant(
    ctx: &OpContext<'_>,
    id: &PluginId,
    grants: Vec<Grant>,
) -> Result<PluginRecord, PluginAdminError> {
    let mut record = find_plugin(ctx, id).await?;
    PluginAdminError::check_grants(ctx, &grants)?;
    let given = texts(&grants);
    for grant in grants {
        record.grants.add(grant);
    }
    if record.grants.len() > GRANTS_MAX {
        return Err(PluginAdminError::TooManyGrants(id.clone()));
    }
    ctx.app.plugin_store.save(record.clone()).await?;
    note(ctx, "plugin.granted", id, given).await;
    Ok(record)
}

/// Takes capabilities back. All are taken, or, when one was not held, none.
pub async fn revoke(
    ctx: &OpContext<'_>,
    id: &PluginId,
    grants: Vec<Grant>,
) -> Result<PluginRecord, PluginAdminError> {
    PluginAdminError::check_change(ctx)?;
    let mut record = find_plugin(ctx, id).await?;
    let taken = texts(&grants);
    for grant in grants {
        if !record.grants.remove(&grant) {
            return Err(PluginAdminError::NotGranted { plugin: id.clone(), grant });
        }
    }
    ctx.app.plugin_store.save(record.clone()).await?;
    note(ctx, "plugin.revoked", id, taken).await;
    Ok(record)
}

fn texts(grants: &[Grant]) -> String {
    grants.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}
