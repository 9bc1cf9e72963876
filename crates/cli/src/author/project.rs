//! The folder of a plugin's project.

use std::path::{Path, PathBuf};

use smartcms_plugin_host::Manifest;

use super::args::Language;
use super::files::{read, with_ending};
use super::kit;
use crate::failure::{Failure, exit};

/// A project with what it says about itself.
pub(super) struct Project {
    /// Its folder, absolute.
    pub(super) folder: PathBuf,
    pub(super) language: Language,
    pub(super) manifest: Manifest,
    /// The manifest as it was written.
    pub(super) manifest_text: String,
}

impl Project {
    /// Opens the project in a folder, and brings its copy of the contract and the SDK up to date.
    pub(super) fn open(folder: &Path) -> anyhow::Result<Self> {
        let folder = std::path::absolute(folder)?;
        let path = folder.join("plugin.toml");
        if !path.is_file() {
            let message =
                format!("{} is no project of a plugin: it has no plugin.toml", folder.display());
            let hint = "`smartcms plugin new --lang LANG NAME` makes one";
            return Err(Failure::hinted(message, hint, exit::NOT_FOUND));
        }
        let manifest_text = read(&path)?;
        let manifest = Manifest::parse(&manifest_text)
            .map_err(|error| Failure::with_exit(error, exit::INVALID))?;
        let language = language_of(&folder)?;
        kit::write(&folder, language)?;
        Ok(Self { folder, language, manifest, manifest_text })
    }

    /// Where the built plugin goes.
    pub(super) fn output(&self) -> PathBuf {
        self.folder.join(format!("{}.wasm", self.manifest.id))
    }

    /// A path in the folder that this program writes.
    pub(super) fn kit(&self, path: &str) -> PathBuf {
        self.folder.join(kit::KIT_FOLDER).join(path)
    }
}

/// The language, by the file that its own tools look for.
fn language_of(folder: &Path) -> anyhow::Result<Language> {
    let has = |name: &str| folder.join(name).is_file();
    if has("Cargo.toml") {
        return Ok(Language::Rust);
    }
    if has("package.json") {
        return Ok(if has("tsconfig.json") { Language::Ts } else { Language::Js });
    }
    if has("pyproject.toml") {
        return Ok(Language::Python);
    }
    if !with_ending(&folder.join("src"), &["c"])?.is_empty() {
        return Ok(Language::C);
    }
    if has("go.mod") {
        return Ok(Language::Go);
    }
    let message = format!("could not tell the language of {}", folder.display());
    let hint = "it is told by Cargo.toml (Rust), package.json (JavaScript; with tsconfig.json TypeScript), \
                pyproject.toml (Python), go.mod (Go) or src/*.c (C)";
    Err(Failure::hinted(message, hint, exit::INVALID))
}
