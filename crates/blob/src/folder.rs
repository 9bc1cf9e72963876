//! Files in a folder: `ab/cdef…`, named by their digest.
//!
//! A file appears whole or not at all: its bytes are written beside it, made durable, and then get their name.
//! Only the owner of the process can read it.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use bytes::Bytes;
use smartcms_app::ports::{BlobError, BlobStore, Digest};
use tempfile::NamedTempFile;

/// How many hexadecimal digits name the folder of a file: 256 folders keep each one short.
const FOLDER_NAME_LEN: usize = 2;

/// A folder of files by digest.
#[derive(Debug, Clone)]
pub struct FolderBlobs {
    root: PathBuf,
}

impl FolderBlobs {
    /// Keeps files in this folder, and makes the folder when the first one comes.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// Where the bytes with this digest are, or would be.
    pub fn path(&self, digest: &Digest) -> PathBuf {
        let name = digest.to_string();
        let (folder, file) = name.split_at(FOLDER_NAME_LEN);
        self.root.join(folder).join(file)
    }
}

#[async_trait]
impl BlobStore for FolderBlobs {
    async fn put(&self, bytes: Bytes) -> Result<Digest, BlobError> {
        let blobs = self.clone();
        blocking("store a file", move || {
            let digest = Digest::of(&bytes);
            let path = blobs.path(&digest);
            let stored = store(&blobs.root, &path, &bytes);
            stored.map_err(|source| error("store", &path, source)).map(|()| digest)
        })
        .await
    }

    async fn get(&self, digest: &Digest) -> Result<Option<Bytes>, BlobError> {
        let (path, digest) = (self.path(digest), *digest);
        blocking("read a file", move || {
            load(&path, &digest).map_err(|source| error("read", &path, source))
        })
        .await
    }
}

fn store(root: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(root);
    // A file that was damaged on disk is not "there already": it is written anew.
    if fs::read(path).is_ok_and(|stored| stored == bytes) {
        // Its writer may have been killed before the name was durable.
        return sync_folder(folder);
    }
    fs::create_dir_all(folder)?;
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|failed| failed.error)?;
    sync_folder(folder)?;
    sync_folder(root)?;
    root.parent().filter(|it| !it.as_os_str().is_empty()).map_or(Ok(()), sync_folder)
}

fn load(path: &Path, digest: &Digest) -> io::Result<Option<Bytes>> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    if Digest::of(&bytes) == *digest {
        return Ok(Some(Bytes::from(bytes)));
    }
    Err(io::Error::new(
        ErrorKind::InvalidData,
        "its bytes do not have the digest that is its name; restore it from a backup or store it anew",
    ))
}

/// Makes the names in a folder durable.
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

fn error(verb: &str, path: &Path, source: io::Error) -> BlobError {
    BlobError { action: format!("{verb} the file {}", path.display()), source }
}

/// Files are read and written on a thread that may wait.
async fn blocking<T: Send + 'static>(
    action: &str,
    work: impl FnOnce() -> Result<T, BlobError> + Send + 'static,
) -> Result<T, BlobError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|cancelled| {
        Err(BlobError { action: action.to_owned(), source: io::Error::other(cancelled) })
    })
}
