//! Keys for sites that run elsewhere: what `smartcms:portable/storage` asks of a host, where hosts have no store of their own.
//!
//! Values are replaced by whoever comes last. A *head* has a version, and only who has seen the version that is there
//! replaces it: that is how such a site commits, and how several instances of it stay one site.

mod error;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use smartcms_domain::people::SecretText;
use smartcms_domain::plugins::PluginId;

pub use error::SharedKeysError;

use crate::ports::{Clock, KeySpace, KeyValueError, KeyValueQuota, KeyValueStore, StoreError};

/// The longest key, in bytes.
pub const SHARED_KEY_LEN_MAX: usize = 256;
/// The largest value, in bytes.
pub const SHARED_VALUE_LEN_MAX: usize = 1024 * 1024;
/// How many keys are listed at once.
pub const SHARED_KEYS_PAGE_LEN: usize = 1_000;
/// How much all values together may be: a database of such a site has 1 GB at most, the rest is its files.
pub const SHARED_KEYS_QUOTA: KeyValueQuota =
    KeyValueQuota { keys_max: 10_000_000, bytes_max: 64 * 1024 * 1024 * 1024 };
/// How many locks are held at once.
const LOCKS_MAX: usize = 1_000;
/// The longest time that a lock is held.
pub const SHARED_LOCK_TIME_MAX: Duration = Duration::from_secs(60);

/// A version is a number of so many bytes, in front of the value.
const VERSION_LEN: usize = 8;

/// A value with a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedHead {
    /// Counts up from 1.
    pub version: u64,
    /// The value.
    pub value: Bytes,
}

/// The keys, on the store of a site, for the bearer of one token.
pub struct SharedKeys {
    store: Arc<dyn KeyValueStore>,
    clock: Arc<dyn Clock>,
    values: KeySpace,
    heads: KeySpace,
    /// Of the token: hashes are compared, so how long that takes tells nothing of it.
    token: blake3::Hash,
    /// Until when each is held, in milliseconds of the epoch. They spare work and promise nothing, so they are kept by
    /// this process alone.
    locks: Mutex<BTreeMap<String, i64>>,
}

impl SharedKeys {
    /// Keys in a store, and the token that opens them.
    pub fn new(store: Arc<dyn KeyValueStore>, clock: Arc<dyn Clock>, token: &SecretText) -> Self {
        let space = |bucket: &str| KeySpace {
            plugin: PluginId::of_shared_keys(),
            bucket: bucket.to_owned(),
        };
        Self {
            store,
            clock,
            values: space("values"),
            heads: space("heads"),
            token: blake3::hash(token.reveal().as_bytes()),
            locks: Mutex::new(BTreeMap::new()),
        }
    }

    /// Whether this is the token.
    pub fn is_opened_by(&self, secret: &str) -> bool {
        blake3::hash(secret.as_bytes()) == self.token
    }

    /// The value under a key.
    pub async fn value(&self, key: &str) -> Result<Option<Bytes>, SharedKeysError> {
        check(key)?;
        Ok(self.store.get(&self.values, key).await?)
    }

    /// Stores a value. It is durable when this answers.
    pub async fn set_value(&self, key: &str, value: Bytes) -> Result<(), SharedKeysError> {
        check(key)?;
        check_len(key, &value)?;
        self.apply(key, Some(value)).await
    }

    /// Takes a value away; there need not be one.
    pub async fn delete_value(&self, key: &str) -> Result<(), SharedKeysError> {
        check(key)?;
        self.apply(key, None).await
    }

    async fn apply(&self, key: &str, value: Option<Bytes>) -> Result<(), SharedKeysError> {
        let changes = vec![(key.to_owned(), value)];
        Ok(self.store.apply(&self.values, changes, SHARED_KEYS_QUOTA).await?)
    }

    /// Keys of values in their order, after one; fewer than [`SHARED_KEYS_PAGE_LEN`] are the last.
    pub async fn value_keys(&self, after: Option<&str>) -> Result<Vec<String>, SharedKeysError> {
        if let Some(after) = after {
            check(after)?;
        }
        Ok(self.store.keys(&self.values, after, SHARED_KEYS_PAGE_LEN as u32).await?)
    }

