//! Keys in NATS, which is spoken to over the TCP that the host gives: for wasmCloud, whose own interface of key-value stores
//! has no compare-and-swap that this build can call, and for every host that lets components connect.
//!
//! Where NATS is says the variable `SMARTCMS_HOST_ADDRESS` (`nats://10.0.0.5:4222`), `SMARTCMS_HOST_TOKEN` is its token, if
//! it has one, and `SMARTCMS_HOST_BUCKET` names the stream of JetStream that everything is in. It is made where it is missing.

mod address;
mod client;
mod json;
mod socket;
mod stream;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

wit_bindgen::generate!({ world: "adapter", path: "../../wit/portable" });

use exports::smartcms::portable::storage::{Failure, Guest, Head, KeyPage};
use stream::{chance, with};

struct Nats;

export!(Nats);

impl Guest for Nats {
    fn get(key: String) -> Result<Option<Vec<u8>>, Failure> {
        with(|it| it.value(&key))
    }

    fn set(key: String, value: Vec<u8>) -> Result<(), Failure> {
        with(|it| it.put('v', &key, &value, None)).map(drop)
    }

    fn delete(key: String) -> Result<(), Failure> {
        with(|it| it.forget('v', &key))
    }

    fn list_keys(cursor: Option<String>) -> Result<KeyPage, Failure> {
        let from = cursor.and_then(|it| it.parse().ok()).unwrap_or_default();
        let (keys, next) = with(|it| it.keys(from))?;
        Ok(KeyPage { keys, cursor: next.map(|it| it.to_string()) })
    }

    fn get_head(key: String) -> Result<Option<Head>, Failure> {
        let found = with(|it| it.last('h', &key))?;
        Ok(found.map(|it| Head { version: it.number.to_string(), value: it.value }))
    }

    fn is_head(key: String, version: String) -> Result<bool, Failure> {
        let Ok(seen) = version.parse() else { return Ok(false) };
        with(|it| it.is_last(&key, seen))
    }

    fn swap_head(
        key: String,
        seen: Option<String>,
        value: Vec<u8>,
    ) -> Result<Option<String>, Failure> {
        let seen = seen.map_or(Ok(0), |it| it.parse());
        let Ok(seen) = seen else { return Ok(None) };
        let name = chance();
        let number = with(|it| it.put('h', &key, &value, Some((seen, name))))?;
        Ok(number.map(|it| it.to_string()))
    }

    fn try_lock(lock: String, milliseconds: u32) -> Result<bool, Failure> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let until = (now + Duration::from_millis(milliseconds.into())).as_millis().to_string();
        let take = |seen| {
            let name = chance();
            with(|it| it.put('l', &lock, until.as_bytes(), Some((seen, name))))
        };
        if take(0)?.is_some() {
            return Ok(true);
        }
        let Some(held) = with(|it| it.last('l', &lock))? else { return Ok(false) };
        let ends = std::str::from_utf8(&held.value).ok().and_then(|it| it.parse().ok());
        if ends.is_some_and(|it: u128| it > now.as_millis()) {
            return Ok(false);
        }
        Ok(take(held.number)?.is_some())
    }

    fn unlock(lock: String) -> Result<(), Failure> {
        with(|it| it.forget('l', &lock))
    }
}
