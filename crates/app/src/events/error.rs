//! Why an operation on events of plugins did not happen.

use smartcms_domain::plugins::PluginId;

use crate::ports::StoreError;
use crate::{Fault, FaultKind, OpContext};

/// Why an operation on events of plugins did not happen.
#[derive(Debug, thiserror::Error)]
pub enum EventError {
    /// The actor may not set up the site.
    #[error("{0} may not manage the events of plugins")]
    Denied(String),
    /// There is no such plugin.
    #[error("there is no plugin `{0}`")]
    UnknownPlugin(PluginId),
    /// The plugin has no such event parked.
    #[error("plugin {plugin} has no event `{event}` parked")]
    UnknownEvent {
        /// The plugin.
        plugin: PluginId,
        /// What was asked for.
        event: String,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl EventError {
    /// Refuses who may not set up the site.
    pub(super) fn check(ctx: &OpContext<'_>) -> Result<(), Self> {
        if ctx.actor.may_manage_site() {
            return Ok(());
        }
        Err(Self::Denied(ctx.actor.to_string()))
    }
}

impl Fault for EventError {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Denied(_) => FaultKind::Forbidden,
            Self::UnknownPlugin(_) | Self::UnknownEvent { .. } => FaultKind::NotFound,
            Self::Store(_) => FaultKind::Unavailable,
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Denied(_) => "event.denied",
            Self::UnknownPlugin(_) => "plugin.unknown",
            Self::UnknownEvent { .. } => "event.unknown",
            Self::Store(_) => "store.unavailable",
        }
    }

    fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Denied(_) => "events of plugins need the role administrator or owner",
            Self::UnknownPlugin(_) => "`smartcms plugin list` shows the plugins",
            Self::UnknownEvent { .. } => "`smartcms plugin events list` shows what is parked",
            Self::Store(_) => return None,
        };
        Some(hint.to_owned())
    }
}
