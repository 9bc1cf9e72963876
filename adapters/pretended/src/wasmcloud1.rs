//! The key-value store of wasmCloud 1, `wasi:keyvalue@0.2.0-draft`: nothing can be swapped, and cursors are numbers.

use crate::exports::wasi::keyvalue0_2_0_draft::store::{
    Bucket, Error, Guest, GuestBucket, KeyResponse,
};
use crate::{Host, keys};

/// The only bucket there is.
pub(crate) struct Store;

impl Guest for Host {
    type Bucket = Store;

    fn open(identifier: String) -> Result<Bucket, Error> {
        match identifier.as_str() {
            "default" => Ok(Bucket::new(Store)),
            _ => Err(Error::NoSuchStore),
        }
    }
}

impl GuestBucket for Store {
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

    fn list_keys(&self, _: Option<u64>) -> Result<KeyResponse, Error> {
        let (keys, _) = keys::list(None).map_err(Error::Other)?;
        Ok(KeyResponse { keys, cursor: None })
    }
}
