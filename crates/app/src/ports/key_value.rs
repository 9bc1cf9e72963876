//! The keys of plugins.

use async_trait::async_trait;
use bytes::Bytes;
use smartcms_domain::plugins::PluginId;

use super::StoreError;

/// Keys and values, apart for each plugin and bucket.
#[async_trait]
pub trait KeyValueStore: Send + Sync {
    /// The value of a key.
    async fn get(&self, space: &KeySpace, key: &str) -> Result<Option<Bytes>, StoreError>;

    /// Sets and deletes (`None`) keys in one transaction: all or, past the quota, none.
    async fn apply(
        &self,
        space: &KeySpace,
        changes: Vec<(String, Option<Bytes>)>,
        quota: KeyValueQuota,
    ) -> Result<(), KeyValueError>;

    /// Keys in their order, after one, at most `limit`.
    async fn keys(
        &self,
        space: &KeySpace,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<String>, StoreError>;

    /// Adds to the number stored as decimal text under a key (absent is 0), atomically; the sum.
    async fn increment(
        &self,
        space: &KeySpace,
        key: &str,
        delta: i64,
        quota: KeyValueQuota,
    ) -> Result<i64, KeyValueError>;

    /// Replaces a value if it is still the expected one, atomically; whether it did.
    async fn compare_and_swap(
        &self,
        space: &KeySpace,
        key: &str,
        expected: Option<Bytes>,
        value: Bytes,
        quota: KeyValueQuota,
    ) -> Result<bool, KeyValueError>;
}

/// Whose keys.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeySpace {
    /// The plugin.
    pub plugin: PluginId,
    /// A name the plugin chose; empty is the usual one.
    pub bucket: String,
}

/// How much a plugin may keep, all its buckets together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyValueQuota {
    /// How many keys.
    pub keys_max: u64,
    /// How many bytes, keys and values together.
    pub bytes_max: u64,
}

impl Default for KeyValueQuota {
    fn default() -> Self {
        Self { keys_max: 10_000, bytes_max: 64 * 1024 * 1024 }
    }
}

/// Why keys were not changed.
#[derive(Debug, thiserror::Error)]
pub enum KeyValueError {
    /// The quota would be passed.
    #[error("plugin {plugin} would keep more than its quota of {} keys and {} bytes", quota.keys_max, quota.bytes_max)]
    Quota {
        /// Whose.
        plugin: PluginId,
        /// How much it may keep.
        quota: KeyValueQuota,
    },
    /// The value is not a number that can be counted up.
    #[error("the value of `{key}` is not a whole number of 64 bits")]
    NotANumber {
        /// The key.
        key: String,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