    /// A head, with its version.
    pub async fn head(&self, key: &str) -> Result<Option<SharedHead>, SharedKeysError> {
        check(key)?;
        let Some(stored) = self.store.get(&self.heads, key).await? else { return Ok(None) };
        decode(key, stored).map(Some)
    }

    /// Replaces the head whose version was seen, or makes it where none was seen; the new version, or `None` when
    /// somebody else was faster. It is durable when this answers.
    pub async fn swap_head(
        &self,
        key: &str,
        seen: Option<u64>,
        value: Bytes,
    ) -> Result<Option<u64>, SharedKeysError> {
        check(key)?;
        check_len(key, &value)?;
        let stored = self.store.get(&self.heads, key).await?;
        let now = stored.clone().map(|it| decode(key, it)).transpose()?.map(|it| it.version);
        if now != seen {
            return Ok(None);
        }
        let version = now.map_or(1, |it| it.wrapping_add(1));
        let new = encode(version, &value);
        let swapped =
            self.store.compare_and_swap(&self.heads, key, stored, new, SHARED_KEYS_QUOTA).await?;
        Ok(swapped.then_some(version))
    }

    /// Asks to be the only one who writes, for so long and at most [`SHARED_LOCK_TIME_MAX`]; `false` when somebody else is.
    pub fn try_lock(&self, name: &str, time: Duration) -> Result<bool, SharedKeysError> {
        check(name)?;
        let now = self.clock.now().as_millis();
        let time = i64::try_from(time.min(SHARED_LOCK_TIME_MAX).as_millis()).unwrap_or_default();
        let mut locks = self.locks.lock().unwrap_or_else(PoisonError::into_inner);
        locks.retain(|_, until| *until > now);
        if locks.contains_key(name) || locks.len() >= LOCKS_MAX {
            return Ok(false);
        }
        locks.insert(name.to_owned(), now + time);
        Ok(true)
    }

    /// Gives back what [`SharedKeys::try_lock`] gave.
    pub fn unlock(&self, name: &str) -> Result<(), SharedKeysError> {
        check(name)?;
        self.locks.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
        Ok(())
    }
}

/// Keys are of `A-Z a-z 0-9 _ = / -`.
fn check(key: &str) -> Result<(), SharedKeysError> {
    let plain = |it: u8| it.is_ascii_alphanumeric() || b"_=/-".contains(&it);
    if (1..=SHARED_KEY_LEN_MAX).contains(&key.len()) && key.bytes().all(plain) {
        return Ok(());
    }
    Err(SharedKeysError::NotAKey { key: key.chars().take(SHARED_KEY_LEN_MAX).collect() })
}

fn check_len(key: &str, value: &Bytes) -> Result<(), SharedKeysError> {
    if value.len() <= SHARED_VALUE_LEN_MAX {
        return Ok(());
    }
    Err(SharedKeysError::TooLarge { key: key.to_owned(), len: value.len() })
}

fn encode(version: u64, value: &[u8]) -> Bytes {
    [&version.to_le_bytes(), value].concat().into()
}

fn decode(key: &str, mut stored: Bytes) -> Result<SharedHead, SharedKeysError> {
    let Some(version) = stored.first_chunk::<VERSION_LEN>().copied() else {
        let action = format!("read the head {key}");
        return Err(SharedKeysError::Store(StoreError::new(action, "it is damaged")));
    };
    let value = stored.split_off(VERSION_LEN);
    Ok(SharedHead { version: u64::from_le_bytes(version), value })
}

impl From<KeyValueError> for SharedKeysError {
    fn from(error: KeyValueError) -> Self {
        match error {
            KeyValueError::Store(error) => Self::Store(error),
            KeyValueError::Quota { .. } => Self::Full,
            KeyValueError::NotANumber { key } => Self::NotAKey { key },
        }
    }
}
