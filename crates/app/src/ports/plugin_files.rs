//! The files of plugins: what they tell without running, and making them ready.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use serde_json::Value;
use smartcms_domain::plugins::{Grant, PluginId};

use super::{Digest, PluginFailure, PluginRecord};
use crate::{Fault, FaultKind};

/// Looks at files of plugins and makes them ready. Where a site runs without a compiler of its own nothing of it is
/// offered, and plugins come by other ways.
#[async_trait]
pub trait PluginFiles: Send + Sync {
    /// The largest file that is taken, in bytes; `None` where no plugin can be added while the site runs.
    fn bytes_max(&self) -> Option<u64>;

    /// Takes a file for a component, with the manifest beside it put inside. Nothing of it runs.
    async fn accept(&self, file: Bytes, manifest: Option<String>)
    -> Result<Bytes, PluginFileError>;

    /// What a stored component tells of itself. Nothing of it runs. Cheap: it is read once. `None` where none is stored.
    async fn facts(&self, digest: &Digest) -> Result<Option<Arc<PluginFacts>>, PluginFileError>;

    /// Refuses a file where the site has pinned something else for this plugin.
    async fn admit(&self, id: &PluginId, version: &str) -> Result<(), PluginFileError>;

    /// Compiles a component, in a process of its own.
    async fn prepare(&self, component: &Bytes) -> Result<(), PluginFileError>;

    /// Starts a version on a site that is thrown away: no content, no keys, no network.
    async fn try_out(&self, record: PluginRecord, component: Bytes) -> Result<(), PluginFileError>;

    /// Whether a version is older than another.
    fn is_older(&self, version: &str, other: &str) -> bool;

    /// Hears that a plugin is not the pinned one any more: it came as a file, or went.
    async fn came_as_file(&self, id: &PluginId);

    /// Hears that the version before is in force again: what was pinned then is pinned.
    async fn went_back(&self, id: &PluginId, version: &str);
}

/// Everything that the file of a plugin tells.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PluginFacts {
    /// The id that it wants to have.
    pub id: Option<String>,
    /// What people call it.
    pub name: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// How it may be used.
    pub licence: Option<String>,
    /// Where more is said about it.
    pub homepage: Option<String>,
    /// Its size.
    pub bytes: u64,
    /// What its binary can reach if everything is granted.
    pub reaches: Vec<PluginReach>,
    /// The grants that its author asks for, each with the reason.
    pub asks: Vec<(Grant, String)>,
    /// What it uses without a grant, in words.
    pub uses: Vec<String>,
    /// Where it takes part: names as `plugin inspect` has them.
    pub points: Vec<String>,
    /// Languages and tools that made it, as they say.
    pub made_with: Vec<String>,
    /// What somebody should know before granting.
    pub warnings: Vec<String>,
    /// Why it cannot be a plugin of this site.
    pub refusals: Vec<String>,
    /// The JSON Schema of its settings.
    pub settings: Option<Value>,
}

/// A capability that a binary asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PluginReach {
    /// Its name, as in grants.
    pub capability: String,
    /// What it allows, as in "this plugin can …".
    pub words: String,
    /// A grant as it is typed.
    pub example: String,
    /// Whether the plugin is refused without it.
    pub required: bool,
}

/// Why a file does not become a plugin.
#[derive(Debug, thiserror::Error)]
pub enum PluginFileError {
    /// Nothing can be added here.
    #[error("this site cannot take files for plugins while it runs")]
    NotOffered,
    /// It is no plugin, or none for this site.
    #[error("{0}")]
    Unfit(String),
    /// The site has pinned something else.
    #[error("{0}")]
    Pinned(String),
    /// It did not start.
    #[error("it was tried and not taken: {0}")]
    NotStarted(#[from] PluginFailure),
    /// It could not be worked on now.
    #[error("could not {action}")]
    Unavailable {
        /// What was tried.
        action: String,
        /// Why it failed.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl Fault for PluginFileError {
    fn kind(&self) -> FaultKind {
        match self {
            Self::NotOffered | Self::Pinned(_) => FaultKind::Conflict,
            Self::Unfit(_) => FaultKind::Invalid,
            Self::NotStarted(_) => FaultKind::Conflict,
            Self::Unavailable { .. } => FaultKind::Unavailable,
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::NotOffered => "plugin.not-offered",
            Self::Unfit(_) => "plugin.unfit",
            Self::Pinned(_) => "plugin.pinned",
            Self::NotStarted(failure) => failure.kind.code(),
            Self::Unavailable { .. } => "plugin.file-unavailable",
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::NotOffered => Some("plugins are composed into it when it is built".to_owned()),
            Self::Pinned(_) => Some(
                "`smartcms plugin upgrade` at the command line takes it with the operator's consent"
                    .to_owned(),
            ),
            _ => None,
        }
    }
}

/// Takes no files: of the portable build, which has no compiler.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoPluginFiles;

#[async_trait]
impl PluginFiles for NoPluginFiles {
    fn bytes_max(&self) -> Option<u64> {
        None
    }

    async fn accept(&self, _: Bytes, _: Option<String>) -> Result<Bytes, PluginFileError> {
        Err(PluginFileError::NotOffered)
    }

    async fn facts(&self, _: &Digest) -> Result<Option<Arc<PluginFacts>>, PluginFileError> {
        Err(PluginFileError::NotOffered)
    }

    async fn admit(&self, _: &PluginId, _: &str) -> Result<(), PluginFileError> {
        Err(PluginFileError::NotOffered)
    }

    async fn prepare(&self, _: &Bytes) -> Result<(), PluginFileError> {
        Err(PluginFileError::NotOffered)
    }

    async fn try_out(&self, _: PluginRecord, _: Bytes) -> Result<(), PluginFileError> {
        Err(PluginFileError::NotOffered)
    }

    fn is_older(&self, _: &str, _: &str) -> bool {
        false
    }

    async fn came_as_file(&self, _: &PluginId) {}

    async fn went_back(&self, _: &PluginId, _: &str) {}
}
