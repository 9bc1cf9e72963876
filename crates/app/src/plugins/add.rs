//! Adding a plugin, or another version of one.

use bytes::Bytes;
use smartcms_domain::plugins::{Grants, PluginId};

use super::error::PluginAdminError;
use super::note;
use crate::OpContext;
use crate::ports::PluginRecord;

/// A plugin to add. The caller has inspected the component.
#[derive(Debug, Clone)]
pub struct AddPlugin {
    /// Its id.
    pub id: PluginId,
    /// What people call it.
    pub name: String,
    /// Its version, as it says.
    pub version: String,
    /// The component.
    pub component: Bytes,
}

/// Stores a plugin. It is enabled; what it was granted stays for the same major version and is dropped for
/// another one. A plugin that needs more than it holds is refused when the site calls it, before it runs.
///
/// What was granted to the version before is granted to another file then: where owners alone give it, they alone do this.
pub async fn add_plugin(
    ctx: &OpContext<'_>,
    command: AddPlugin,
) -> Result<PluginRecord, PluginAdminError> {
    PluginAdminError::check(ctx)?;
    let app = ctx.app;
    let known = app.plugin_store.find(&command.id).await?;
    let kept = known.filter(|it| same_major(&it.version, &command.version));
    let (grants, settings, enabled) = match kept {
        Some(record) => (record.grants, record.settings, record.enabled),
        None => (Grants::default(), "{}".to_owned(), true),
    };
    PluginAdminError::check_grants(ctx, grants.iter())?;
    let digest = app.blobs.put(command.component).await?;
    let record = PluginRecord {
        id: command.id,
        name: command.name,
        version: command.version,
        digest,
        enabled,
        grants,
        settings,
        added_at: app.clock.now(),
    };
    app.plugin_store.save(record.clone()).await?;
    let said = format!("{}, {digest}", record.version);
    note(ctx, "plugin.added", &record.id, said).await;
    Ok(record)
}

/// Whether grants for one version hold for the other.
pub(super) fn same_major(one: &str, other: &str) -> bool {
    major(one) == major(other)
}

/// The part of a semantic version that grants belong to: before 1.0 the minor number counts too.
fn major(version: &str) -> String {
    let mut parts = version.split('.');
    match (parts.next(), parts.next()) {
        (Some("0"), Some(minor)) => format!("0.{minor}"),
        (Some(major), _) => major.to_owned(),
        (None, _) => String::new(),
    }
}
