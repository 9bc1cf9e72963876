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
            Self::Hugo | Self::Zola => [HUGO, CONFIGS].concat(),
            Self::Plain => Vec::new(),
        };
        let found = names.into_iter().map(|it| root.join(it)).find(|it| it.is_file());
        match found {
            Some(path) => read_settings(&path),
            None if self == Self::Hugo => parted_settings(&root.join("config/_default")),
            None => Ok(Map::new()),
        }
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

fn read_settings(path: &Path) -> Result<Map<String, Value>, SourceError> {
    let failed = |error| SourceError::read(path, "read the settings", error);
    let size = std::fs::metadata(path).map_err(failed)?.len();
    if size > FRONT_MATTER_BYTES_MAX as u64 {
        return Err(SourceError::TooLarge {
            place: Place::file(path),
            what: "the settings file, in bytes,".to_owned(),
            size,
            limit: FRONT_MATTER_BYTES_MAX as u64,
        });
    }
    let text = std::fs::read_to_string(path).map_err(failed)?;
    let format = match path.extension().and_then(|it| it.to_str()) {
        Some("toml") => front_matter::Format::Toml,
        Some("json") => front_matter::Format::Json,
        _ => front_matter::Format::Yaml,
    };
    front_matter::parse(format, &text).map_err(|mistake| {
        let place = Place { line: mistake.line, ..Place::file(path) };
        SourceError::malformed(place, mistake.reason)
    })
}

/// Hugo takes its settings apart into files that are named after what they set: `menus.en.toml`, `permalinks.toml`.
fn parted_settings(folder: &Path) -> Result<Map<String, Value>, SourceError> {
    let mut all = Map::new();
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|it| it.path()).filter(|it| it.is_file()).collect();
    files.sort();
    for path in files {
        let ending = path.extension().and_then(|it| it.to_str()).unwrap_or_default();
        if !["toml", "yaml", "yml", "json"].contains(&ending) {
            continue;
        }
        let map = read_settings(&path)?;
        let name = path.file_name().map(|it| it.to_string_lossy().into_owned());
        let name = name.unwrap_or_default();
        match name.split('.').next().unwrap_or_default() {
            "hugo" | "config" => all.extend(map),
            part => {
                // A file of its own may name itself once more: `[menus.main]` in menus.toml does not.
                all.entry(part).or_insert(Value::Object(map));
            }
        }
    }
    Ok(all)
}

/// Zola writes its address as `base_url`, Hugo as `baseURL`.
fn says_zola(root: &Path) -> bool {
    if root.join("zola.toml").is_file() {
        return true;
    }
    let text = std::fs::read_to_string(root.join("config.toml")).unwrap_or_default();
    text.lines().any(|line| line.trim_start().starts_with("base_url"))
}
