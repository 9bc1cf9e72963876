//! A plugin's own keys: `wasi:keyvalue` and the interface of the original system, over one port.
//!
//! Every bucket is a space of the plugin itself, so no name reaches the keys of another.

mod bindings;
mod text;
mod wasi;

use smartcms_app::ports::{KeySpace, KeyValueError, KeyValueStore, StoreError};
use std::sync::Arc;
use wasmtime::component::{HasSelf, Linker, ResourceTableError};

use self::bindings::component::smartcms::kvstore;
use self::bindings::wasi::keyvalue::{atomics, batch, store};
use crate::error::LimitReached;
use crate::state::GuestState;

/// The longest key.
pub(crate) const KEY_BYTES_MAX: usize = 1024;

/// The largest value.
pub(crate) const VALUE_BYTES_MAX: usize = 1024 * 1024;

/// The longest name of a bucket.
pub(crate) const BUCKET_NAME_BYTES_MAX: usize = 64;

/// What one page of keys holds at most.
const PAGE_KEYS_MAX: u32 = 1000;

/// An open bucket.
#[expect(unreachable_pub, reason = "the generated module exports it again")]
pub struct Bucket {
    space: KeySpace,
}

/// What a call on keys answers instead of a value: an error for the guest, or a trap.
#[derive(Debug)]
pub enum KeysError {
    /// The guest gets this.
    Guest(store::Error),
    /// The guest ends.
    Trap(wasmtime::Error),
}

/// Links `wasi:keyvalue`.
pub(crate) fn add_wasi(linker: &mut Linker<GuestState>) -> wasmtime::Result<()> {
    store::add_to_linker::<_, HasSelf<GuestState>>(linker, |state| state)?;
    atomics::add_to_linker::<_, HasSelf<GuestState>>(linker, |state| state)?;
    batch::add_to_linker::<_, HasSelf<GuestState>>(linker, |state| state)
}

/// Links `component:smartcms/kvstore`.
pub(crate) fn add_text(linker: &mut Linker<GuestState>) -> wasmtime::Result<()> {
    kvstore::add_to_linker::<_, HasSelf<GuestState>>(linker, |state| state)
}

/// The port, when the plugin may use it.
fn keys(state: &mut GuestState) -> Result<Arc<dyn KeyValueStore>, KeysError> {
    state.count_host_call()?;
    if !state.profile().has("kv") {
        state.profile().meter.denied();
        return Err(KeysError::Guest(store::Error::AccessDenied));
    }
    let port = state.profile().services.keys.clone();
    port.ok_or_else(|| other("this host keeps no keys: give it a data folder"))
}

fn checked_key(key: &str) -> Result<(), KeysError> {
    if key.len() <= KEY_BYTES_MAX {
        return Ok(());
    }
    Err(other(format!("a key has at most {KEY_BYTES_MAX} bytes, this one has {}", key.len())))
}

fn checked_value(value: &[u8]) -> Result<(), KeysError> {
    if value.len() <= VALUE_BYTES_MAX {
        return Ok(());
    }
    Err(other(format!("a value has at most {VALUE_BYTES_MAX} bytes, this one has {}", value.len())))
}

fn other(text: impl Into<String>) -> KeysError {
    KeysError::Guest(store::Error::Other(text.into()))
}

impl From<LimitReached> for KeysError {
    fn from(limit: LimitReached) -> Self {
        Self::Trap(limit.into())
    }
}

impl From<ResourceTableError> for KeysError {
    fn from(error: ResourceTableError) -> Self {
        Self::Trap(error.into())
    }
}

impl From<StoreError> for KeysError {
    fn from(error: StoreError) -> Self {
        // The cause is the operator's to know, not the guest's.
        tracing::error!(error = %error, cause = %error.source, "the key-value store failed");
        other("the store failed")
    }
}

impl From<KeyValueError> for KeysError {
    fn from(error: KeyValueError) -> Self {
        match error {
            KeyValueError::Store(error) => error.into(),
            KeyValueError::Quota { .. } | KeyValueError::NotANumber { .. } => {
                other(error.to_string())
            }
        }
    }
}

impl From<KeysError> for wasmtime::Error {
    fn from(error: KeysError) -> Self {
        match error {
            KeysError::Trap(error) => error,
            KeysError::Guest(store::Error::Other(text)) => Self::msg(text),
            KeysError::Guest(store::Error::NoSuchStore) => Self::msg("there is no such bucket"),
            KeysError::Guest(store::Error::AccessDenied) => {
                Self::msg("the plugin was not granted kv")
            }
        }
    }
}
