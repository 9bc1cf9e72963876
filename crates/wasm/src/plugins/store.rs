//! The registry of plugins that cannot be changed.

use async_trait::async_trait;
use smartcms_app::ports::{Digest, PluginRecord, PluginStore, ReplacedVersion, StoreError};
use smartcms_domain::Timestamp;
use smartcms_domain::plugins::{Grants, PluginId};

use super::ListedPlugin;

/// The plugins of the program.
pub(crate) struct FixedStore(Vec<PluginRecord>);

impl FixedStore {
    pub(crate) fn of(listed: &[ListedPlugin]) -> Self {
        Self(listed.iter().map(record).collect())
    }
}

fn record(plugin: &ListedPlugin) -> PluginRecord {
    // `http` is no grant of one host, and is told as what the plugin reaches.
    let grants: Grants = plugin.grants.iter().filter_map(|it| it.parse().ok()).collect();
    PluginRecord {
        id: plugin.id.clone(),
        name: plugin.name.clone(),
        version: plugin.version.clone(),
        digest: plugin.digest,
        enabled: true,
        grants,
        settings: serde_json::Value::Object(plugin.settings.clone()).to_string(),
        added_at: Timestamp::EPOCH,
    }
}

/// Operations ask first whether the plugins are fixed; who does not is refused here.
fn refused<T>(action: &str) -> Result<T, StoreError> {
    Err(StoreError::new(action, "the plugins of this site are parts of its program"))
}

#[async_trait]
impl PluginStore for FixedStore {
    async fn list(&self) -> Result<Vec<PluginRecord>, StoreError> {
        Ok(self.0.clone())
    }

    async fn find(&self, id: &PluginId) -> Result<Option<PluginRecord>, StoreError> {
        Ok(self.0.iter().find(|it| it.id == *id).cloned())
    }

    async fn save(&self, _: PluginRecord) -> Result<(), StoreError> {
        refused("store a plugin")
    }

    async fn upgrade(&self, _: PluginRecord, _: PluginRecord) -> Result<(), StoreError> {
        refused("store another version of a plugin")
    }

    async fn replaced(&self, _: &PluginId) -> Result<Option<ReplacedVersion>, StoreError> {
        Ok(None)
    }

    async fn end_trial(&self, _: &PluginId, _: Digest) -> Result<(), StoreError> {
        Ok(())
    }

    async fn roll_back(&self, _: &PluginId, _: Digest) -> Result<Option<PluginRecord>, StoreError> {
        Ok(None)
    }

    async fn remove(&self, _: &PluginId) -> Result<bool, StoreError> {
        refused("remove a plugin")
    }

    fn is_fixed(&self) -> bool {
        true
    }

    async fn generation(&self) -> Result<u64, StoreError> {
        Ok(0)
    }
}
