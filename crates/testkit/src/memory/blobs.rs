//! Files in memory.

use async_trait::async_trait;
use bytes::Bytes;
use smartcms_app::ports::{BlobError, BlobStore, Digest};

use super::MemoryStore;

#[async_trait]
impl BlobStore for MemoryStore {
    async fn put(&self, bytes: Bytes) -> Result<Digest, BlobError> {
        let digest = Digest::of(&bytes);
        self.lock().blobs.insert(digest, bytes);
        Ok(digest)
    }

    async fn get(&self, digest: &Digest) -> Result<Option<Bytes>, BlobError> {
        Ok(self.lock().blobs.get(digest).cloned())
    }

    async fn remove(&self, digest: &Digest) -> Result<bool, BlobError> {
        Ok(self.lock().blobs.remove(digest).is_some())
    }
}
