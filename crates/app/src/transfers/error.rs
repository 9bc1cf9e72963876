//! Why content was not moved.

use crate::ports::TransferFault;
use crate::{Fault, FaultKind, OpContext};

/// Why an import or an export did not begin, or nothing of it can be seen.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// The actor may not move content.
    #[error("{0} may not import or export")]
    Denied(String),
    /// There is no such work.
    #[error("there is no import or export `{0}`")]
    Unknown(String),
    /// The work cannot do this as it stands.
    #[error("the import or export {0} is not in a state for that")]
    NotNow(String),
    /// The port refused.
    #[error(transparent)]
    Fault(#[from] TransferFault),
}

impl TransferError {
    /// Refuses who may not move content.
    pub(super) fn check(ctx: &OpContext<'_>) -> Result<(), Self> {
        if ctx.actor.may_move_content() {
            return Ok(());
        }
        Err(Self::Denied(ctx.actor.to_string()))
    }
}

impl Fault for TransferError {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Denied(_) => FaultKind::Forbidden,
            Self::Unknown(_) => FaultKind::NotFound,
            Self::NotNow(_) | Self::Fault(TransferFault::NotOffered | TransferFault::Busy) => {
                FaultKind::Conflict
            }
            Self::Fault(TransferFault::Refused(_)) => FaultKind::Invalid,
            Self::Fault(TransferFault::Unavailable { .. }) => FaultKind::Unavailable,
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Denied(_) => "transfer.denied",
            Self::Unknown(_) => "transfer.unknown",
            Self::NotNow(_) => "transfer.not-now",
            Self::Fault(TransferFault::NotOffered) => "transfer.not-offered",
            Self::Fault(TransferFault::Busy) => "transfer.busy",
            Self::Fault(TransferFault::Refused(_)) => "transfer.refused",
            Self::Fault(TransferFault::Unavailable { .. }) => "transfer.unavailable",
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::Denied(_) => {
                Some("owners and administrators import; who sees every field exports".to_owned())
            }
            Self::Fault(TransferFault::NotOffered) => {
                Some("import into a site that the native executable serves".to_owned())
            }
            Self::Fault(TransferFault::Busy) => Some("wait for its end, or cancel it".to_owned()),
            _ => None,
        }
    }
}
