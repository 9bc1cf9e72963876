//! Locks: who writes. Too old a one is taken away.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind};
use std::time::{Duration, SystemTime};

use crate::files::{found, in_folder_of, name};
use crate::root;

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
