//! Values with versions, and locks.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::exports::smartcms::portable::storage::Head;
use crate::files::{found, in_folder_of, name, write_whole};
use crate::root;

/// How many versions stay: so many swaps would have to happen between two steps of one before it went wrong.
const VERSIONS_KEPT: u64 = 32;

/// How often reading begins again because what was to be read was replaced and taken away: more often than one tidying takes
/// versions away, each of which may end a list.
const READS_MAX: usize = 64;

fn folder(key: &str) -> io::Result<PathBuf> {
    Ok(root().join("heads").join(name(key)?))
}

fn file(folder: &Path, version: u64) -> PathBuf {
    folder.join(format!("{version:016x}"))
}

/// The numbers of all versions, in no order. A version that is taken away meanwhile ends the list of some hosts: it is made
/// again then.
fn versions(folder: &Path) -> io::Result<Vec<u64>> {
    for _ in 0..READS_MAX {
        let Some(files) = found(fs::read_dir(folder))? else { return Ok(Vec::new()) };
        let names = files.map(|it| it.map(|it| it.file_name().into_string().unwrap_or_default()));
        if let Some(names) = found(names.collect::<io::Result<Vec<String>>>())? {
            return Ok(names.iter().filter_map(|it| u64::from_str_radix(it, 16).ok()).collect());
        }
    }
    Err(io::Error::other("it is replaced faster than it can be listed"))
}

pub(crate) fn get(key: &str) -> io::Result<Option<Head>> {
    let folder = folder(key)?;
    for _ in 0..READS_MAX {
        let Some(newest) = versions(&folder)?.into_iter().max() else { return Ok(None) };
        if let Some(value) = found(fs::read(file(&folder, newest)))? {
            return Ok(Some(Head { version: newest.to_string(), value }));
        }
    }
    Err(io::Error::other("it is replaced faster than it can be read"))
}

/// In this order: whoever finds no later version, and then its own still there, has the newest, since the oldest go first.
pub(crate) fn is_newest(key: &str, version: &str) -> io::Result<bool> {
    let Ok(version) = version.parse::<u64>() else { return Ok(false) };
    let folder = folder(key)?;
    let later = found(fs::metadata(file(&folder, version.saturating_add(1))))?;
    Ok(later.is_none() && found(fs::metadata(file(&folder, version)))?.is_some())
}

pub(crate) fn swap(key: &str, seen: Option<&str>, value: &[u8]) -> io::Result<Option<String>> {
    let folder = folder(key)?;
    let next = match seen {
        Some(seen) if is_newest(key, seen)? => seen.parse::<u64>().unwrap_or_default() + 1,
        None if versions(&folder)?.is_empty() => 1,
        _ => return Ok(None),
    };
    let (whole, target) = (write_whole(value)?, file(&folder, next));
    let linked = in_folder_of(&target, || fs::hard_link(&whole, &target));
    // A second name of the same bytes; what stays of it is only room.
    let _ = fs::remove_file(&whole);
    match linked {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(None),
        outcome => outcome?,
    }
    // The names as well as the bytes: of values that were stored before, and of this version.
    for changed in
        [root().join("values").join(key.split('/').next().unwrap_or_default()), folder.clone()]
    {
        sync(&changed)?;
    }
    if next.is_multiple_of(VERSIONS_KEPT) {
        tidy(&folder, next);
    }
    Ok(Some(next.to_string()))
}

fn sync(folder: &Path) -> io::Result<()> {
    match found(File::open(folder).and_then(|it| it.sync_all())) {
        // Some hosts do not let folders be synced; on most systems a rename is ordered after its file all the same.
        Err(error) if matches!(error.kind(), ErrorKind::Unsupported | ErrorKind::InvalidInput) => {
            Ok(())
        }
        outcome => outcome.map(drop),
    }
}

/// Takes old versions away, the oldest first, as [`is_newest`] needs it. What cannot be taken away stays.
fn tidy(folder: &Path, newest: u64) {
    let mut old = versions(folder).unwrap_or_default();
    old.retain(|it| it.saturating_add(VERSIONS_KEPT) < newest);
    old.sort_unstable();
    for version in old {
        if fs::remove_file(file(folder, version)).is_err() {
            return;
        }
    }
    crate::files::forget_unfinished();
}

pub(crate) fn try_lock(lock: &str, milliseconds: u32) -> io::Result<bool> {
    let path = root().join("locks").join(name(lock)?);
    let take = || OpenOptions::new().write(true).create_new(true).open(&path);
    match in_folder_of(&path, take) {
        Ok(_) => return Ok(true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error),
    }
    let Some(held) = found(fs::metadata(&path))? else { return Ok(take().is_ok()) };
    let age = SystemTime::now().duration_since(held.modified()?).unwrap_or_default();
    if age < Duration::from_millis(milliseconds.into()) {
        return Ok(false);
    }
    found(fs::remove_file(&path))?;
    Ok(take().is_ok())
}

pub(crate) fn unlock(lock: &str) -> io::Result<()> {
    found(fs::remove_file(root().join("locks").join(name(lock)?))).map(drop)
}
