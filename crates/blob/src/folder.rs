//! Files in a folder: `ab/cdef…`, named by their digest.
//!
//! A file appears whole or not at all: its bytes are written beside it, made durable, and then get their name.
//! Only the owner of the process can read it.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use smartcms_app::ports::{BlobError, BlobStore, Digest, StagedBlob, StoredBlob};
use tempfile::NamedTempFile;

use crate::blocking::blocking;
use crate::staged::{FolderStaged, FolderStored};

/// How many hexadecimal digits name the folder of a file: 256 folders keep each one short.
const FOLDER_NAME_LEN: usize = 2;
/// Where files are before they have a name. Their names cannot be those of a digest's folder.
const STAGING_NAME: &str = "incoming";

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

    async fn stage(&self) -> Result<Box<dyn StagedBlob>, BlobError> {
        let folder = self.root.join(STAGING_NAME);
        blocking("make a temporary file", move || {
            let made = fs::create_dir_all(&folder).and_then(|()| NamedTempFile::new_in(&folder));
            let file = made.map_err(|source| error("make", &folder, source))?;
            Ok(Box::new(FolderStaged::new(file)) as Box<dyn StagedBlob>)
        })
        .await
    }

    async fn keep(&self, staged: Box<dyn StagedBlob>) -> Result<Digest, BlobError> {
        let blobs = self.clone();
        blocking("store a file", move || {
            let failed = |source| error("store", &blobs.root, source);
            let staged = staged.into_any().downcast::<FolderStaged>();
            let staged = staged.map_err(|_| failed(io::Error::other("it was staged elsewhere")))?;
            let (file, digest) = staged.into_file().map_err(failed)?;
            let path = blobs.path(&digest);
            let kept = name(&blobs.root, &path, file);
            kept.map(|()| digest).map_err(|source| error("store", &path, source))
        })
        .await
    }

    async fn open(&self, digest: &Digest) -> Result<Option<Box<dyn StoredBlob>>, BlobError> {
        let path = self.path(digest);
        blocking("open a file", move || {
            let opened = File::open(&path).and_then(|file| Ok((file.metadata()?.len(), file)));
            match opened {
                Ok((bytes_len, file)) => {
                    let stored = FolderStored { file: Arc::new(file), path, bytes_len };
                    Ok(Some(Box::new(stored) as Box<dyn StoredBlob>))
                }
                Err(failed) if failed.kind() == ErrorKind::NotFound => Ok(None),
                Err(failed) => Err(error("open", &path, failed)),
            }
        })
        .await
    }

    async fn remove(&self, digest: &Digest) -> Result<bool, BlobError> {
        let path = self.path(digest);
        blocking("remove a file", move || match fs::remove_file(&path) {
            Ok(()) => Ok(true),
            Err(failed) if failed.kind() == ErrorKind::NotFound => Ok(false),
            Err(failed) => Err(error("remove", &path, failed)),
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
    name(root, path, file)
}

/// Makes a whole file durable and gives it its name.
fn name(root: &Path, path: &Path, file: NamedTempFile) -> io::Result<()> {
    let folder = path.parent().unwrap_or(root);
    fs::create_dir_all(folder)?;
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
