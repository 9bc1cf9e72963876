//! Small files of TOML that people keep with a site: read within bounds, written whole or not at all.

use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The largest file that is read, in bytes.
const FILE_BYTES_MAX: u64 = 1024 * 1024;

/// A file of trust that cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[error("could not {action} {path}: {reason}", path = .path.display())]
pub struct TrustFileError {
    action: &'static str,
    path: PathBuf,
    reason: String,
}

impl TrustFileError {
    pub(super) fn unreadable(path: PathBuf, reason: String) -> Self {
        Self { action: "read", path, reason }
    }
}

/// Reads a file; one that is not there is empty.
pub(super) fn read<T: DeserializeOwned + Default>(path: &Path) -> Result<T, TrustFileError> {
    let failed = |reason: String| TrustFileError { action: "read", path: path.to_owned(), reason };
    let file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(T::default()),
        Err(error) => return Err(failed(error.to_string())),
    };
    let mut text = String::new();
    let read = file.take(FILE_BYTES_MAX + 1).read_to_string(&mut text);
    read.map_err(|error| failed(error.to_string()))?;
    if text.len() as u64 > FILE_BYTES_MAX {
        return Err(failed(format!("it has more than {FILE_BYTES_MAX} bytes")));
    }
    toml::from_str(&text).map_err(|error| failed(error.to_string().trim().to_owned()))
}

/// Writes a file in the place of what was there. It begins with a remark for its readers.
pub(super) fn write<T: Serialize>(
    path: &Path,
    remark: &str,
    value: &T,
) -> Result<(), TrustFileError> {
    let failed = |reason: String| TrustFileError { action: "write", path: path.to_owned(), reason };
    let text = toml::to_string_pretty(value).map_err(|error| failed(error.to_string()))?;
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let replace = || -> io::Result<()> {
        // Temporary files are private; these are kept with the site's other files.
        let readable = std::fs::Permissions::from_mode(0o644);
        let mut file = tempfile::Builder::new();
        let mut file = file.prefix(".smartcms-").permissions(readable).tempfile_in(folder)?;
        file.write_all(remark.as_bytes())?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    };
    replace().map_err(|error| failed(error.to_string()))
}
