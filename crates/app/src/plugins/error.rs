//! Why an operation on plugins did not happen.

use smartcms_domain::plugins::{GRANTS_MAX, Grant, PluginId};

use super::settings::{SETTING_NAME_LEN_MAX, SETTINGS_BYTES_MAX, SETTINGS_MAX};
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
    /// A setting cannot be called like this.
    #[error(
        "plugin {plugin} can have no setting `{name}`: a name is 1 to {SETTING_NAME_LEN_MAX} bytes without spaces"
    )]
    BadSetting {
        /// The plugin.
        plugin: PluginId,
        /// The name.
        name: String,
    },
    /// There is no such setting to take away.
    #[error("plugin {plugin} has no setting `{name}`")]
    NotSet {
        /// The plugin.
        plugin: PluginId,
        /// The name.
        name: String,
    },
    /// There are as many settings as there can be.
    #[error(
        "plugin {0} would have more than {SETTINGS_MAX} settings or {SETTINGS_BYTES_MAX} bytes of them, which is the limit"
    )]
    TooManySettings(PluginId),
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
            Self::Unknown(_)
            | Self::NotGranted { .. }
            | Self::NotSet { .. }
            | Self::NothingReplaced(_) => FaultKind::NotFound,
            Self::BadSetting { .. } => FaultKind::Invalid,
            Self::AlreadyInForce(..) => FaultKind::Conflict,
            Self::TooManyGrants(_) | Self::TooManySettings(_) => FaultKind::Limit,
            Self::Blob(_) | Self::Store(_) => FaultKind::Unavailable,
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Unknown(_) => "plugin.unknown",
            Self::NotGranted { .. } => "plugin.not-granted",
            Self::TooManyGrants(_) => "plugin.too-many-grants",
            Self::BadSetting { .. } => "plugin.bad-setting",
            Self::NotSet { .. } => "plugin.not-set",
            Self::TooManySettings(_) => "plugin.too-many-settings",
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
            Self::NotSet { plugin, .. } => {
                Some(format!("`smartcms plugin set {plugin}` shows its settings"))
            }
            _ => None,
        }
    }
}
