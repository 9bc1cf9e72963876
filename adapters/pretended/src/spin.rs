//! The key-value store of Spin, `wasi:keyvalue@0.2.0-draft2`: with compare-and-swap, and cursors of text.

use std::cell::RefCell;

use crate::exports::wasi::keyvalue0_2_0_draft2::atomics::{
    BucketBorrow, Cas, CasError, Guest as Atomics, GuestCas,
};
use crate::exports::wasi::keyvalue0_2_0_draft2::store::{
    Bucket, Error, Guest, GuestBucket, KeyResponse,
};
use crate::keys::Found;
use crate::{Host, keys};

/// The only bucket there is.
pub(crate) struct Store;

/// A key that is about to be swapped, with what was found there.
pub(crate) struct Swap {
    key: String,
    found: RefCell<Found>,
}

impl Guest for Host {
    keys::only_bucket!();
}

impl GuestBucket for Store {
    keys::values!();

    fn list_keys(&self, cursor: Option<String>) -> Result<KeyResponse, Error> {
        let (keys, cursor) = keys::list(cursor.as_deref()).map_err(Error::Other)?;
        Ok(KeyResponse { keys, cursor })
    }
}

impl Atomics for Host {
    type Cas = Swap;

    fn increment(_: BucketBorrow<'_>, _: String, _: i64) -> Result<i64, Error> {
        Err(Error::Other("nothing of ours counts so".to_owned()))
    }

    fn swap(cas: Cas, value: Vec<u8>) -> Result<(), CasError> {
        let Swap { key, found } = cas.get::<Swap>();
        let store = |reason| CasError::StoreError(Error::Other(reason));
        if keys::swap(key, &found.borrow(), Some(&value)).map_err(store)? {
            return Ok(());
        }
        let found = RefCell::new(keys::find(key).map_err(store)?);
        Err(CasError::CasFailed(Cas::new(Swap { key: key.clone(), found })))
    }
}

impl GuestCas for Swap {
    fn new(_: BucketBorrow<'_>, key: String) -> Result<Cas, Error> {
        let found = RefCell::new(keys::find(&key).map_err(Error::Other)?);
        Ok(Cas::new(Self { key, found }))
    }

    fn current(&self) -> Result<Option<Vec<u8>>, Error> {
        let found = keys::find(&self.key).map_err(Error::Other)?;
        let value = found.value.clone();
        self.found.replace(found);
        Ok(value)
    }
}
