//! What an archive may not do.

use std::collections::HashSet;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use crate::error::{Place, SourceError};
use crate::limits::{
    ARCHIVE_BYTES_MAX, ARCHIVE_FILES_MAX, ARCHIVE_PATH_BYTES_MAX, ARCHIVE_RATIO_FREE_BYTES,
    ARCHIVE_RATIO_MAX,
};

/// How many bytes are copied at once.
const CHUNK_BYTES: usize = 64 * 1024;

/// Watches over one archive while it is unpacked.
pub(super) struct Guard<'a> {
    archive: &'a Path,
    staging: &'a Path,
    archive_size: u64,
    names: HashSet<String>,
    files: u64,
    bytes: u64,
}

impl<'a> Guard<'a> {
    pub(super) fn new(archive: &'a Path, staging: &'a Path, archive_size: u64) -> Self {
        Self { archive, staging, archive_size, names: HashSet::new(), files: 0, bytes: 0 }
    }

    pub(super) fn refused(&self, reason: impl Into<String>) -> SourceError {
        SourceError::Refused { place: Place::file(self.archive), reason: reason.into() }
    }

    pub(super) fn broken(&self, error: impl std::fmt::Display) -> SourceError {
        SourceError::malformed(
            Place::file(self.archive),
            format!("the archive is damaged: {error}"),
        )
    }

    fn too_large(&self, what: &str, size: u64, limit: u64) -> SourceError {
        SourceError::TooLarge {
            place: Place::file(self.archive),
            what: what.to_owned(),
            size,
            limit,
        }
    }

    /// Where a file of the archive goes, if it may go anywhere.
    pub(super) fn admit(&mut self, name: &str, is_folder: bool) -> Result<PathBuf, SourceError> {
        self.files += 1;
        if self.files > ARCHIVE_FILES_MAX {
            return Err(self.too_large("the archive, in files,", self.files, ARCHIVE_FILES_MAX));
        }
        if name.len() > ARCHIVE_PATH_BYTES_MAX {
            let size = name.len() as u64;
            return Err(self.too_large(
                "a path in the archive, in bytes,",
                size,
                ARCHIVE_PATH_BYTES_MAX as u64,
            ));
        }
        let path = safe_path(name).ok_or_else(|| {
            self.refused(format!(
                "the archive holds `{}`, which leads out of its folder",
                name.escape_debug()
            ))
        })?;
        // Some file systems do not tell capital letters from small ones: there one file would overwrite another.
        let key = path.to_string_lossy().to_lowercase();
        if !is_folder && !self.names.insert(key) {
            return Err(self.refused(format!("the archive holds `{}` twice", name.escape_debug())));
        }
        Ok(self.staging.join(path))
    }

    /// Writes a file, counting what really comes.
    pub(super) fn write(&mut self, path: &Path, mut content: impl Read) -> Result<(), SourceError> {
        let failed = |error| SourceError::read(path, "write the unpacked file", error);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(failed)?;
        }
        let mut file = File::create_new(path).map_err(failed)?;
        let mut buffer = vec![0_u8; CHUNK_BYTES];
        loop {
            let len = content.read(&mut buffer).map_err(|error| self.broken(error))?;
            if len == 0 {
                return Ok(());
            }
            self.bytes += len as u64;
            self.check_size()?;
            file.write_all(buffer.get(..len).unwrap_or_default()).map_err(failed)?;
        }
    }

    fn check_size(&self) -> Result<(), SourceError> {
        if self.bytes > ARCHIVE_BYTES_MAX {
            return Err(self.too_large(
                "what the archive unpacks to, in bytes,",
                self.bytes,
                ARCHIVE_BYTES_MAX,
            ));
        }
        let allowed =
            self.archive_size.saturating_mul(ARCHIVE_RATIO_MAX).max(ARCHIVE_RATIO_FREE_BYTES);
        if self.bytes > allowed {
            let what = format!(
                "what the archive unpacks to, {ARCHIVE_RATIO_MAX} times its own {} bytes and more,",
                self.archive_size
            );
            return Err(self.too_large(&what, self.bytes, allowed));
        }
        Ok(())
    }
}

/// A path that stays below the folder it is joined to.
fn safe_path(name: &str) -> Option<PathBuf> {
    let refused = name.contains(['\\', '\0', ':']) || name.starts_with('/');
    let mut path = PathBuf::new();
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." => return None,
            part => path.push(part),
        }
    }
    (!refused && path.components().next().is_some()).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::safe_path;

    #[test]
    fn no_path_leads_out() {
        for bad in ["../a", "/etc/passwd", "a/../../b", "..\\a", "C:\\a", "", ".", "a\0b", "//a"] {
            assert_eq!(safe_path(bad), None, "{bad:?}");
        }
        assert_eq!(safe_path("./a//b.md").unwrap().to_str(), Some("a/b.md"));
    }
}
