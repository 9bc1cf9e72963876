//! Which generator a folder is for.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::front_matter;
use crate::error::{Place, SourceError};
use crate::limits::FRONT_MATTER_BYTES_MAX;

/// A generator of sites.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flavour {
    Hugo,
    Zola,
    Jekyll,
    /// Only files.
    Plain,
}

const HUGO: &[&str] = &["hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json"];
const CONFIGS: &[&str] = &["config.toml", "config.yaml", "config.yml", "config.json", "zola.toml"];
const JEKYLL: &[&str] = &["_config.yml", "_config.yaml", "_config.toml"];

impl Flavour {
    pub(super) fn of(root: &Path) -> Self {
        let has = |names: &[&str]| names.iter().any(|it| root.join(it).is_file());
        if has(JEKYLL) || root.join("_posts").is_dir() {
            return Self::Jekyll;
        }
        if has(HUGO) || root.join("config/_default").is_dir() {
            return Self::Hugo;
        }
        if root.join("content").is_dir() && has(CONFIGS) {
            let zola = root.join("templates").is_dir() && !root.join("layouts").is_dir();
            return if zola || says_zola(root) { Self::Zola } else { Self::Hugo };
        }
        if root.join("content").is_dir() { Self::Hugo } else { Self::Plain }
    }

    /// The settings of the site, empty when there are none.
    pub(super) fn config(self, root: &Path) -> Result<Map<String, Value>, SourceError> {
        let names = match self {
            Self::Jekyll => JEKYLL.to_vec(),
            Self::Hugo | Self::Zola => {
                [HUGO, CONFIGS, &["config/_default/hugo.toml", "config/_default/config.toml"]]
                    .concat()
            }
            Self::Plain => Vec::new(),
        };
        let found = names.into_iter().map(|it| root.join(it)).find(|it| it.is_file());
        let Some(path) = found else { return Ok(Map::new()) };
        let text = std::fs::read_to_string(&path)
            .map_err(|error| SourceError::read(&path, "read the settings", error))?;
        if text.len() > FRONT_MATTER_BYTES_MAX {
            return Err(SourceError::TooLarge {
                place: Place::file(&path),
                what: "the settings file, in bytes,".to_owned(),
                size: text.len() as u64,
                limit: FRONT_MATTER_BYTES_MAX as u64,
            });
        }
        let format = match path.extension().and_then(|it| it.to_str()) {
            Some("toml") => front_matter::Format::Toml,
            Some("json") => front_matter::Format::Json,
            _ => front_matter::Format::Yaml,
        };
        front_matter::parse(format, &text)
            .map_err(|reason| SourceError::malformed(Place::file(&path), reason))
    }

    /// Where the entries are.
    pub(super) fn content(self, root: &Path) -> PathBuf {
        match self {
            Self::Hugo | Self::Zola => root.join("content"),
            Self::Jekyll | Self::Plain => root.to_owned(),
        }
    }

    /// Folders whose files stand at the root of the site.
    pub(super) fn media(self, root: &Path) -> Vec<PathBuf> {
        match self {
            Self::Hugo => vec![root.join("static"), root.join("assets"), root.join("content")],
            Self::Zola => vec![root.join("static"), root.join("content")],
            Self::Jekyll | Self::Plain => vec![root.to_owned(), root.join("static")],
        }
    }
}

/// Zola writes its address as `base_url`, Hugo as `baseURL`.
fn says_zola(root: &Path) -> bool {
    if root.join("zola.toml").is_file() {
        return true;
    }
    let text = std::fs::read_to_string(root.join("config.toml")).unwrap_or_default();
    text.lines().any(|line| line.trim_start().starts_with("base_url"))
}
