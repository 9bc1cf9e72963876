//! The key-value store of wasmCloud 1, `wasi:keyvalue@0.2.0-draft`: nothing can be swapped, and cursors are numbers.

use crate::exports::wasi::keyvalue0_2_0_draft::store::{
    Bucket, Error, Guest, GuestBucket, KeyResponse,
};
use crate::{Host, keys};

/// The only bucket there is.
pub(crate) struct Store;

impl Guest for Host {
    keys::only_bucket!();
}

impl GuestBucket for Store {
    keys::values!();

    fn list_keys(&self, _: Option<u64>) -> Result<KeyResponse, Error> {
        let (keys, _) = keys::list(None).map_err(Error::Other)?;
        Ok(KeyResponse { keys, cursor: None })
    }
}
