//! Why an operation on plugins did not happen.

use smartcms_domain::plugins::{GRANTS_MAX, Grant, PluginId};

use super::settings::{SETTING_NAME_LEN_MAX, SETTINGS_BYTES_MAX, SETTINGS_MAX};
use crate::ports::{BlobError, PluginFileError, StoreError};
use crate::{Fault, FaultKind, OpContext};

/// Why an operation on plugins did not happen. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum PluginAdminError {
    /// The actor may not set up the site.
    #[error("{0} may not manage plugins")]
    Denied(String),
    /// The plugins are parts of the program.
    #[error(
        "the plugins of this site are parts of its program, and nothing about them can be changed while it runs"
    )]
    Fixed,
    /// Only an owner gives this.
    #[error("{actor} may not give a plugin {grant}: that is for owners")]
    ForOwners {
        /// Who tried.
        actor: String,
        /// What would be given, or kept by another file.
        grant: Grant,
    },
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
    /// The plugin is there already.
    #[error("plugin {0} is there already: put another version in force as an upgrade")]
    Present(PluginId),
    /// The file is of another plugin.
    #[error("the file is the plugin {came}, and not {expected}")]
    OtherPlugin {
        /// What was asked for.
        expected: PluginId,
        /// What it says that it is.
        came: String,
    },
    /// The file is older than what is in force.
    #[error(
        "the file is version {came} of {plugin}, and {known} is in force: an upgrade leads to a newer one"
    )]
    Older {
        /// The plugin.
        plugin: PluginId,
        /// The version of the file.
        came: String,
        /// The version in force.
        known: String,
    },
    /// The version needs what it would not hold.
    #[error("version {version} of {plugin} needs what it does not hold: {}", .lacks.join(", "))]
    Lacks {
        /// The plugin.
        plugin: PluginId,
        /// The version.
        version: String,
        /// The capabilities.
        lacks: Vec<String>,
    },
    /// The file cannot be a plugin of this site.
    #[error(transparent)]
    File(#[from] PluginFileError),
    /// No such file waits.
    #[error("no file `{0}` waits to become a plugin")]
    NotStaged(String),
    /// The component could not be stored.
    #[error(transparent)]
    Blob(#[from] BlobError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl PluginAdminError {
    /// Refuses who may not set up the site.
    pub(super) fn check(ctx: &OpContext<'_>) -> Result<(), Self> {
        if ctx.actor.may_manage_site() {
            return Ok(());
        }
        Err(Self::Denied(ctx.actor.to_string()))
    }

    /// Refuses who may not set up the site, and everybody where plugins cannot be changed.
    pub(super) fn check_change(ctx: &OpContext<'_>) -> Result<(), Self> {
        Self::check(ctx)?;
        if ctx.app.plugin_store.is_fixed() { Err(Self::Fixed) } else { Ok(()) }
    }

    /// Refuses what the actor may not let a plugin have.
    pub(super) fn check_grants<'a>(
        ctx: &OpContext<'_>,
        grants: impl IntoIterator<Item = &'a Grant>,
    ) -> Result<(), Self> {
        Self::check_change(ctx)?;
        let mut beyond = grants.into_iter().filter(|it| it.is_for_owners());
        match beyond.next() {
            Some(grant) if !ctx.actor.may_open_machine() => {
                Err(Self::ForOwners { actor: ctx.actor.to_string(), grant: grant.clone() })
            }
            _ => Ok(()),
        }
    }
}

impl Fault for PluginAdminError {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Denied(_) | Self::ForOwners { .. } => FaultKind::Forbidden,
            Self::File(error) => error.kind(),
            Self::Unknown(_)
            | Self::NotGranted { .. }
            | Self::NotSet { .. }
            | Self::NotStaged(_)
            | Self::NothingReplaced(_) => FaultKind::NotFound,
            Self::BadSetting { .. } | Self::OtherPlugin { .. } => FaultKind::Invalid,
            Self::AlreadyInForce(..)
            | Self::Fixed
            | Self::Present(_)
            | Self::Older { .. }
            | Self::Lacks { .. } => FaultKind::Conflict,
            Self::TooManyGrants(_) | Self::TooManySettings(_) => FaultKind::Limit,
            Self::Blob(_) | Self::Store(_) => FaultKind::Unavailable,
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Denied(_) => "plugin.denied",
            Self::ForOwners { .. } => "plugin.for-owners",
            Self::Fixed => "plugin.fixed",
            Self::Present(_) => "plugin.present",
            Self::OtherPlugin { .. } => "plugin.other",
            Self::Older { .. } => "plugin.older",
            Self::Lacks { .. } => "plugin.lacks",
            Self::File(error) => error.code(),
            Self::NotStaged(_) => "plugin.not-staged",
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
            Self::Denied(_) => Some("plugins need the role administrator or owner".to_owned()),
            Self::Fixed => Some(
                "compose the site anew, with the plugins that it is to have: see docs/portable.md"
                    .to_owned(),
            ),
            Self::ForOwners { .. } => Some("ask an owner of the site, or its operator".to_owned()),
            Self::File(error) => error.hint(),
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
