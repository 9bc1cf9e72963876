//! A site in a temporary folder.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::command::{Outcome, smartcms};

/// A site with its data, and a token of its owner.
pub(crate) struct Site {
    folder: TempDir,
    pub(crate) token: String,
}

impl Site {
    /// A fresh site.
    #[track_caller]
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        smartcms(folder.path(), &["init", "."]).expect_success();
        let created =
            smartcms(folder.path(), &["token", "create", "--name", "tests", "--role", "owner"]);
        let token = created.expect_success().trim().to_owned();
        Self { folder, token }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.path().join("data")
    }

    /// Runs a command on the site.
    #[track_caller]
    pub(crate) fn run(&self, arguments: &[&str]) -> Outcome {
        smartcms(self.path(), arguments)
    }

    /// Writes a file into the folder of the site, and gives its path.
    #[track_caller]
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }
}
