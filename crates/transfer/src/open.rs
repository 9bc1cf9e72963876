//! From what somebody names to a source: a file, a folder, or an archive of one.

use std::path::{Path, PathBuf};

use crate::archive::{is_archive, unpack};
use crate::error::{Place, SourceError};
use crate::folder::FolderSource;
use crate::ghost::GhostSource;
use crate::wxr::WxrSource;

/// How deep export files are looked for in an unpacked archive.
const SEARCH_DEPTH_MAX: usize = 6;

/// Opens a WordPress export: an XML file, or a folder or an archive of them, with `wp-content/uploads` beside them or
/// without. Archives are unpacked into `staging`, an empty folder.
pub fn open_wxr(path: &Path, staging: &Path) -> Result<WxrSource, SourceError> {
    let folder = if path.is_dir() {
        path.to_owned()
    } else if is_archive(path)? {
        unpack(path, staging)?
    } else {
        return WxrSource::open(vec![path.to_owned()]);
    };
    let files = found(&folder, "xml");
    if files.is_empty() {
        return Err(SourceError::malformed(Place::file(path), "it holds no .xml file"));
    }
    Ok(WxrSource::open(files)?.with_media(&folder))
}

/// Opens a Ghost export: a JSON file, or a folder or an archive with one and its media.
pub fn open_ghost(path: &Path, staging: &Path) -> Result<GhostSource, SourceError> {
    let folder = if path.is_dir() {
        path.to_owned()
    } else if is_archive(path)? {
        unpack(path, staging)?
    } else {
        return GhostSource::open(path.to_owned());
    };
    let mut last = SourceError::malformed(Place::file(path), "it holds no .json file");
    for file in found(&folder, "json") {
        match GhostSource::open(file) {
            Ok(source) => return Ok(source.with_media(folder)),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// Opens a folder of Markdown files, or an archive of one.
pub fn open_folder(path: &Path, staging: &Path) -> Result<FolderSource, SourceError> {
    if is_archive(path)? {
        let name = path.file_name().map(|it| it.to_string_lossy().into_owned());
        let source = FolderSource::open(unpack(path, staging)?)?;
        return Ok(source.named(&name.unwrap_or_default()));
    }
    if path.is_file() {
        let reason = "this is neither a folder nor an archive of one";
        return Err(SourceError::malformed(Place::file(path), reason));
    }
    FolderSource::open(path.to_owned())
}

/// Files with an ending, in the order of their paths.
fn found(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    search(folder, ending, 0, &mut files);
    files.sort();
    files
}

fn search(folder: &Path, ending: &str, depth: usize, files: &mut Vec<PathBuf>) {
    if depth > SEARCH_DEPTH_MAX {
        return;
    }
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            search(&path, ending, depth + 1, files);
        } else if path.extension().is_some_and(|it| it.eq_ignore_ascii_case(ending)) {
            files.push(path);
        }
    }
}
