//! Keys in `wasi:keyvalue@0.2.0-draft2`: for Spin 3 and later. Heads are swapped by its compare-and-swap.

use std::cell::OnceCell;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use smartcms_adapter_keyvalue::{
    Stored, bucket_name, decode, encode, head_key, is_seen, is_value, lock_key, next,
};

wit_bindgen::generate!({
    world: "smartcms:adapter-keyvalue-draft2/keyvalue-draft2",
    path: ["../../wit/portable", "wit/keyvalue", "wit/world"],
    generate_all,
});

use exports::smartcms::portable::storage::{Failure, Guest, Head, KeyPage};
use wasi::keyvalue::atomics::{self, Cas, CasError};
use wasi::keyvalue::store::{self, Bucket, Error};

struct KeyValue;

export!(KeyValue);

thread_local! {
    static BUCKET: OnceCell<Bucket> = const { OnceCell::new() };
}

fn failed(error: Error) -> Failure {
    let (is_passing, reason) = match error {
        Error::NoSuchStore => (false, "the host has no such key-value store".to_owned()),
        Error::AccessDenied => (false, "the host denies the key-value store".to_owned()),
        Error::Other(reason) => (true, format!("the key-value store of the host failed: {reason}")),
    };
    Failure { is_passing, reason }
}

fn with<T>(work: impl FnOnce(&Bucket) -> Result<T, Error>) -> Result<T, Failure> {
    BUCKET.with(|bucket| {
        let bucket = match bucket.get() {
            Some(bucket) => bucket,
            None => {
                let opened = store::open(&bucket_name("default")).map_err(failed)?;
                bucket.get_or_init(|| opened)
            }
        };
        work(bucket).map_err(failed)
    })
}

fn stored(key: &str) -> Result<Option<Stored>, Failure> {
    head_of(key, with(|it| it.get(&head_key(key)))?)
}

fn head_of(key: &str, bytes: Option<Vec<u8>>) -> Result<Option<Stored>, Failure> {
    let Some(bytes) = bytes else { return Ok(None) };
    let damaged = || Failure { is_passing: false, reason: format!("{key} is damaged") };
    decode(bytes).map(Some).ok_or_else(damaged)
}

impl Guest for KeyValue {
    fn get(key: String) -> Result<Option<Vec<u8>>, Failure> {
        with(|it| it.get(&key))
    }

    fn set(key: String, value: Vec<u8>) -> Result<(), Failure> {
        with(|it| it.set(&key, &value))
    }

    fn delete(key: String) -> Result<(), Failure> {
        with(|it| it.delete(&key))
    }

    fn list_keys(cursor: Option<String>) -> Result<KeyPage, Failure> {
        let mut page = with(|it| it.list_keys(cursor.as_deref()))?;
        page.keys.retain(|it| is_value(it));
        Ok(KeyPage { keys: page.keys, cursor: page.cursor })
    }

    fn get_head(key: String) -> Result<Option<Head>, Failure> {
        let found = stored(&key)?;
        Ok(found.map(|it| Head { version: it.version.to_string(), value: it.value }))
    }

    fn is_head(key: String, version: String) -> Result<bool, Failure> {
        Ok(is_seen(stored(&key)?.as_ref(), Some(&version)))
    }

    fn swap_head(
        key: String,
        seen: Option<String>,
        value: Vec<u8>,
    ) -> Result<Option<String>, Failure> {
        let cas = with(|it| Cas::new(it, &head_key(&key)))?;
        let now = head_of(&key, cas.current().map_err(failed)?)?;
        if !is_seen(now.as_ref(), seen.as_deref()) {
            return Ok(None);
        }
        let version = next(now.as_ref());
        Ok(swapped(cas, &encode(version, &value))?.then(|| version.to_string()))
    }

    fn try_lock(name: String, milliseconds: u32) -> Result<bool, Failure> {
        let cas = with(|it| Cas::new(it, &lock_key(&name)))?;
        let held = cas.current().map_err(failed)?;
        let until = held.and_then(|it| it.try_into().ok()).map(u64::from_le_bytes);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        if until.is_some_and(|it| Duration::from_millis(it) > now) {
            return Ok(false);
        }
        let until = (now + Duration::from_millis(milliseconds.into())).as_millis();
        swapped(cas, &u64::try_from(until).unwrap_or_default().to_le_bytes())
    }

    fn unlock(name: String) -> Result<(), Failure> {
        with(|it| it.delete(&lock_key(&name)))
    }
}

/// Whether nobody else was faster.
fn swapped(cas: Cas, value: &[u8]) -> Result<bool, Failure> {
    match atomics::swap(cas, value) {
        Ok(()) => Ok(true),
        Err(CasError::CasFailed(_)) => Ok(false),
        Err(CasError::StoreError(error)) => Err(failed(error)),
    }
}
