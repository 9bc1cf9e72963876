//! Which plugins there are.

use async_trait::async_trait;
use smartcms_domain::Timestamp;
use smartcms_domain::plugins::{Grants, PluginId};

use super::{Digest, StoreError};

/// The registry of plugins. Their components are blobs.
#[async_trait]
pub trait PluginStore: Send + Sync {
    /// Every plugin by id.
    async fn list(&self) -> Result<Vec<PluginRecord>, StoreError>;

    /// One plugin.
    async fn find(&self, id: &PluginId) -> Result<Option<PluginRecord>, StoreError>;

    /// Stores a plugin in the place of what was known of it.
    async fn save(&self, record: PluginRecord) -> Result<(), StoreError>;

    /// Forgets a plugin, its keys and its log; `false` when there is none.
    async fn remove(&self, id: &PluginId) -> Result<bool, StoreError>;

    /// A number that grows with every change of the registry, by whatever process.
    async fn generation(&self) -> Result<u64, StoreError>;
}

/// What is known of one plugin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PluginRecord {
    /// Its id.
    pub id: PluginId,
    /// What people call it.
    pub name: String,
    /// Its version, as it says.
    pub version: String,
    /// The component.
    pub digest: Digest,
    /// Whether the site uses it.
    pub enabled: bool,
    /// What the operator gave it.
    pub grants: Grants,
    /// Settings as one JSON object, read through `wasi:config`.
    pub settings: String,
    /// When it was added.
    pub added_at: Timestamp,
}
