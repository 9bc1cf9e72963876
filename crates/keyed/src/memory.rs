//! Keys in memory: for tests, and for trying a component without a folder.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::keys::{Head, KeyPage, Keys, KeysError, VALUE_LEN_MAX, is_key};

/// How many keys one answer of a list has: few, so that tests turn pages.
const KEYS_OF_A_PAGE: usize = 64;

/// Keys in memory. A copy has what was there when it was made, and goes its own way.
#[derive(Debug, Default)]
pub struct MemoryKeys(Mutex<State>);

#[derive(Debug, Default, Clone)]
struct State {
    values: BTreeMap<String, Vec<u8>>,
    heads: BTreeMap<String, (u64, Vec<u8>)>,
    locked: Vec<String>,
    /// How many more writes are done; `None` for any number.
    writes_left: Option<u64>,
    writes: u64,
    reads: u64,
    looks: u64,
}

impl Clone for MemoryKeys {
    fn clone(&self) -> Self {
        Self(Mutex::new(self.state().clone()))
    }
}

impl MemoryKeys {
    /// From now on so many writes are done, and then none any more, as if the process had ended there.
    pub fn stop_after(&self, writes: u64) {
        self.state().writes_left = Some(writes);
    }

    /// Writes are done again, and nobody holds a lock.
    pub fn go_on(&self) {
        let mut state = self.state();
        state.writes_left = None;
        state.locked.clear();
    }

    /// How many writes were done or tried.
    pub fn writes(&self) -> u64 {
        self.state().writes
    }

    /// How often a value was asked for.
    pub fn reads(&self) -> u64 {
        self.state().reads
    }

    /// How often it was asked whether a head is the newest.
    pub fn looks(&self) -> u64 {
        self.state().looks
    }

    /// How many values there are.
    pub fn values_len(&self) -> usize {
        self.state().values.len()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn write(&mut self, key: &str, len: usize) -> Result<(), KeysError> {
        if !is_key(key) || len > VALUE_LEN_MAX {
            return Err(KeysError::lasting(format!("`{key}` with {len} bytes cannot be stored")));
        }
        self.writes += 1;
        match &mut self.writes_left {
            Some(0) => Err(KeysError::lasting("the store is gone")),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }
}

impl Keys for MemoryKeys {
    fn get(&self, key: &str) -> Result<Option<Vec<u8>>, KeysError> {
        let mut state = self.state();
        state.reads += 1;
        Ok(state.values.get(key).cloned())
    }

    fn set(&self, key: &str, value: &[u8]) -> Result<(), KeysError> {
        let mut state = self.state();
        state.write(key, value.len())?;
        state.values.insert(key.to_owned(), value.to_owned());
        Ok(())
    }

    fn delete(&self, key: &str) -> Result<(), KeysError> {
        let mut state = self.state();
        state.write(key, 0)?;
        state.values.remove(key);
        Ok(())
    }

    fn list(&self, cursor: Option<&str>) -> Result<KeyPage, KeysError> {
        let state = self.state();
        let after = state.values.keys().filter(|it| cursor.is_none_or(|at| it.as_str() > at));
        let keys: Vec<String> = after.take(KEYS_OF_A_PAGE).cloned().collect();
        let cursor = (keys.len() == KEYS_OF_A_PAGE).then(|| keys.last().cloned()).flatten();
        Ok(KeyPage { keys, cursor })
    }

    fn head(&self, key: &str) -> Result<Option<Head>, KeysError> {
        let state = self.state();
        let head = state.heads.get(key);
        Ok(head.map(|(version, value)| Head { version: version.to_string(), value: value.clone() }))
    }

    fn is_head(&self, key: &str, version: &str) -> Result<bool, KeysError> {
        let mut state = self.state();
        state.looks += 1;
        Ok(state.heads.get(key).is_some_and(|(now, _)| now.to_string() == version))
    }

    fn swap_head(
        &self,
        key: &str,
        seen: Option<&str>,
        value: &[u8],
    ) -> Result<Option<String>, KeysError> {
        let mut state = self.state();
        state.write(key, value.len())?;
        let now = state.heads.get(key).map(|(version, _)| *version);
        if now.map(|it| it.to_string()).as_deref() != seen {
            return Ok(None);
        }
        let next = now.unwrap_or_default() + 1;
        state.heads.insert(key.to_owned(), (next, value.to_owned()));
        Ok(Some(next.to_string()))
    }

    fn try_lock(&self, name: &str, _: u32) -> Result<bool, KeysError> {
        let mut state = self.state();
        if state.locked.iter().any(|it| it == name) {
            return Ok(false);
        }
        state.locked.push(name.to_owned());
        Ok(true)
    }

    fn unlock(&self, name: &str) -> Result<(), KeysError> {
        self.state().locked.retain(|it| it != name);
        Ok(())
    }
}
