//! The plugin's own keys, which no other plugin sees. Calling this needs the capability `kv`.
//!
//! In tests outside WebAssembly the keys are kept in memory, for each test its own.

use std::fmt;

#[cfg(target_arch = "wasm32")]
mod bindings {
    wit_bindgen::generate!({ path: "../../wit/deps/keyvalue", world: "wasi:keyvalue/imports" });
}

#[cfg(target_arch = "wasm32")]
use bindings::wasi::keyvalue::{atomics, store};

#[cfg(not(target_arch = "wasm32"))]
use crate::testing::keys as host;

/// A key was not read or written; nothing changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyError(pub String);

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for KeyError {}

/// The value of a key; none when it has none.
pub fn get(key: &str) -> Result<Option<Vec<u8>>, KeyError> {
    host::get(key)
}

/// Gives a key a value, in place of the one it had.
pub fn set(key: &str, value: &[u8]) -> Result<(), KeyError> {
    host::set(key, value)
}

/// Takes a key away; one that is not there is no error.
pub fn delete(key: &str) -> Result<(), KeyError> {
    host::delete(key)
}

/// Adds to the number under a key, which begins at 0, and gives the sum. No other call comes between.
pub fn increment(key: &str, by: u64) -> Result<u64, KeyError> {
    host::increment(key, by)
}

#[cfg(target_arch = "wasm32")]
mod host {
    use super::{KeyError, atomics, store};

    pub(super) fn get(key: &str) -> Result<Option<Vec<u8>>, KeyError> {
        Ok(store::open("")?.get(key)?)
    }

    pub(super) fn set(key: &str, value: &[u8]) -> Result<(), KeyError> {
        Ok(store::open("")?.set(key, value)?)
    }

    pub(super) fn delete(key: &str) -> Result<(), KeyError> {
        Ok(store::open("")?.delete(key)?)
    }

    pub(super) fn increment(key: &str, by: u64) -> Result<u64, KeyError> {
        let bucket = store::open("")?;
        Ok(atomics::increment(&bucket, key, by)?)
    }

    impl From<store::Error> for KeyError {
        fn from(error: store::Error) -> Self {
            Self(match error {
                store::Error::NoSuchStore => "there is no such bucket".to_owned(),
                store::Error::AccessDenied => "access to the keys was denied".to_owned(),
                store::Error::Other(text) => text,
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{delete, get, increment, set};

    #[test]
    fn keys_are_kept_counted_and_taken_away() {
        assert_eq!(get("a"), Ok(None));
        set("a", b"1").unwrap();
        assert_eq!(get("a"), Ok(Some(b"1".to_vec())));
        delete("a").unwrap();
        assert_eq!(get("a"), Ok(None));
        assert_eq!((increment("n", 2), increment("n", 3)), (Ok(2), Ok(5)));
        assert!(set("n", b"many").is_ok() && increment("n", 1).is_err());
    }
}
