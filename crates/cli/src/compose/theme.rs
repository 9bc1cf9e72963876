//! The theme of a site, from its folder.

use std::path::Path;

use anyhow::Context;
use smartcms_pages::{THEME_BYTES_MAX, THEME_FILES_MAX, Theme};

/// A file of a theme: its name and what it holds.
type ThemeFile = (String, Vec<u8>);

/// Files under `theme/` replace those of the default theme one by one.
pub(super) fn load(site: &Path) -> anyhow::Result<Theme> {
    let folder = site.join("theme");
    if !folder.exists() {
        return Ok(Theme::embedded()?);
    }
    let files = read(&folder)?;
    Theme::from_files(files)
        .with_context(|| format!("could not use the theme in {}", folder.display()))
}

/// The files of a theme's folder; folders in it and hidden files are no part of it.
pub(crate) fn read(folder: &Path) -> anyhow::Result<Vec<ThemeFile>> {
    let failed = || format!("could not read the theme in {}", folder.display());
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(failed)? {
        let entry = entry.with_context(failed)?;
        let length = entry.metadata().with_context(failed)?.len();
        let (true, Ok(name)) = (entry.path().is_file(), entry.file_name().into_string()) else {
            continue;
        };
        if name.starts_with('.') {
            continue;
        }
        if length > THEME_BYTES_MAX as u64 || files.len() == THEME_FILES_MAX {
            anyhow::bail!(
                "the theme in {} is too large at {name}: {THEME_FILES_MAX} files and {THEME_BYTES_MAX} bytes are the limits",
                folder.display()
            );
        }
        files.push((name, std::fs::read(entry.path()).with_context(failed)?));
    }
    Ok(files)
}
