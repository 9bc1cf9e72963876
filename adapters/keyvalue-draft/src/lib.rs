//! Keys in `wasi:keyvalue@0.2.0-draft`: for wasmCloud, on whatever its operator puts behind that interface.
//!
//! The draft has no compare-and-swap: of two instances that swap a head in the same moment, both are told that they did, and
//! what one of them wrote is lost. A lock keeps them apart as well as one can be made of reading and writing; it is no promise,
//! so one instance of the component may run where people write.

use std::cell::{OnceCell, RefCell};
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use smartcms_adapter_keyvalue::{
    Stored, bucket_name, decode, encode, head_key, is_seen, is_value, lock_key, next,
};

wit_bindgen::generate!({
    world: "smartcms:adapter-keyvalue-draft/keyvalue-draft",
    path: ["../../wit/portable", "../../wit/deps/keyvalue", "wit"],
    generate_all,
});

use exports::smartcms::portable::storage::{Failure, Guest, Head, KeyPage};
use wasi::keyvalue::store::{self, Bucket, Error};

/// How much longer than its own writing somebody else's is given.
const SETTLING: Duration = Duration::from_millis(10);

struct KeyValue;

export!(KeyValue);

thread_local! {
    static BUCKET: OnceCell<Bucket> = const { OnceCell::new() };
    /// What was written for the lock that is held: a site has one database, and so one lock.
    static HELD: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
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

    /// Fischer's algorithm (told by Lamport, "A Fast Mutual Exclusion Algorithm", 1987): who finds nobody writes a name of its
    /// own, waits until whoever found nobody as well has written, and has the lock if its name is still there. How long that
    /// takes nobody promises: it waits for twice as long as its own writing took, and a little. It keeps the work that an instance
    /// does when it has answered from the next request, which another instance gets.
    fn try_lock(name: String, milliseconds: u32) -> Result<bool, Failure> {
        let (key, now) = (lock_key(&name), now());
        let until = with(|it| it.get(&key))?.as_deref().and_then(<[u8]>::first_chunk).copied();
        if until.is_some_and(|it| u64::from_le_bytes(it) > now) {
            return Ok(false);
        }
        let until = now.saturating_add(milliseconds.into());
        let own = [until.to_le_bytes(), RandomState::new().build_hasher().finish().to_le_bytes()];
        let began = Instant::now();
        with(|it| it.set(&key, own.as_flattened()))?;
        std::thread::sleep(began.elapsed() * 2 + SETTLING);
        let has = with(|it| it.get(&key))?.as_deref() == Some(own.as_flattened());
        HELD.set(has.then(|| own.as_flattened().to_vec()));
        Ok(has)
    }

    fn unlock(name: String) -> Result<(), Failure> {
        let (key, own) = (lock_key(&name), HELD.take());
        // Too old a lock may be somebody else's by now.
        if own.is_some() && with(|it| it.get(&key))? == own {
            with(|it| it.delete(&key))?;
        }
        Ok(())
    }
}

/// Milliseconds since 1970.
fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
