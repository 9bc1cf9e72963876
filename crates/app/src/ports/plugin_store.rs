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

    /// Stores another version in the place of the one in force, which is kept, and puts it on trial.
    async fn upgrade(&self, next: PluginRecord, replaced: PluginRecord) -> Result<(), StoreError>;

    /// The version that the one in force replaced.
    async fn replaced(&self, id: &PluginId) -> Result<Option<ReplacedVersion>, StoreError>;

    /// Ends the trial of a version that stood it. Nothing happens when another one is in force.
    async fn end_trial(&self, id: &PluginId, stood: Digest) -> Result<(), StoreError>;

    /// Puts the version back that `failed` replaced; `None` when another than `failed` is in force, or none is kept.
    async fn roll_back(
        &self,
        id: &PluginId,
        failed: Digest,
    ) -> Result<Option<PluginRecord>, StoreError>;

    /// Forgets a plugin, its keys and its log; `false` when there is none.
    async fn remove(&self, id: &PluginId) -> Result<bool, StoreError>;

    /// Whether the plugins are parts of the program itself: then nothing about them can be changed while it runs.
    fn is_fixed(&self) -> bool {
        false
    }

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

/// A version of a plugin that another one replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplacedVersion {
    /// As it was.
    pub record: PluginRecord,
    /// Whether the version in force has yet to stand its trial.
    pub on_trial: bool,
}
