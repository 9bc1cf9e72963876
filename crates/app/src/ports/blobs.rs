//! Files by digest.

use std::any::Any;
use std::fmt;
use std::io::{self, Cursor, Read, Seek, Write};

use async_trait::async_trait;
use bytes::Bytes;

/// Files that are found by what they hold.
///
/// Small files go in and out whole. Large ones go in through [`BlobStore::stage`] and come out through
/// [`BlobStore::open`], in pieces. A store that implements only the first two keeps staged files in memory.
#[async_trait]
pub trait BlobStore: Send + Sync {
    /// Stores bytes, durably, and says their digest; storing them twice keeps them once.
    async fn put(&self, bytes: Bytes) -> Result<Digest, BlobError>;

    /// The bytes with this digest, checked against it.
    async fn get(&self, digest: &Digest) -> Result<Option<Bytes>, BlobError>;

    /// A place for bytes that come one after the other. Dropping it takes them away.
    async fn stage(&self) -> Result<Box<dyn StagedBlob>, BlobError> {
        Ok(staged_in_memory())
    }

    /// Stores what was staged, durably, and says its digest.
    async fn keep(&self, staged: Box<dyn StagedBlob>) -> Result<Digest, BlobError> {
        let mut bytes = Vec::new();
        let read = staged.reader().and_then(|mut reader| reader.read_to_end(&mut bytes));
        read.map_err(|source| BlobError { action: "read a staged file".to_owned(), source })?;
        self.put(Bytes::from(bytes)).await
    }

    /// The file with this digest, to be read in pieces. Its bytes are not checked against the digest.
    async fn open(&self, digest: &Digest) -> Result<Option<Box<dyn StoredBlob>>, BlobError> {
        let bytes = self.get(digest).await?;
        Ok(bytes.map(|it| Box::new(MemoryStored(it)) as Box<dyn StoredBlob>))
    }

    /// Takes a file away; `false` when there was none. Who has it open can still read it.
    async fn remove(&self, digest: &Digest) -> Result<bool, BlobError> {
        let action = format!("remove the file {digest}");
        Err(BlobError { action, source: io::ErrorKind::Unsupported.into() })
    }
}

/// Bytes as a file that is open.
pub fn in_memory(bytes: Bytes) -> Box<dyn StoredBlob> {
    Box::new(MemoryStored(bytes))
}

/// A place for bytes in memory, for those that are few and not kept.
pub fn staged_in_memory() -> Box<dyn StagedBlob> {
    Box::new(MemoryStaged::default())
}

/// What can be read from any place.
pub trait ReadSeek: Read + Seek + Send {}

impl<T: Read + Seek + Send> ReadSeek for T {}

/// A file that is not stored yet.
#[async_trait]
pub trait StagedBlob: Send + Sync {
    /// Adds bytes at the end.
    async fn write(&mut self, chunk: Bytes) -> Result<(), BlobError>;

    /// Adds bytes at the end, on a thread that may wait.
    fn writer(&mut self) -> &mut (dyn Write + Send);

    /// Reads from the beginning, on a thread that may wait.
    fn reader(&self) -> io::Result<Box<dyn ReadSeek>>;

    /// How many bytes were written.
    fn bytes_len(&self) -> u64;

    /// The digest of what was written.
    fn digest(&self) -> Digest;

    /// For the store that made it.
    fn into_any(self: Box<Self>) -> Box<dyn Any + Send>;
}

/// A stored file that is open.
#[async_trait]
pub trait StoredBlob: Send + Sync {
    /// How many bytes it has.
    fn bytes_len(&self) -> u64;

    /// At most `len_max` bytes from this place on; none at the end.
    async fn read_at(&self, at: u64, len_max: usize) -> Result<Bytes, BlobError>;

    /// Reads from the beginning, on a thread that may wait.
    fn reader(&self) -> io::Result<Box<dyn ReadSeek>>;
}

/// The BLAKE3 hash of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

/// Makes the digest of bytes that come one after the other.
#[derive(Debug, Clone, Default)]
pub struct DigestOfStream(blake3::Hasher);

impl DigestOfStream {
    /// Takes more bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of all bytes so far.
    pub fn digest(&self) -> Digest {
        Digest(*self.0.finalize().as_bytes())
    }
}

impl Digest {
    /// The digest of bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }

    /// A digest that was made before.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
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

/// A staged file of a store without a disk.
#[derive(Default)]
struct MemoryStaged {
    bytes: Vec<u8>,
}

struct MemoryStored(Bytes);

#[async_trait]
impl StagedBlob for MemoryStaged {
    async fn write(&mut self, chunk: Bytes) -> Result<(), BlobError> {
        self.bytes.extend_from_slice(&chunk);
        Ok(())
    }

    fn writer(&mut self) -> &mut (dyn Write + Send) {
        &mut self.bytes
    }

    fn reader(&self) -> io::Result<Box<dyn ReadSeek>> {
        Ok(Box::new(Cursor::new(self.bytes.clone())))
    }

    fn bytes_len(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn digest(&self) -> Digest {
        Digest::of(&self.bytes)
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }
}

#[async_trait]
impl StoredBlob for MemoryStored {
    fn bytes_len(&self) -> u64 {
        self.0.len() as u64
    }

    async fn read_at(&self, at: u64, len_max: usize) -> Result<Bytes, BlobError> {
        let start = usize::try_from(at).unwrap_or(usize::MAX).min(self.0.len());
        let end = start.saturating_add(len_max).min(self.0.len());
        Ok(self.0.slice(start..end))
    }

    fn reader(&self) -> io::Result<Box<dyn ReadSeek>> {
        Ok(Box::new(Cursor::new(self.0.clone())))
    }
}
