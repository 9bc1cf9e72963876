//! Files of a project.

use std::path::Path;

use anyhow::Context;

/// Writes a file with the folders above it, unless it says the same already: build tools look at the time of files.
pub(super) fn write_if_changed(path: &Path, text: &str) -> anyhow::Result<()> {
    if std::fs::read(path).is_ok_and(|there| there == text.as_bytes()) {
        return Ok(());
    }
    let failed = || format!("could not write {}", path.display());
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(failed)?;
    }
    std::fs::write(path, text).with_context(failed)
}

/// Reads a text that has to be there.
pub(super) fn read(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("could not read {}", path.display()))
}

/// The files directly in a folder with one of these endings, sorted; none when there is no folder.
pub(super) fn with_ending(
    folder: &Path,
    endings: &[&str],
) -> anyhow::Result<Vec<std::path::PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let failed = || format!("could not list {}", folder.display());
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(failed)? {
        let path = entry.with_context(failed)?.path();
        let ending = path.extension().and_then(|it| it.to_str()).unwrap_or_default();
        if endings.contains(&ending) && path.is_file() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
