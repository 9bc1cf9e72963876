//! What is sent for an import, file by file, below a folder that no name leads out of.

use std::any::Any;
use std::io;
use std::path::{Component, Path, PathBuf};

use async_trait::async_trait;
use bytes::Bytes;
use smartcms_app::ports::{StagedTransfer, TransferFault};
use smartcms_transfer::limits::{ARCHIVE_PATH_BYTES_MAX, FOLDER_DEPTH_MAX};
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;
use uuid::Uuid;

use super::failed;
use super::folder::JobFolder;

/// The most files of a folder that is sent.
const FILES_MAX: usize = 20_000;

/// What is sent. It goes when it is dropped before it was kept.
pub(super) struct Staged {
    id: Uuid,
    folder: JobFolder,
    open: Option<File>,
    files: usize,
    /// The first file, below the folder.
    first: Option<PathBuf>,
    kept: bool,
}

impl Staged {
    pub(super) fn new(id: Uuid, folder: JobFolder) -> io::Result<Self> {
        std::fs::create_dir_all(folder.source())?;
        Ok(Self { id, folder, open: None, files: 0, first: None, kept: false })
    }

    /// Keeps all that was sent: its id, and what people call it.
    pub(super) async fn keep(mut self: Box<Self>) -> io::Result<(Uuid, String)> {
        self.close().await?;
        self.kept = true;
        let first = self.first.take().unwrap_or_default();
        let top = first.components().next().map(|it| it.as_os_str().to_string_lossy().into_owned());
        Ok((self.id, top.unwrap_or_default()))
    }

    async fn close(&mut self) -> io::Result<()> {
        match self.open.take() {
            Some(mut file) => {
                file.flush().await?;
                file.sync_all().await
            }
            None => Ok(()),
        }
    }
}

#[async_trait]
impl StagedTransfer for Staged {
    async fn begin(&mut self, path: &str) -> Result<(), TransferFault> {
        if self.files >= FILES_MAX {
            let text = format!("more than {FILES_MAX} files were sent; send an archive of them");
            return Err(TransferFault::Refused(text));
        }
        let Some(inside) = safe(path) else {
            let shown: String = path.chars().take(100).filter(|it| !it.is_control()).collect();
            return Err(TransferFault::Refused(format!("`{shown}` is no name for a file")));
        };
        let stored = |it| failed("store what was sent", it);
        self.close().await.map_err(stored)?;
        let to = self.folder.source().join(&inside);
        if let Some(folder) = to.parent() {
            tokio::fs::create_dir_all(folder).await.map_err(stored)?;
        }
        // One that is there already is another file of this form with the same name.
        let file = File::options().write(true).create_new(true).open(&to).await;
        self.open = Some(file.map_err(stored)?);
        self.first.get_or_insert(inside);
        self.files += 1;
        Ok(())
    }

    async fn write(&mut self, chunk: Bytes) -> Result<(), TransferFault> {
        let Some(file) = self.open.as_mut() else {
            return Err(failed("store what was sent", "no file has begun"));
        };
        file.write_all(&chunk).await.map_err(|it| failed("store what was sent", it))
    }

    fn files(&self) -> usize {
        self.files
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if !self.kept
            && let Err(error) = self.folder.remove()
        {
            tracing::warn!(%error, "could not take away what was sent for an import");
        }
    }
}

/// A path that leads nowhere but down. Browsers of some systems send `\` between the parts.
fn safe(path: &str) -> Option<PathBuf> {
    if path.len() > ARCHIVE_PATH_BYTES_MAX || path.chars().any(char::is_control) {
        return None;
    }
    let path = path.replace('\\', "/");
    let parts: Option<PathBuf> = Path::new(&path)
        .components()
        .map(|it| match it {
            Component::Normal(part) => Some(part),
            _ => None,
        })
        .collect();
    parts.filter(|it| (1..=FOLDER_DEPTH_MAX).contains(&it.components().count()))
}

#[cfg(test)]
mod tests {
    use super::safe;

    #[test]
    fn no_name_leads_out_of_the_folder() {
        for path in ["", "/etc/passwd", "../a", "a/../../b", "a\\..\\b", "..", "a\0b", "./a"] {
            assert_eq!(safe(path), None, "{path}");
        }
        for (path, expected) in [("a.xml", "a.xml"), ("blog/posts/a.md", "blog/posts/a.md")] {
            assert_eq!(safe(path).unwrap().to_str(), Some(expected));
        }
        assert_eq!(safe(&"a/".repeat(100)), None);
    }
}
