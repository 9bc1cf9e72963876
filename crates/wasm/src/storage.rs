//! The keys that the host supplies.

use smartcms_keyed::{Head, KeyPage, Keys, KeysError};

use crate::host_interfaces::smartcms::portable::storage;

/// The keys of the host.
pub(crate) struct HostKeys;

fn failed(failure: storage::Failure) -> KeysError {
    KeysError { is_passing: failure.is_passing, reason: failure.reason }
}

impl Keys for HostKeys {
    fn get(&self, key: &str) -> Result<Option<Vec<u8>>, KeysError> {
        storage::get(key).map_err(failed)
    }

    fn set(&self, key: &str, value: &[u8]) -> Result<(), KeysError> {
        storage::set(key, value).map_err(failed)
    }

    fn delete(&self, key: &str) -> Result<(), KeysError> {
        storage::delete(key).map_err(failed)
    }

    fn list(&self, cursor: Option<&str>) -> Result<KeyPage, KeysError> {
        let page = storage::list_keys(cursor).map_err(failed)?;
        Ok(KeyPage { keys: page.keys, cursor: page.cursor })
    }

    fn head(&self, key: &str) -> Result<Option<Head>, KeysError> {
        let head = storage::get_head(key).map_err(failed)?;
        Ok(head.map(|it| Head { version: it.version, value: it.value }))
    }

    fn is_head(&self, key: &str, version: &str) -> Result<bool, KeysError> {
        storage::is_head(key, version).map_err(failed)
    }

    fn swap_head(
        &self,
        key: &str,
        seen: Option<&str>,
        value: &[u8],
    ) -> Result<Option<String>, KeysError> {
        storage::swap_head(key, seen, value).map_err(failed)
    }

    fn try_lock(&self, name: &str, milliseconds: u32) -> Result<bool, KeysError> {
        storage::try_lock(name, milliseconds).map_err(failed)
    }

    fn unlock(&self, name: &str) -> Result<(), KeysError> {
        storage::unlock(name).map_err(failed)
    }
}
