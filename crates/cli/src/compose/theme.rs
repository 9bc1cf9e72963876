//! The theme of a site, from its folder.

use std::path::Path;

use anyhow::Context;
use smartcms_pages::{THEME_BYTES_MAX, Theme};

/// Files under `theme/` replace those of the default theme one by one.
pub(super) fn load(site: &Path) -> anyhow::Result<Theme> {
    let folder = site.join("theme");
    let failed = || format!("could not read the theme in {}", folder.display());
    let entries = match std::fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Theme::embedded()?),
        Err(error) => return Err(error).with_context(failed),
    };
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry.with_context(failed)?;
        let length = entry.metadata().with_context(failed)?.len();
        let named = entry.file_name().into_string();
        let (true, Ok(name)) = (entry.path().is_file(), named) else { continue };
        if length > THEME_BYTES_MAX as u64 {
            anyhow::bail!(
                "the theme's file {name} has {length} bytes; {THEME_BYTES_MAX} is the limit of a theme"
            );
        }
        files.push((name, std::fs::read(entry.path()).with_context(failed)?));
    }
    Theme::from_files(files).with_context(failed)
}
