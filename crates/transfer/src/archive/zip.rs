//! Zip archives.

use std::collections::HashSet;
use std::fs::File;
use std::io::BufReader;

use zip::ZipArchive;

use super::guard::Guard;
use crate::error::SourceError;

pub(super) fn unpack(file: File, guard: &mut Guard<'_>) -> Result<(), SourceError> {
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|error| guard.broken(error))?;
    if archive.has_duplicate_names() {
        return Err(guard.refused(format!("the archive holds {} twice", twice(&archive))));
    }
    let overlap = archive.has_overlapping_files().map_err(|error| guard.broken(error))?;
    if overlap {
        return Err(
            guard.refused("files of the archive lie over one another, as only bombs have it")
        );
    }
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(|error| guard.broken(error))?;
        let name = entry.name().map_err(|error| guard.broken(error))?.into_owned();
        if entry.is_symlink() {
            return Err(
                guard.refused(format!("the archive holds the link `{}`", name.escape_debug()))
            );
        }
        let is_folder = entry.is_dir();
        let path = guard.admit(&name, is_folder)?;
        if !is_folder {
            guard.write(&path, entry)?;
        }
    }
    Ok(())
}

fn twice(archive: &ZipArchive<BufReader<File>>) -> String {
    let mut seen = HashSet::new();
    let found = archive.file_names_raw().find(|name| !seen.insert(name.to_vec()));
    let name = found.map(|it| String::from_utf8_lossy(it).escape_debug().to_string());
    name.map_or_else(|| "a name".to_owned(), |name| format!("`{name}`"))
}
