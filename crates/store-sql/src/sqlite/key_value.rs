//! The keys of plugins.

use async_trait::async_trait;
use bytes::Bytes;
use rusqlite::{Connection, params};
use smartcms_app::ports::{KeySpace, KeyValueError, KeyValueQuota, KeyValueStore, StoreError};

use super::SqliteStore;
use super::rows::{Fault, all, count, first, run};
use super::writer::Refusal;

const GET: &str = "SELECT value FROM plugin_keys WHERE plugin = ?1 AND bucket = ?2 AND key = ?3";
/// The length of a value is known without reading it.
const LENGTH: &str =
    "SELECT length(value) FROM plugin_keys WHERE plugin = ?1 AND bucket = ?2 AND key = ?3";
const KEYS: &str = "SELECT key FROM plugin_keys WHERE plugin = ?1 AND bucket = ?2 AND key > ?3 \
    ORDER BY key LIMIT ?4";
const ALL_KEYS: &str = "SELECT key FROM plugin_keys WHERE plugin = ?1 AND bucket = ?2 \
    ORDER BY key LIMIT ?3";
const SET: &str = "INSERT INTO plugin_keys (plugin, bucket, key, value) VALUES (?1, ?2, ?3, ?4) \
    ON CONFLICT (plugin, bucket, key) DO UPDATE SET value = excluded.value";
const DELETE: &str = "DELETE FROM plugin_keys WHERE plugin = ?1 AND bucket = ?2 AND key = ?3";
const USAGE: &str = "SELECT keys, bytes FROM plugin_usage WHERE plugin = ?1";
const SET_USAGE: &str = "INSERT INTO plugin_usage (plugin, keys, bytes) VALUES (?1, ?2, ?3) \
    ON CONFLICT (plugin) DO UPDATE SET keys = excluded.keys, bytes = excluded.bytes";

type Change = (String, Option<Bytes>);

/// What a plugin keeps, all its buckets together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Usage {
    keys: u64,
    bytes: u64,
}

#[async_trait]
impl KeyValueStore for SqliteStore {
    async fn get(&self, space: &KeySpace, key: &str) -> Result<Option<Bytes>, StoreError> {
        let action = || format!("read a key of plugin {}", space.plugin);
        self.readers.read(action, |db| value(db, space, key))
    }

    async fn apply(
        &self,
        space: &KeySpace,
        changes: Vec<Change>,
        quota: KeyValueQuota,
    ) -> Result<(), KeyValueError> {
        let space = space.clone();
        let action = format!("change {} keys of plugin {}", changes.len(), space.plugin);
        self.writer.write(action, move |db| change(db, &space, &changes, quota)).await
    }

    async fn keys(
        &self,
        space: &KeySpace,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<String>, StoreError> {
        let (plugin, bucket) = (space.plugin.as_str(), space.bucket.as_str());
        let action = || format!("list the keys of plugin {plugin}");
        self.readers.read(action, |db| match after {
            Some(after) => {
                all(db, KEYS, params![plugin, bucket, after, limit], |mut row| row.next())
            }
            None => all(db, ALL_KEYS, params![plugin, bucket, limit], |mut row| row.next()),
        })
    }

    async fn increment(
        &self,
        space: &KeySpace,
        key: &str,
        delta: i64,
        quota: KeyValueQuota,
    ) -> Result<i64, KeyValueError> {
        let (space, key) = (space.clone(), key.to_owned());
        let action = format!("count up a key of plugin {}", space.plugin);
        self.writer
            .write(action, move |db| {
                let stored = value(db, &space, &key)?;
                let Some(sum) = sum(stored.as_deref(), delta) else {
                    return Err(Refusal::Known(KeyValueError::NotANumber { key }));
                };
                change(db, &space, &[(key, Some(sum.to_string().into()))], quota)?;
                Ok(sum)
            })
            .await
    }

    async fn compare_and_swap(
        &self,
        space: &KeySpace,
        key: &str,
        expected: Option<Bytes>,
        new: Bytes,
        quota: KeyValueQuota,
    ) -> Result<bool, KeyValueError> {
        let (space, key) = (space.clone(), key.to_owned());
        let action = format!("swap a key of plugin {}", space.plugin);
        self.writer
            .write(action, move |db| {
                if value(db, &space, &key)? != expected {
                    return Ok(false);
                }
                change(db, &space, &[(key, Some(new))], quota)?;
                Ok(true)
            })
            .await
    }
}

fn value(db: &Connection, space: &KeySpace, key: &str) -> Result<Option<Bytes>, Fault> {
    let params = [space.plugin.as_str(), space.bucket.as_str(), key];
    first(db, GET, params, |mut row| Ok(Bytes::from(row.next::<Vec<u8>>()?)))
}

/// The number in a value (absent is 0) plus `delta`; `None` when it is no number, or the sum is none.
fn sum(value: Option<&[u8]>, delta: i64) -> Option<i64> {
    let number = match value {
        None => 0,
        Some(bytes) => std::str::from_utf8(bytes).ok()?.parse::<i64>().ok()?,
    };
    number.checked_add(delta)
}

fn change(
    db: &Connection,
    space: &KeySpace,
    changes: &[Change],
    quota: KeyValueQuota,
) -> Result<(), Refusal<KeyValueError>> {
    let plugin = space.plugin.as_str();
    let before = first(db, USAGE, [plugin], |mut row| {
        Ok(Usage { keys: row.count()?, bytes: row.count()? })
    })?
    .unwrap_or_default();
    let mut after = before;
    for (key, value) in changes {
        after = change_one(db, space, key, value.as_deref(), after)?;
    }
    if !quota_allows(quota, before, after) {
        let plugin = space.plugin.clone();
        return Err(Refusal::Known(KeyValueError::Quota { plugin, quota }));
    }
    if after != before {
        run(db, SET_USAGE, params![plugin, count(after.keys)?, count(after.bytes)?])?;
    }
    Ok(())
}

/// Sets or deletes a key; the usage after that.
fn change_one(
    db: &Connection,
    space: &KeySpace,
    key: &str,
    value: Option<&[u8]>,
    usage: Usage,
) -> Result<Usage, Fault> {
    let place = [space.plugin.as_str(), space.bucket.as_str(), key];
    let old_len = first(db, LENGTH, place, |mut row| row.count())?;
    match value {
        Some(value) => {
            let [plugin, bucket, key] = place;
            run(db, SET, params![plugin, bucket, key, value])?;
        }
        None => {
            run(db, DELETE, place)?;
        }
    }
    let size = |len: u64| Usage { keys: 1, bytes: key.len() as u64 + len };
    let without = usage.less(old_len.map(size));
    Ok(without.and(value.map(|it| size(it.len() as u64))))
}

/// Past the quota, which may have been lowered, a plugin can still keep less, but not more.
fn quota_allows(quota: KeyValueQuota, before: Usage, after: Usage) -> bool {
    let keys = after.keys <= quota.keys_max || after.keys <= before.keys;
    let bytes = after.bytes <= quota.bytes_max || after.bytes <= before.bytes;
    keys && bytes
}

impl Usage {
    fn less(self, other: Option<Self>) -> Self {
        let other = other.unwrap_or_default();
        Self {
            keys: self.keys.saturating_sub(other.keys),
            bytes: self.bytes.saturating_sub(other.bytes),
        }
    }

    fn and(self, other: Option<Self>) -> Self {
        let other = other.unwrap_or_default();
        Self {
            keys: self.keys.saturating_add(other.keys),
            bytes: self.bytes.saturating_add(other.bytes),
        }
    }
}
