//! Why an operation on views did not happen.

use smartcms_domain::Problem;

use crate::ports::StoreError;
use crate::{Fault, FaultKind};

/// Why an operation on views did not happen. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// Only people keep views.
    #[error("{0} keeps no views: only people who sign in do")]
    Denied(String),
    /// The person has no such view.
    #[error("there is no view `{0}`")]
    Unknown(String),
    /// The input was refused.
    #[error("the view has {} problem{}", .0.len(), if .0.len() == 1 { "" } else { "s" })]
    Invalid(Vec<Problem>),
    /// The person has as many as there can be.
    #[error("you keep {0} views already, which is the limit")]
    TooMany(u32),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Fault for ViewError {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Denied(_) => FaultKind::Forbidden,
            Self::Unknown(_) => FaultKind::NotFound,
            Self::Invalid(_) => FaultKind::Invalid,
            Self::TooMany(_) => FaultKind::Limit,
            Self::Store(_) => FaultKind::Unavailable,
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Denied(_) => "view.denied",
            Self::Unknown(_) => "view.unknown",
            Self::Invalid(_) => "view.invalid",
            Self::TooMany(_) => "view.too-many",
            Self::Store(_) => "store.unavailable",
        }
    }

    fn problems(&self) -> &[Problem] {
        match self {
            Self::Invalid(problems) => problems,
            _ => &[],
        }
    }

    fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::TooMany(_) => "remove one that is not needed",
            _ => return None,
        };
        Some(hint.to_owned())
    }
}
