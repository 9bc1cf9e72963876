//! Why an operation on plugins did not happen.

use smartcms_domain::plugins::{GRANTS_MAX, Grant, PluginId};

use super::settings::PLUGIN_SETTINGS_BYTES_MAX;
use crate::ports::{BlobError, StoreError};
use crate::{Fault, FaultKind};

/// Why an operation on plugins did not happen. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum PluginAdminError {
    /// There is no such plugin.
    #[error("there is no plugin `{0}`")]
    Unknown(PluginId),
    /// The plugin does not hold this grant.
    #[error("plugin {plugin} does not hold the grant {grant}")]
    NotGranted {
        /// The plugin.
        plugin: PluginId,
        /// What it does not hold.
        grant: Grant,
    },
    /// There are as many grants as there can be.
    #[error("plugin {0} would hold more than {GRANTS_MAX} grants, which is the limit")]
    TooManyGrants(PluginId),
    /// The settings would be too large.
    #[error(
        "the settings of plugin {0} would be larger than {PLUGIN_SETTINGS_BYTES_MAX} bytes, the limit"
    )]
    LargeSettings(PluginId),
    /// It is the version that is in force.
    #[error("version {1} of plugin {0} is in force already, with these very bytes")]
    AlreadyInForce(PluginId, String),
    /// There is nothing to go back to.
    #[error("plugin {0} has no version to go back to: none was replaced by the one in force")]
    NothingReplaced(PluginId),
    /// The component could not be stored.
    #[error(transparent)]
    Blob(#[from] BlobError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Fault for PluginAdminError {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Unknown(_) | Self::NotGranted { .. } | Self::NothingReplaced(_) => {
                FaultKind::NotFound
            }
            Self::AlreadyInForce(..) => FaultKind::Conflict,
            Self::TooManyGrants(_) | Self::LargeSettings(_) => FaultKind::Limit,
            Self::Blob(_) | Self::Store(_) => FaultKind::Unavailable,
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Unknown(_) => "plugin.unknown",
            Self::NotGranted { .. } => "plugin.not-granted",
            Self::TooManyGrants(_) => "plugin.too-many-grants",
            Self::LargeSettings(_) => "plugin.large-settings",
            Self::AlreadyInForce(..) => "plugin.already-in-force",
            Self::NothingReplaced(_) => "plugin.nothing-replaced",
            Self::Blob(_) => "blob.unavailable",
            Self::Store(_) => "store.unavailable",
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::Unknown(_) => Some("`smartcms plugin list` shows the plugins".to_owned()),
            Self::NotGranted { plugin, .. } => {
                Some(format!("`smartcms plugin list` shows what {plugin} holds"))
            }
            _ => None,
        }
    }
}
