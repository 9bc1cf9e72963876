//! Keys on a SmartCMS server that offers them over HTTP (its settings `keys.listen` and `keys.token`): for hosts that have
//! outgoing HTTP and no store, and for several hosts with one site.
//!
//! Where the server is says the variable `SMARTCMS_HOST_ADDRESS` (`http://10.0.0.5:8601`), and `SMARTCMS_HOST_TOKEN` is the
//! token that opens the keys. What the requests are is written in `crates/http/src/shared_keys.rs`.

mod exchange;

use std::fmt::Display;

wit_bindgen::generate!({ world: "adapter", path: "../../wit/portable" });

use exchange::{Answer, Condition, Method, send};
use exports::smartcms::portable::storage::{Failure, Guest, Head, KeyPage};

/// How many keys the server lists at once: fewer are the last.
const KEYS_PAGE_LEN: usize = 1_000;

struct Http;

export!(Http);

/// An answer that means neither yes nor no. The server is asked again where that may help.
fn unexpected(answer: &Answer, key: &str) -> Failure {
    let said = String::from_utf8_lossy(&answer.body);
    let said: String = said.chars().take(500).collect();
    Failure {
        is_passing: answer.status >= 500,
        reason: format!("the server of the keys answered {} for {key}: {said}", answer.status),
    }
}

fn value(key: impl Display) -> String {
    format!("values/{key}")
}

fn head(key: impl Display) -> String {
    format!("heads/{key}")
}

fn done(answer: &Answer, key: &str) -> Result<(), Failure> {
    if answer.status == 204 { Ok(()) } else { Err(unexpected(answer, key)) }
}

impl Guest for Http {
    fn get(key: String) -> Result<Option<Vec<u8>>, Failure> {
        let answer = send(&Method::Get, &value(&key), &[], None)?;
        match answer.status {
            200 => Ok(Some(answer.body)),
            404 => Ok(None),
            _ => Err(unexpected(&answer, &key)),
        }
    }

    fn set(key: String, bytes: Vec<u8>) -> Result<(), Failure> {
        done(&send(&Method::Put, &value(&key), &[], Some(&bytes))?, &key)
    }

    fn delete(key: String) -> Result<(), Failure> {
        done(&send(&Method::Delete, &value(&key), &[], None)?, &key)
    }

    fn list_keys(cursor: Option<String>) -> Result<KeyPage, Failure> {
        let path = match cursor {
            Some(after) => format!("values?after={after}"),
            None => "values".to_owned(),
        };
        let answer = send(&Method::Get, &path, &[], None)?;
        if answer.status != 200 {
            return Err(unexpected(&answer, "the keys"));
        }
        let text = String::from_utf8_lossy(&answer.body);
        let keys: Vec<String> = text.lines().map(str::to_owned).collect();
        let cursor = keys.last().filter(|_| keys.len() >= KEYS_PAGE_LEN).cloned();
        Ok(KeyPage { keys, cursor })
    }

    fn get_head(key: String) -> Result<Option<Head>, Failure> {
        let answer = send(&Method::Get, &head(&key), &[], None)?;
        match (answer.status, answer.version.clone()) {
            (200, Some(version)) => Ok(Some(Head { version, value: answer.body })),
            (404, _) => Ok(None),
            _ => Err(unexpected(&answer, &key)),
        }
    }

    fn is_head(key: String, version: String) -> Result<bool, Failure> {
        let answer = send(&Method::Get, &head(&key), &[Condition::IsNot(&version)], None)?;
        match answer.status {
            304 => Ok(true),
            200 | 404 => Ok(false),
            _ => Err(unexpected(&answer, &key)),
        }
    }

    fn swap_head(
        key: String,
        seen: Option<String>,
        bytes: Vec<u8>,
    ) -> Result<Option<String>, Failure> {
        let condition = seen.as_deref().map_or(Condition::IsNew, Condition::Is);
        let answer = send(&Method::Put, &head(&key), &[condition], Some(&bytes))?;
        match (answer.status, &answer.version) {
            (204, Some(version)) => Ok(Some(version.clone())),
            (412, _) => Ok(None),
            _ => Err(unexpected(&answer, &key)),
        }
    }

    fn try_lock(name: String, milliseconds: u32) -> Result<bool, Failure> {
        let path = format!("locks/{name}?milliseconds={milliseconds}");
        let answer = send(&Method::Put, &path, &[], None)?;
        match answer.status {
            204 => Ok(true),
            409 => Ok(false),
            _ => Err(unexpected(&answer, &name)),
        }
    }

    fn unlock(name: String) -> Result<(), Failure> {
        done(&send(&Method::Delete, &format!("locks/{name}"), &[], None)?, &name)
    }
}
