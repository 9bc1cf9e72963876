//! Whether a file is there, asked with every request: one call of the host on a folder that stays open, which looks at one
//! name. By a path the host would walk it, open what it names and close it again.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use wasip2::filesystem::preopens::get_directories;
use wasip2::filesystem::types::{Descriptor, DescriptorFlags, ErrorCode, OpenFlags, PathFlags};

use crate::files::found;
use crate::heads::folder;

/// The folders that are open, by the heads whose versions are in them.
static OPEN: Mutex<BTreeMap<String, Descriptor>> = Mutex::new(BTreeMap::new());

/// Whether the folder of a head has a file of this name.
pub(crate) fn is_there(head: &str, name: &str) -> io::Result<bool> {
    let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(kept) = open.get(head) {
        if kept.stat_at(PathFlags::empty(), name).is_ok() {
            return Ok(true);
        }
        // It may be another folder by now: what is not there is looked for from the beginning.
        open.remove(head);
    }
    let folder = folder(head)?;
    let Some(now) = opened(&folder) else { return by_path(&folder, name) };
    match now.stat_at(PathFlags::empty(), name) {
        Ok(_) => {
            open.insert(head.to_owned(), now);
            Ok(true)
        }
        Err(ErrorCode::NoEntry) => Ok(false),
        Err(_) => by_path(&folder, name),
    }
}

fn by_path(folder: &Path, name: &str) -> io::Result<bool> {
    Ok(found(fs::symlink_metadata(folder.join(name)))?.is_some())
}

/// Opens a folder below the nearest one that the host gave.
fn opened(folder: &Path) -> Option<Descriptor> {
    let given = get_directories();
    let within = given.iter().filter_map(|(at, path)| Some((at, folder.strip_prefix(path).ok()?)));
    let (at, rest) = within.min_by_key(|(_, rest)| rest.as_os_str().len())?;
    let (follow, flags) = (PathFlags::SYMLINK_FOLLOW, DescriptorFlags::READ);
    at.open_at(follow, rest.to_str()?, OpenFlags::DIRECTORY, flags).ok()
}
