//! Files by digest, in pieces that every key-value store takes.

use std::io;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use smartcms_app::ports::{BlobError, BlobStore, Digest};

use crate::keys::{Keys, KeysError, VALUE_LEN_MAX};

/// Files under keys: their pieces first, and then a value that says how many bytes they have, by which they are there.
///
/// A file is in memory as a whole while it is stored or read.
pub struct KeyBlobs {
    keys: Arc<dyn Keys>,
    space: &'static str,
}

impl KeyBlobs {
    /// Files whose keys begin with this word.
    pub fn new(keys: Arc<dyn Keys>, space: &'static str) -> Self {
        Self { keys, space }
    }

    fn key(&self, digest: &Digest) -> String {
        format!("{}/{digest}", self.space)
    }

    fn piece(&self, digest: &Digest, number: usize) -> String {
        format!("{}/{digest}/{number:04x}", self.space)
    }

    /// How many bytes a stored file has.
    fn bytes_len(&self, digest: &Digest) -> Result<Option<usize>, KeysError> {
        let Some(value) = self.keys.get(&self.key(digest))? else { return Ok(None) };
        let len = value.try_into().ok().map(u64::from_le_bytes);
        let damaged = || KeysError::lasting(format!("{} is damaged", self.key(digest)));
        len.and_then(|it| usize::try_from(it).ok()).map(Some).ok_or_else(damaged)
    }

    fn store(&self, digest: &Digest, bytes: &[u8]) -> Result<(), KeysError> {
        if self.bytes_len(digest)?.is_some() {
            return Ok(());
        }
        for (number, piece) in bytes.chunks(VALUE_LEN_MAX).enumerate() {
            self.keys.set(&self.piece(digest, number), piece)?;
        }
        self.keys.set(&self.key(digest), &(bytes.len() as u64).to_le_bytes())
    }

    fn load(&self, digest: &Digest) -> Result<Option<Vec<u8>>, KeysError> {
        let Some(len) = self.bytes_len(digest)? else { return Ok(None) };
        let mut bytes = Vec::new();
        for number in 0..len.div_ceil(VALUE_LEN_MAX) {
            let piece = self.keys.get(&self.piece(digest, number))?;
            let missing = || KeysError::lasting("a piece of it is missing");
            bytes.extend_from_slice(&piece.ok_or_else(missing)?);
        }
        match bytes.len() == len && Digest::of(&bytes) == *digest {
            true => Ok(Some(bytes)),
            false => Err(KeysError::lasting("it does not hold what was stored")),
        }
    }

    fn drop_file(&self, digest: &Digest) -> Result<bool, KeysError> {
        let Some(len) = self.bytes_len(digest)? else { return Ok(false) };
        // First what makes it be there.
        self.keys.delete(&self.key(digest))?;
        for number in 0..len.div_ceil(VALUE_LEN_MAX) {
            self.keys.delete(&self.piece(digest, number))?;
        }
        Ok(true)
    }
}

fn failed(action: &str, digest: &Digest) -> impl FnOnce(KeysError) -> BlobError {
    let action = format!("{action} the file {digest}");
    move |error| BlobError { action, source: io::Error::other(error) }
}

#[async_trait]
impl BlobStore for KeyBlobs {
    async fn put(&self, bytes: Bytes) -> Result<Digest, BlobError> {
        let digest = Digest::of(&bytes);
        self.store(&digest, &bytes).map_err(failed("store", &digest))?;
        Ok(digest)
    }

    async fn get(&self, digest: &Digest) -> Result<Option<Bytes>, BlobError> {
        let bytes = self.load(digest).map_err(failed("read", digest))?;
        Ok(bytes.map(Bytes::from))
    }

    async fn remove(&self, digest: &Digest) -> Result<bool, BlobError> {
        self.drop_file(digest).map_err(failed("remove", digest))
    }
}
