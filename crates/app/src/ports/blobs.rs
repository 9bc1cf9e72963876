//! Files by digest.

use std::fmt;

use async_trait::async_trait;
use bytes::Bytes;

/// Files that are found by what they hold.
#[async_trait]
pub trait BlobStore: Send + Sync {
    /// Stores bytes, durably, and says their digest; storing them twice keeps them once.
    async fn put(&self, bytes: Bytes) -> Result<Digest, BlobError>;

    /// The bytes with this digest, checked against it.
    async fn get(&self, digest: &Digest) -> Result<Option<Bytes>, BlobError>;
}

/// The BLAKE3 hash of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }

    /// Reads 64 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        blake3::Hash::from_hex(text).ok().map(|hash| Self(*hash.as_bytes()))
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// 64 hexadecimal digits.
impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(blake3::Hash::from_bytes(self.0).to_hex().as_str())
    }
}

/// A file could not be stored or read.
#[derive(Debug, thiserror::Error)]
#[error("could not {action}")]
pub struct BlobError {
    /// What was tried, and on which file.
    pub action: String,
    /// Why it failed.
    #[source]
    pub source: std::io::Error,
}
