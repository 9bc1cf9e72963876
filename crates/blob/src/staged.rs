//! Large files on the disk: on their way in, and being read.

use std::any::Any;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use smartcms_app::ports::{BlobError, Digest, DigestOfStream, ReadSeek, StagedBlob, StoredBlob};
use tempfile::NamedTempFile;

use crate::blocking::blocking;

/// How many bytes wait in memory before they are written: enough that a thread is worth asking for.
const BUFFERED_BYTES: usize = 512 * 1024;

/// A file that is not stored yet: without its name, and gone when it is dropped.
pub(crate) struct FolderStaged {
    /// Absent only while a thread writes.
    file: Option<Written>,
    waiting: BytesMut,
    bytes_len: u64,
}

/// What was written, and its digest.
struct Written {
    file: NamedTempFile,
    digest: DigestOfStream,
}

impl FolderStaged {
    pub(crate) fn new(file: NamedTempFile) -> Self {
        let digest = DigestOfStream::default();
        Self { file: Some(Written { file, digest }), waiting: BytesMut::new(), bytes_len: 0 }
    }

    /// The whole file and its digest.
    pub(crate) fn into_file(mut self) -> io::Result<(NamedTempFile, Digest)> {
        self.flush_waiting()?;
        let written = self.file.take().ok_or_else(cut_off)?;
        Ok((written.file, written.digest.digest()))
    }

    fn flush_waiting(&mut self) -> io::Result<()> {
        let waiting = self.waiting.split();
        self.file.as_mut().ok_or_else(cut_off)?.take(&waiting)
    }
}

impl Written {
    fn take(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.as_file_mut().write_all(bytes)?;
        self.digest.update(bytes);
        Ok(())
    }
}

#[async_trait]
impl StagedBlob for FolderStaged {
    async fn write(&mut self, chunk: Bytes) -> Result<(), BlobError> {
        self.bytes_len += chunk.len() as u64;
        self.waiting.extend_from_slice(&chunk);
        if self.waiting.len() < BUFFERED_BYTES {
            return Ok(());
        }
        const ACTION: &str = "write a file that comes in";
        let failed = |source| BlobError { action: ACTION.to_owned(), source };
        let waiting = self.waiting.split();
        let mut written = self.file.take().ok_or_else(|| failed(cut_off()))?;
        let written =
            blocking(ACTION, move || written.take(&waiting).map(|()| written).map_err(failed));
        self.file = Some(written.await?);
        Ok(())
    }

    fn writer(&mut self) -> &mut (dyn Write + Send) {
        self
    }

    fn reader(&self) -> io::Result<Box<dyn ReadSeek>> {
        let written = self.file.as_ref().ok_or_else(cut_off)?;
        let file = File::open(written.file.path())?;
        let written_len = self.bytes_len - self.waiting.len() as u64;
        let rest = self.waiting.clone().freeze();
        if rest.is_empty() {
            return Ok(Box::new(BufReader::new(file)));
        }
        Ok(Box::new(BufReader::new(Joined { file, written_len, rest, at: 0 })))
    }

    fn bytes_len(&self) -> u64 {
        self.bytes_len
    }

    fn digest(&self) -> Digest {
        let mut digest = self.file.as_ref().map(|it| it.digest.clone()).unwrap_or_default();
        digest.update(&self.waiting);
        digest.digest()
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }
}

/// On a thread that may wait.
impl Write for FolderStaged {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.waiting.extend_from_slice(bytes);
        self.bytes_len += bytes.len() as u64;
        if self.waiting.len() >= BUFFERED_BYTES {
            self.flush_waiting()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.flush_waiting()
    }
}

/// What is on the disk, and behind it what still waits in memory.
struct Joined {
    file: File,
    written_len: u64,
    rest: Bytes,
    at: u64,
}

impl Read for Joined {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = match self.at.checked_sub(self.written_len) {
            None => self.file.read_at(buffer, self.at)?,
            Some(behind) => {
                let behind = usize::try_from(behind).unwrap_or(usize::MAX);
                self.rest.get(behind..).unwrap_or_default().read(buffer)?
            }
        };
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Joined {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let len = self.written_len + self.rest.len() as u64;
        let place = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => len.checked_add_signed(by),
        };
        self.at = place.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

/// A stored file that is open: it can be read even after it was removed.
pub(crate) struct FolderStored {
    pub(crate) file: Arc<File>,
    pub(crate) path: PathBuf,
    pub(crate) bytes_len: u64,
}

#[async_trait]
impl StoredBlob for FolderStored {
    fn bytes_len(&self) -> u64 {
        self.bytes_len
    }

    async fn read_at(&self, at: u64, len_max: usize) -> Result<Bytes, BlobError> {
        // Behind the end some systems see an error where there is only nothing.
        let left = usize::try_from(self.bytes_len.saturating_sub(at)).unwrap_or(usize::MAX);
        let len_max = len_max.min(left);
        if len_max == 0 {
            return Ok(Bytes::new());
        }
        let file = Arc::clone(&self.file);
        let path = self.path.clone();
        blocking("read a file", move || {
            let mut bytes = BytesMut::zeroed(len_max);
            let count = file.read_at(&mut bytes, at).map_err(|source| BlobError {
                action: format!("read the file {}", path.display()),
                source,
            })?;
            bytes.truncate(count);
            Ok(bytes.freeze())
        })
        .await
    }

    fn reader(&self) -> io::Result<Box<dyn ReadSeek>> {
        // Its own place in the file: a cloned handle would share it.
        Ok(Box::new(BufReader::new(Positioned { file: Arc::clone(&self.file), at: 0 })))
    }
}

struct Positioned {
    file: Arc<File>,
    at: u64,
}

impl Read for Positioned {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read_at(buffer, self.at)?;
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Positioned {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.file.metadata()?.len().checked_add_signed(by),
        };
        self.at = place.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

/// A write was given up in the middle: what is there is not whole.
fn cut_off() -> io::Error {
    io::Error::other("an earlier write to it was given up")
}
