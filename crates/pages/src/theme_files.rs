//! The files of a theme: what is embedded, what a folder brings, and what a browser is told about them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use bytes::Bytes;
use smartcms_app::ports::Digest;
use smartcms_domain::sorting::map_of;

use crate::packed::{Parts, parts};
use crate::theme::ThemeError;

/// The most files of a theme.
pub const THEME_FILES_MAX: usize = 200;
/// The most bytes of a theme, all its files together.
pub const THEME_BYTES_MAX: usize = 16 * 1024 * 1024;
/// How many digits of a file's hash stand in its address.
const VERSION_LEN: usize = 16;

/// The theme that is there when no other is. A folder replaces its files one by one.
static EMBEDDED: LazyLock<Parts> = LazyLock::new(|| parts!("theme"));

/// The files of the default theme: names and texts.
pub fn default_theme_files() -> impl Iterator<Item = (&'static str, &'static str)> {
    EMBEDDED.texts()
}

/// A file that pages of a theme refer to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThemeFile {
    /// What it holds.
    pub bytes: Bytes,
    /// Its media type.
    pub content_type: &'static str,
    /// Changes when the content does; part of its address.
    pub version: String,
}

/// The files of a theme, sorted by what they are for.
pub(crate) struct SortedFiles {
    pub(crate) templates: Vec<(String, String)>,
    pub(crate) files: BTreeMap<String, ThemeFile>,
}

/// Sorts the embedded theme and what replaces or extends it.
pub(crate) fn sort(given: Vec<(String, Vec<u8>)>) -> Result<SortedFiles, ThemeError> {
    let len = given.iter().map(|(_, bytes)| bytes.len()).sum::<usize>();
    if given.len() > THEME_FILES_MAX || len > THEME_BYTES_MAX {
        return Err(ThemeError::TooLarge { files: given.len(), bytes: len });
    }
    let embedded = EMBEDDED.iter().map(|(name, bytes)| (name.to_owned(), bytes.to_vec()));
    let mut all = map_of(embedded);
    all.extend(given);
    let mut sorted = SortedFiles { templates: Vec::new(), files: BTreeMap::new() };
    for (name, bytes) in all {
        if name.ends_with(".html") {
            let text = String::from_utf8(bytes).map_err(|_| ThemeError::NotText(name.clone()))?;
            sorted.templates.push((name, text));
        } else {
            let file = theme_file(&name, bytes)?;
            sorted.files.insert(name, file);
        }
    }
    Ok(sorted)
}

fn theme_file(name: &str, bytes: Vec<u8>) -> Result<ThemeFile, ThemeError> {
    let content_type =
        content_type(name).ok_or_else(|| ThemeError::UnknownKind(name.to_owned()))?;
    let version = Digest::of(&bytes).to_string().chars().take(VERSION_LEN).collect();
    Ok(ThemeFile { bytes: Bytes::from(bytes), content_type, version })
}

fn content_type(name: &str) -> Option<&'static str> {
    let (_, extension) = name.rsplit_once('.')?;
    Some(match extension {
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "gif" => "image/gif",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "ttf" => "font/ttf",
        "txt" => "text/plain; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        _ => return None,
    })
}
