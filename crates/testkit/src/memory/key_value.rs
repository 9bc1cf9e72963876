//! The keys of plugins in memory.

use std::collections::BTreeMap;

use async_trait::async_trait;
use bytes::Bytes;
use smartcms_app::ports::{KeySpace, KeyValueError, KeyValueQuota, KeyValueStore, StoreError};

use super::{MemoryStore, State};

#[async_trait]
impl KeyValueStore for MemoryStore {
    async fn get(&self, space: &KeySpace, key: &str) -> Result<Option<Bytes>, StoreError> {
        Ok(self.lock().value(space, key))
    }

    async fn apply(
        &self,
        space: &KeySpace,
        changes: Vec<(String, Option<Bytes>)>,
        quota: KeyValueQuota,
    ) -> Result<(), KeyValueError> {
        self.lock().change(space, changes, quota)
    }

    async fn keys(
        &self,
        space: &KeySpace,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<String>, StoreError> {
        let state = self.lock();
        let keys = state.keys.get(space).into_iter().flat_map(BTreeMap::keys);
        let later = keys.filter(|key| after.is_none_or(|after| key.as_str() > after));
        Ok(later.take(limit as usize).cloned().collect())
    }

    async fn increment(
        &self,
        space: &KeySpace,
        key: &str,
        delta: i64,
        quota: KeyValueQuota,
    ) -> Result<i64, KeyValueError> {
        let mut state = self.lock();
        let number = match state.value(space, key) {
            None => Some(0),
            Some(value) => std::str::from_utf8(&value).ok().and_then(|it| it.parse::<i64>().ok()),
        };
        let sum = number.and_then(|it| it.checked_add(delta));
        let sum = sum.ok_or_else(|| KeyValueError::NotANumber { key: key.to_owned() })?;
        state.change(space, vec![(key.to_owned(), Some(sum.to_string().into()))], quota)?;
        Ok(sum)
    }

    async fn compare_and_swap(
        &self,
        space: &KeySpace,
        key: &str,
        expected: Option<Bytes>,
        value: Bytes,
        quota: KeyValueQuota,
    ) -> Result<bool, KeyValueError> {
        let mut state = self.lock();
        if state.value(space, key) != expected {
            return Ok(false);
        }
        state.change(space, vec![(key.to_owned(), Some(value))], quota)?;
        Ok(true)
    }
}

impl State {
    fn value(&self, space: &KeySpace, key: &str) -> Option<Bytes> {
        self.keys.get(space)?.get(key).cloned()
    }

    /// How many keys a plugin keeps, and their bytes.
    fn kept(&self, space: &KeySpace) -> (u64, u64) {
        let buckets = self.keys.iter().filter(|(it, _)| it.plugin == space.plugin);
        let sizes = buckets.flat_map(|(_, keys)| keys.iter().map(|(k, v)| k.len() + v.len()));
        sizes.fold((0, 0), |(keys, bytes), size| (keys + 1, bytes + size as u64))
    }

    fn change(
        &mut self,
        space: &KeySpace,
        changes: Vec<(String, Option<Bytes>)>,
        quota: KeyValueQuota,
    ) -> Result<(), KeyValueError> {
        let before = self.kept(space);
        let undo = self.keys.get(space).cloned().unwrap_or_default();
        let bucket = self.keys.entry(space.clone()).or_default();
        for (key, value) in changes {
            match value {
                Some(value) => bucket.insert(key, value),
                None => bucket.remove(&key),
            };
        }
        let after = self.kept(space);
        let keys_pass = after.0 > quota.keys_max && after.0 > before.0;
        let bytes_pass = after.1 > quota.bytes_max && after.1 > before.1;
        if keys_pass || bytes_pass {
            self.keys.insert(space.clone(), undo);
            return Err(KeyValueError::Quota { plugin: space.plugin.clone(), quota });
        }
        Ok(())
    }
}
