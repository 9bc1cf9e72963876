//! Which files of a project were saved.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::Context;

/// What tools write: it changes with every build.
const WRITTEN: [&str; 4] = ["target", "node_modules", "__pycache__", "package-lock.json"];
const WRITTEN_ENDINGS: [&str; 3] = ["wasm", "lock", "pyc"];

/// More files than any plugin has: beyond it somebody started this in the wrong folder.
const FILES_MAX: usize = 10_000;

/// The state of the files at the last look.
pub(super) struct Changes {
    folder: PathBuf,
    seen: Files,
    /// A change that was seen, and may still go on.
    pending: bool,
}

type Files = BTreeMap<PathBuf, (SystemTime, u64)>;

impl Changes {
    /// From now on.
    pub(super) fn of(folder: &Path) -> anyhow::Result<Self> {
        Ok(Self { folder: folder.to_owned(), seen: files(folder)?, pending: false })
    }

    /// Whether files were saved, and none since the look before: editors write more than once.
    pub(super) fn happened(&mut self) -> anyhow::Result<bool> {
        let now = files(&self.folder)?;
        let changed = now != self.seen;
        self.seen = now;
        let settled = self.pending && !changed;
        self.pending = changed;
        Ok(settled)
    }
}

fn files(folder: &Path) -> anyhow::Result<Files> {
    let mut found = Files::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(next) = waiting.pop() {
        let failed = || format!("could not list {}", next.display());
        for entry in std::fs::read_dir(&next).with_context(failed)? {
            let path = entry.with_context(failed)?.path();
            if is_written(&path) {
                continue;
            }
            // A file can go away between two looks, which is a change like any other.
            let Ok(data) = path.symlink_metadata() else { continue };
            if data.is_dir() {
                waiting.push(path);
            } else {
                found.insert(path, (data.modified().unwrap_or(SystemTime::UNIX_EPOCH), data.len()));
            }
        }
        if found.len() > FILES_MAX {
            anyhow::bail!(
                "{} has more than {FILES_MAX} files; is it the project's folder?",
                folder.display()
            );
        }
    }
    Ok(found)
}

fn is_written(path: &Path) -> bool {
    let name = path.file_name().and_then(|it| it.to_str()).unwrap_or_default();
    let ending = path.extension().and_then(|it| it.to_str()).unwrap_or_default();
    name.starts_with('.') || WRITTEN.contains(&name) || WRITTEN_ENDINGS.contains(&ending)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::Changes;

    #[test]
    fn a_save_counts_once_it_is_over_and_what_builds_write_never_does() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("src")).unwrap();
        fs::write(folder.path().join("src/lib.rs"), "1").unwrap();
        let mut changes = Changes::of(folder.path()).unwrap();
        assert!(!changes.happened().unwrap());
        fs::write(folder.path().join("src/lib.rs"), "22").unwrap();
        assert!(!changes.happened().unwrap(), "it may still be written to");
        assert!(changes.happened().unwrap());
        assert!(!changes.happened().unwrap());
        for name in ["target", ".smartcms", "node_modules"] {
            fs::create_dir_all(folder.path().join(name)).unwrap();
            fs::write(folder.path().join(name).join("a.rs"), "1").unwrap();
        }
        fs::write(folder.path().join("my-plugin.wasm"), "1").unwrap();
        assert!(!changes.happened().unwrap() && !changes.happened().unwrap());
        fs::remove_file(folder.path().join("src/lib.rs")).unwrap();
        assert!(!changes.happened().unwrap() && changes.happened().unwrap());
    }
}
