//! Which files of a folder are entries, in an order that does not depend on the file system.

use std::path::Path;

use super::flavour::Flavour;
use super::settings::Settings;
use crate::error::{Place, SourceError};
use crate::limits::{FOLDER_DEPTH_MAX, FOLDER_FILES_MAX};
use crate::note::{Note, NoteKind};

/// Folders that hold what generators work with or have made.
const NOT_CONTENT: &[&str] = &[
    "node_modules",
    "public",
    "resources",
    "themes",
    "layouts",
    "archetypes",
    "templates",
    "static",
    "assets",
    "target",
    "vendor",
    "_site",
    "_layouts",
    "_includes",
    "_sass",
    "_data",
    "_plugins",
    "sass",
    "i18n",
];
/// Files that describe a repository and are no entries.
const NOT_ENTRIES: &[&str] =
    &["readme.md", "license.md", "changelog.md", "contributing.md", "code_of_conduct.md"];

/// One file that may be an entry.
#[derive(Debug)]
pub(super) struct Found {
    /// The path from the folder of the content, with `/`.
    pub(super) path: String,
    pub(super) size: u64,
}

#[derive(Debug, Default)]
pub(super) struct Walked {
    pub(super) files: Vec<Found>,
    pub(super) notes: Vec<Note>,
}

pub(super) fn walk(
    root: &Path,
    flavour: Flavour,
    settings: &Settings,
) -> Result<Walked, SourceError> {
    let mut walked = Walked::default();
    folder(root, "", 0, (flavour, settings), &mut walked)?;
    Ok(walked)
}

fn folder(
    path: &Path,
    prefix: &str,
    depth: usize,
    site: (Flavour, &Settings),
    walked: &mut Walked,
) -> Result<(), SourceError> {
    let too_large = |what: &str, size: usize, limit: usize| SourceError::TooLarge {
        place: Place::file(path),
        what: what.to_owned(),
        size: size as u64,
        limit: limit as u64,
    };
    if depth > FOLDER_DEPTH_MAX {
        return Err(too_large("the nesting of folders", depth, FOLDER_DEPTH_MAX));
    }
    let failed = |error| SourceError::read(path, "read the folder", error);
    let mut entries =
        std::fs::read_dir(path).map_err(failed)?.collect::<Result<Vec<_>, _>>().map_err(failed)?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = entry.file_type().map_err(failed)?;
        let inner = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
        if kind.is_symlink() {
            let message = "it is a link, which could lead out of the folder";
            walked.notes.push(Note::new(
                NoteKind::Skipped,
                &Place::file(&entry.path()),
                inner,
                message,
            ));
        } else if kind.is_dir() && is_content(&name, depth, site) {
            folder(&entry.path(), &inner, depth + 1, site, walked)?;
        } else if kind.is_file() && is_entry(&name, depth) {
            let size = entry.metadata().map_err(failed)?.len();
            walked.files.push(Found { path: inner, size });
        } else if kind.is_file() && is_other_text(&name) {
            let message =
                "it is a text of a format that is not read here; only Markdown and HTML are";
            walked.notes.push(Note::new(
                NoteKind::Skipped,
                &Place::file(&entry.path()),
                inner,
                message,
            ));
        }
        if walked.files.len() > FOLDER_FILES_MAX {
            return Err(too_large("the folder, in files,", walked.files.len(), FOLDER_FILES_MAX));
        }
    }
    Ok(())
}

/// Texts that generators read and this program does not.
fn is_other_text(name: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "org", "rst", "adoc", "asciidoc", "ad", "pandoc", "pdc", "textile", "mdx", "ipynb", "rmd",
    ];
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    ENDINGS.iter().any(|it| ending.eq_ignore_ascii_case(it))
}

fn is_content(name: &str, depth: usize, (flavour, settings): (Flavour, &Settings)) -> bool {
    // Jekyll passes over what begins with `_`, but for posts, drafts and its collections.
    if flavour == Flavour::Jekyll && name.starts_with('_') && !settings.is_collection(name) {
        return false;
    }
    let lower = name.to_ascii_lowercase();
    let reserved = depth == 0 && NOT_CONTENT.contains(&lower.as_str());
    let in_content = matches!(flavour, Flavour::Hugo | Flavour::Zola);
    !name.starts_with('.') && lower != "node_modules" && (in_content || !reserved)
}

fn is_entry(name: &str, depth: usize) -> bool {
    let lower = name.to_ascii_lowercase();
    let extension = lower.rsplit_once('.').map_or("", |(_, extension)| extension);
    let is_text = matches!(extension, "md" | "markdown" | "mdown" | "html" | "htm");
    is_text && !name.starts_with('.') && !(depth == 0 && NOT_ENTRIES.contains(&lower.as_str()))
}
