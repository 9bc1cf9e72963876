//! What both pretended stores keep, where `smartcms:portable/storage` keeps it: values as values, and what the adapters swap
//! as heads, which several can swap at the same time.

use crate::smartcms::portable::storage::{self, Failure};

/// What keys begin with that are swapped.
const SWAPPED: [&str; 2] = ["head/", "lock/"];
/// In front of a head's value: heads cannot be taken away, so one that was says so.
const GONE: u8 = 0;
const THERE: u8 = 1;

/// A value, and what tells it from those before and after it where it can be swapped.
pub(crate) struct Found {
    pub(crate) version: Option<String>,
    pub(crate) value: Option<Vec<u8>>,
}

pub(crate) fn find(key: &str) -> Result<Found, String> {
    if !is_swapped(key) {
        let value = storage::get(key).map_err(reason)?;
        return Ok(Found { version: None, value });
    }
    let Some(mut head) = storage::get_head(key).map_err(reason)? else {
        return Ok(Found { version: None, value: None });
    };
    let mark = (!head.value.is_empty()).then(|| head.value.remove(0));
    let value = (mark == Some(THERE)).then_some(head.value);
    Ok(Found { version: Some(head.version), value })
}

pub(crate) fn get(key: &str) -> Result<Option<Vec<u8>>, String> {
    Ok(find(key)?.value)
}

pub(crate) fn set(key: &str, value: &[u8]) -> Result<(), String> {
    match is_swapped(key) {
        true => put(key, Some(value)),
        false => storage::set(key, value).map_err(reason),
    }
}

pub(crate) fn delete(key: &str) -> Result<(), String> {
    match is_swapped(key) {
        true => put(key, None),
        false => storage::delete(key).map_err(reason),
    }
}

/// Some keys, and where the next ones begin.
pub(crate) fn list(cursor: Option<&str>) -> Result<(Vec<String>, Option<String>), String> {
    let page = storage::list_keys(cursor).map_err(reason)?;
    Ok((page.keys, page.cursor))
}

/// Whether nobody replaced what was found.
pub(crate) fn swap(key: &str, found: &Found, value: Option<&[u8]>) -> Result<bool, String> {
    let marked = match value {
        Some(value) => [&[THERE], value].concat(),
        None => vec![GONE],
    };
    Ok(storage::swap_head(key, found.version.as_deref(), &marked).map_err(reason)?.is_some())
}

/// The last one wins.
fn put(key: &str, value: Option<&[u8]>) -> Result<(), String> {
    while !swap(key, &find(key)?, value)? {}
    Ok(())
}

fn is_swapped(key: &str) -> bool {
    SWAPPED.iter().any(|it| key.starts_with(it))
}

fn reason(failure: Failure) -> String {
    failure.reason
}

/// What both drafts say of a store in the same words, with types of their own.
macro_rules! only_bucket {
    () => {
        type Bucket = Store;

        fn open(identifier: String) -> Result<Bucket, Error> {
            match identifier.as_str() {
                "default" => Ok(Bucket::new(Store)),
                _ => Err(Error::NoSuchStore),
            }
        }
    };
}
pub(crate) use only_bucket;

/// What both drafts say of a bucket in the same words, with types of their own.
macro_rules! values {
    () => {
        fn get(&self, key: String) -> Result<Option<Vec<u8>>, Error> {
            keys::get(&key).map_err(Error::Other)
        }

        fn set(&self, key: String, value: Vec<u8>) -> Result<(), Error> {
            keys::set(&key, &value).map_err(Error::Other)
        }

        fn delete(&self, key: String) -> Result<(), Error> {
            keys::delete(&key).map_err(Error::Other)
        }

        fn exists(&self, key: String) -> Result<bool, Error> {
            Ok(self.get(key)?.is_some())
        }
    };
}
pub(crate) use values;
