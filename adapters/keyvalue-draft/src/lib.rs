//! Keys in `wasi:keyvalue@0.2.0-draft`: for wasmCloud, on whatever its operator puts behind that interface.
//!
//! The draft has no compare-and-swap and no locks: of two instances that swap a head in the same moment, both are told that
//! they did, and what one of them wrote is lost. So one instance of the component may run where people write.

use std::cell::OnceCell;

use smartcms_adapter_keyvalue::{
    Stored, bucket_name, decode, encode, head_key, is_seen, is_value, next,
};

wit_bindgen::generate!({
    world: "smartcms:adapter-keyvalue-draft/keyvalue-draft",
    path: ["../../wit/portable", "../../wit/deps/keyvalue", "wit"],
    generate_all,
});

use exports::smartcms::portable::storage::{Failure, Guest, Head, KeyPage};
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
    let Some(bytes) = with(|it| it.get(&head_key(key)))? else { return Ok(None) };
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
        let cursor = cursor.and_then(|it| it.parse().ok());
        let mut page = with(|it| it.list_keys(cursor))?;
        page.keys.retain(|it| is_value(it));
        Ok(KeyPage { keys: page.keys, cursor: page.cursor.map(|it| it.to_string()) })
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
        let now = stored(&key)?;
        if !is_seen(now.as_ref(), seen.as_deref()) {
            return Ok(None);
        }
        let version = next(now.as_ref());
        with(|it| it.set(&head_key(&key), &encode(version, &value)))?;
        Ok(Some(version.to_string()))
    }

    fn try_lock(_: String, _: u32) -> Result<bool, Failure> {
        Ok(true)
    }

    fn unlock(_: String) -> Result<(), Failure> {
        Ok(())
    }
}
