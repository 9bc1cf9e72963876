//! Values as files.

use std::fs::{self, File};
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::root;

/// How long a file may be written at most.
const UNFINISHED_KEPT: Duration = Duration::from_secs(60 * 60);

/// Whether a text is a key: nothing else becomes a part of a path.
fn check(key: &str) -> io::Result<()> {
    let plain = |it: u8| it.is_ascii_alphanumeric() || b"_=/-".contains(&it);
    match (1..=256).contains(&key.len()) && key.bytes().all(plain) {
        true => Ok(()),
        false => Err(io::Error::new(ErrorKind::InvalidInput, "it is not a key")),
    }
}

/// A key as the name of a file or a folder.
pub(crate) fn name(key: &str) -> io::Result<String> {
    check(key)?;
    Ok(key.replace('/', "."))
}

fn path(key: &str) -> io::Result<PathBuf> {
    let (space, rest) = key.split_once('/').unwrap_or(("_", key));
    Ok(root().join("values").join(name(space)?).join(name(rest)?))
}

pub(crate) fn get(key: &str) -> io::Result<Option<Vec<u8>>> {
    found(fs::read(path(key)?))
}

/// `None` for what is not there.
pub(crate) fn found<T>(outcome: io::Result<T>) -> io::Result<Option<T>> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

pub(crate) fn set(key: &str, value: &[u8]) -> io::Result<()> {
    let path = path(key)?;
    let whole = write_whole(value)?;
    in_folder_of(&path, || fs::rename(&whole, &path))
}

pub(crate) fn delete(key: &str) -> io::Result<()> {
    found(fs::remove_file(path(key)?)).map(drop)
}

pub(crate) fn list() -> io::Result<Vec<String>> {
    let mut keys = Vec::new();
    let Some(spaces) = found(fs::read_dir(root().join("values")))? else { return Ok(keys) };
    for space in spaces {
        let space = space?;
        let Ok(name) = space.file_name().into_string() else { continue };
        let before = if name == "_" { String::new() } else { format!("{name}/") };
        for file in fs::read_dir(space.path())? {
            let Ok(rest) = file?.file_name().into_string() else { continue };
            keys.push(format!("{before}{}", rest.replace('.', "/")));
        }
    }
    Ok(keys)
}

/// Writes bytes to the disk, as a file whose name nobody else has.
fn write_whole(value: &[u8]) -> io::Result<PathBuf> {
    let path = root().join("writing").join(format!("{:016x}", chance()));
    write_new(&path, &[value])?;
    Ok(path)
}

/// Writes parts to the disk, as one file that is not there yet.
pub(crate) fn write_new(path: &Path, parts: &[&[u8]]) -> io::Result<()> {
    let mut file = in_folder_of(path, || File::create_new(path))?;
    for part in parts {
        file.write_all(part)?;
    }
    file.sync_data()
}

/// A number that nobody else has.
pub(crate) fn chance() -> u64 {
    RandomState::new().build_hasher().finish()
}

/// Takes away what processes left that ended while they wrote.
pub(crate) fn forget_unfinished() {
    let Ok(files) = fs::read_dir(root().join("writing")) else { return };
    for path in files.filter_map(|it| Some(it.ok()?.path())) {
        let age = path.metadata().and_then(|it| it.modified()).ok();
        if age.and_then(|it| it.elapsed().ok()).is_some_and(|it| it > UNFINISHED_KEPT) {
            // Somebody else may have done it already.
            let _ = fs::remove_file(path);
        }
    }
}

/// Does it; where it fails because the folder is missing, makes that and does it again.
pub(crate) fn in_folder_of<T>(path: &Path, work: impl Fn() -> io::Result<T>) -> io::Result<T> {
    match work() {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            work()
        }
        outcome => outcome,
    }
}
