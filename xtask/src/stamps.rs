//! Remembering what is done: a stamp is the hash of the inputs of the last success.

use std::{fs, path::PathBuf};

use anyhow::{Context as _, Result};

use crate::workshop::Workshop;

/// One remembered piece of work, kept under `target/xtask/stamps`.
pub(crate) struct Stamp {
    path: PathBuf,
    hash: String,
}

impl Stamp {
    /// The stamp called `name` for inputs that hash to `hash`.
    pub(crate) fn new(workshop: &Workshop, name: &str, hash: String) -> Self {
        Self { path: workshop.state().join("stamps").join(name), hash }
    }

    /// Whether the work was done for these very inputs.
    pub(crate) fn is_current(&self) -> bool {
        fs::read_to_string(&self.path).is_ok_and(|kept| kept == self.hash)
    }

    /// Forgets the last success: call it before work that may be left half done.
    pub(crate) fn clear(&self) {
        // A stamp that is not there is as good as one removed.
        let _ = fs::remove_file(&self.path);
    }

    /// Remembers that the work is done.
    pub(crate) fn set(&self) -> Result<()> {
        let folder = self.path.parent().context("a stamp has a folder")?;
        fs::create_dir_all(folder)
            .with_context(|| format!("could not create {}", folder.display()))?;
        fs::write(&self.path, &self.hash)
            .with_context(|| format!("could not write {}", self.path.display()))
    }
}
