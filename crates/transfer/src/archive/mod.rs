//! Archives, unpacked into a folder that nothing in them may leave.
//!
//! Names are checked before anything is written: no absolute paths, no `..`, no links, no name twice. Sizes are counted
//! while the content is unpacked, whatever the archive says of itself.

mod guard;
mod pack;
mod tar;
mod zip;

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use self::guard::Guard;
pub use self::pack::pack;
use crate::error::{Place, SourceError};

/// What a file is, by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Zip,
    Gzip,
    Tar,
    Other,
}

/// Whether a file is an archive that can be unpacked: .zip, .tar or .tar.gz, known by its content.
pub fn is_archive(path: &Path) -> Result<bool, SourceError> {
    Ok(path.is_file() && kind(path)? != Kind::Other)
}

/// Unpacks an archive into an empty folder. Gives the folder of its content: the only one at its top, or `staging`.
pub fn unpack(path: &Path, staging: &Path) -> Result<PathBuf, SourceError> {
    let size = std::fs::metadata(path)
        .map_err(|error| SourceError::read(path, "open the archive", error))?
        .len();
    let mut guard = Guard::new(path, staging, size);
    let file =
        File::open(path).map_err(|error| SourceError::read(path, "open the archive", error))?;
    match kind(path)? {
        Kind::Zip => zip::unpack(file, &mut guard)?,
        Kind::Gzip => tar::unpack(flate2::read::MultiGzDecoder::new(file), &mut guard)?,
        Kind::Tar => tar::unpack(file, &mut guard)?,
        Kind::Other => {
            return Err(SourceError::malformed(
                Place::file(path),
                "this is no .zip, .tar or .tar.gz",
            ));
        }
    }
    Ok(top(staging))
}

fn kind(path: &Path) -> Result<Kind, SourceError> {
    let failed = |error| SourceError::read(path, "open the file", error);
    let mut head = Vec::new();
    File::open(path).map_err(failed)?.take(512).read_to_end(&mut head).map_err(failed)?;
    Ok(match head.as_slice() {
        [b'P', b'K', 3 | 5, 4 | 6, ..] => Kind::Zip,
        [0x1f, 0x8b, ..] => Kind::Gzip,
        head if head.get(257..262) == Some(b"ustar".as_slice()) => Kind::Tar,
        _ => Kind::Other,
    })
}

/// Archives of repositories have one folder at their top.
fn top(staging: &Path) -> PathBuf {
    let entries: Vec<_> = std::fs::read_dir(staging).into_iter().flatten().flatten().collect();
    match entries.as_slice() {
        [only]
            if only.path().is_dir()
                && !["content", "_posts", "data"]
                    .contains(&&*only.file_name().to_string_lossy()) =>
        {
            only.path()
        }
        _ => staging.to_owned(),
    }
}
