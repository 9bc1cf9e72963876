//! Files in memory, for a site that keeps nothing.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use smartcms_app::ports::{BlobError, BlobStore, Digest};

/// Files that are gone when the process ends.
#[derive(Debug, Default)]
pub struct MemoryBlobs {
    files: Mutex<HashMap<Digest, Bytes>>,
}

impl MemoryBlobs {
    fn files(&self) -> MutexGuard<'_, HashMap<Digest, Bytes>> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl BlobStore for MemoryBlobs {
    async fn put(&self, bytes: Bytes) -> Result<Digest, BlobError> {
        let digest = Digest::of(&bytes);
        self.files().insert(digest, bytes);
        Ok(digest)
    }

    async fn get(&self, digest: &Digest) -> Result<Option<Bytes>, BlobError> {
        Ok(self.files().get(digest).cloned())
    }

    async fn remove(&self, digest: &Digest) -> Result<bool, BlobError> {
        Ok(self.files().remove(digest).is_some())
    }
}
