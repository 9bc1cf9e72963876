//! Another version of a plugin in the place of the one in force, and back.

use bytes::Bytes;
use smartcms_domain::plugins::{GRANTS_MAX, Grant, Grants, PluginId};

use super::add::same_major;
use super::error::PluginAdminError;
use super::manage::find_plugin;
use super::note;
use crate::App;
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
    app: &App,
    id: &PluginId,
    version: &str,
    more: &[Grant],
) -> Result<Grants, PluginAdminError> {
    grants_after(&find_plugin(app, id).await?, version, more)
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

/// Puts a version in force. The one before is kept, and comes back by itself when this one fails its first calls.
pub async fn upgrade_plugin(
    app: &App,
    command: UpgradePlugin,
) -> Result<PluginRecord, PluginAdminError> {
    let replaced = find_plugin(app, &command.id).await?;
    let grants = grants_after(&replaced, &command.version, &command.grants)?;
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
    note(app, "plugin.upgraded", &next.id, said).await;
    Ok(next)
}

/// Puts the version back that was replaced, with what it held.
pub async fn roll_back_plugin(app: &App, id: &PluginId) -> Result<PluginRecord, PluginAdminError> {
    let now = find_plugin(app, id).await?;
    let back = app.plugin_store.roll_back(id, now.digest).await?;
    let back = back.ok_or_else(|| PluginAdminError::NothingReplaced(id.clone()))?;
    note(app, "plugin.rolled_back", id, back.version.clone()).await;
    Ok(back)
}
