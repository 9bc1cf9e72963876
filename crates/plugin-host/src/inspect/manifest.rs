//! `plugin.toml`: what a plugin's author says about it.
//!
//! ```toml
//! id = "visits"
//! name = "Visits"
//! version = "0.1.0"
//! description = "Counts the visits of its page."
//!
//! [capabilities] # The grant it wants, and why.
//! kv = "to keep the count"
//! ```
//!
//! The file never decides what is possible, the binary does. It explains, and it is checked against the binary.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use smartcms_domain::plugins::{Grant, PluginId};

/// The longest manifest, in bytes.
const MANIFEST_BYTES_MAX: usize = 64 * 1024;

/// What an author says about a plugin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The id that it wants to have.
    pub id: String,
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// What it is for, in a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// How it may be used, as an SPDX expression.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// Where more is said about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub homepage: Option<String>,
    /// The grants it wants, each with its reason.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub capabilities: BTreeMap<String, String>,
    /// The schema of its settings.
    #[serde(default, skip_serializing_if = "toml::Table::is_empty")]
    pub settings: toml::Table,
    /// What is said of the program that it is, under `run`: a plugin that exports tasks tells of them itself.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tasks: BTreeMap<String, ManifestTask>,
}

/// What an author says about a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestTask {
    /// What it does, in a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// When it runs by itself, as in cron.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<String>,
    /// Whether its runs may overlap.
    #[serde(default)]
    pub overlap: bool,
}

/// A manifest that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// It is too long.
    #[error("plugin.toml has {0} bytes, at most {MANIFEST_BYTES_MAX} are read")]
    TooLong(usize),
    /// It is not TOML, or has other keys.
    #[error("plugin.toml cannot be read: {0}")]
    Unreadable(String),
    /// The id is none.
    #[error("plugin.toml: {0}")]
    Id(#[from] smartcms_domain::plugins::PluginIdError),
    /// A capability is none.
    #[error("plugin.toml: {0}")]
    Capability(#[from] smartcms_domain::plugins::GrantError),
}

impl Manifest {
    /// Reads a manifest and checks its words.
    pub fn parse(text: &str) -> Result<Self, ManifestError> {
        if text.len() > MANIFEST_BYTES_MAX {
            return Err(ManifestError::TooLong(text.len()));
        }
        let manifest: Self = toml::from_str(text)
            .map_err(|error| ManifestError::Unreadable(error.to_string().trim().to_owned()))?;
        PluginId::parse(&manifest.id)?;
        manifest.grants()?;
        Ok(manifest)
    }

    /// The grants it asks for.
    pub fn grants(&self) -> Result<Vec<Grant>, ManifestError> {
        self.capabilities.keys().map(|it| it.parse().map_err(ManifestError::from)).collect()
    }
}
