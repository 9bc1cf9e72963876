//! Tar archives.

use std::io::Read;

use tar::{Archive, EntryType};

use super::guard::Guard;
use crate::error::SourceError;

pub(super) fn unpack(input: impl Read, guard: &mut Guard<'_>) -> Result<(), SourceError> {
    let mut archive = Archive::new(input);
    let entries = archive.entries().map_err(|error| guard.broken(error))?;
    for entry in entries {
        let entry = entry.map_err(|error| guard.broken(error))?;
        let name = String::from_utf8(entry.path_bytes().into_owned());
        let name = name.map_err(|_| guard.refused("the archive holds a name that is no text"))?;
        match entry.header().entry_type() {
            EntryType::Regular | EntryType::Continuous => {
                let path = guard.admit(&name, false)?;
                guard.write(&path, entry)?;
            }
            EntryType::Directory => drop(guard.admit(&name, true)),
            EntryType::XGlobalHeader => {}
            _ => {
                let name = name.escape_debug();
                return Err(guard.refused(format!(
                    "the archive holds `{name}`, which is neither a file nor a folder"
                )));
            }
        }
    }
    Ok(())
}
