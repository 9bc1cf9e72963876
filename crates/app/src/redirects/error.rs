//! Why an operation on redirects did not happen.

use smartcms_domain::Problem;
use smartcms_domain::redirects::RedirectLoop;

use crate::ports::{RedirectConflict, StoreError};
use crate::{Fault, FaultKind, OpContext};

/// Why an operation on redirects did not happen. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum RedirectError {
    /// The actor may not arrange the site.
    #[error("{0} may not manage redirects")]
    Denied(String),
    /// There is no such redirect.
    #[error("there is no redirect `{0}`")]
    Unknown(String),
    /// Another redirect has the source.
    #[error("there is a redirect from `{from}` already, which is {id}")]
    Taken {
        /// The source.
        from: String,
        /// The id of the other one.
        id: String,
    },
    /// It would lead back to itself.
    #[error(transparent)]
    Loop(#[from] RedirectLoop),
    /// The input was refused.
    #[error("the redirect has {} problem{}", .0.len(), if .0.len() == 1 { "" } else { "s" })]
    Invalid(Vec<Problem>),
    /// Redirects of an import were refused.
    #[error("the redirects have {} problem{}", .0.len(), if .0.len() == 1 { "" } else { "s" })]
    InvalidImport(Vec<Problem>),
    /// There are as many as there can be.
    #[error("there would be {found} redirects; {limit} is the limit")]
    TooMany {
        /// How many there would be.
        found: u64,
        /// How many there can be.
        limit: u64,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl RedirectError {
    /// Refuses who may not arrange the site.
    pub(super) fn check(ctx: &OpContext<'_>) -> Result<(), Self> {
        if ctx.actor.may_arrange_site() {
            return Ok(());
        }
        Err(Self::Denied(ctx.actor.to_string()))
    }
}

impl From<RedirectConflict> for RedirectError {
    fn from(conflict: RedirectConflict) -> Self {
        match conflict {
            RedirectConflict::Taken(other) => {
                Self::Taken { from: other.source.to_string(), id: other.id.to_string() }
            }
            RedirectConflict::Loop(error) => Self::Loop(error),
        }
    }
}

impl Fault for RedirectError {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Denied(_) => FaultKind::Forbidden,
            Self::Unknown(_) => FaultKind::NotFound,
            Self::Taken { .. } | Self::Loop(_) => FaultKind::Conflict,
            Self::Invalid(_) | Self::InvalidImport(_) => FaultKind::Invalid,
            Self::TooMany { .. } => FaultKind::Limit,
            Self::Store(_) => FaultKind::Unavailable,
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Denied(_) => "redirect.denied",
            Self::Unknown(_) => "redirect.unknown",
            Self::Taken { .. } => "redirect.taken",
            Self::Loop(_) => "redirect.loop",
            Self::Invalid(_) | Self::InvalidImport(_) => "redirect.invalid",
            Self::TooMany { .. } => "redirect.too-many",
            Self::Store(_) => "store.unavailable",
        }
    }

    fn problems(&self) -> &[Problem] {
        match self {
            Self::Invalid(problems) | Self::InvalidImport(problems) => problems,
            _ => &[],
        }
    }

    fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Denied(_) => "redirects need the role editor or above",
            Self::Taken { .. } => "change that one, or take it away first",
            Self::Loop(_) => "look where its address leads already, and name the end of that way",
            Self::TooMany { .. } => "one with `/*` at its end answers everything below a path",
            _ => return None,
        };
        Some(hint.to_owned())
    }
}
