//! Why an operation on menus did not happen.

use smartcms_domain::Problem;

use crate::ports::{MenuWriteError, StoreError};
use crate::{Fault, FaultKind, OpContext};

/// Why an operation on menus did not happen. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum MenuError {
    /// The actor may not arrange the site.
    #[error("{0} may not manage menus")]
    Denied(String),
    /// There is no such menu.
    #[error("there is no menu `{0}`")]
    Unknown(String),
    /// Somebody else changed it.
    #[error("the menu `{name}` is not in the state that was seen")]
    Stale {
        /// Which menu.
        name: String,
        /// What is stored; `None` when it is not there, or was changed at the same time.
        stored: Option<u64>,
    },
    /// The menu is there, and nobody said which state of it is replaced.
    #[error("the menu `{0}` is there already")]
    Present(String),
    /// The input was refused.
    #[error("the menu has {} problem{}", .0.len(), if .0.len() == 1 { "" } else { "s" })]
    Invalid(Vec<Problem>),
    /// There are as many as there can be.
    #[error("there are {0} menus already, which is the limit")]
    TooMany(usize),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl MenuError {
    /// Refuses who may not arrange the site.
    pub(super) fn check(ctx: &OpContext<'_>) -> Result<(), Self> {
        if ctx.actor.may_arrange_site() {
            return Ok(());
        }
        Err(Self::Denied(ctx.actor.to_string()))
    }

    /// What a write that failed means for a menu.
    pub(super) fn of_write(name: &str, error: MenuWriteError) -> Self {
        match error {
            MenuWriteError::Stale => Self::Stale { name: name.to_owned(), stored: None },
            MenuWriteError::Store(error) => Self::Store(error),
        }
    }
}

impl Fault for MenuError {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Denied(_) => FaultKind::Forbidden,
            Self::Unknown(_) => FaultKind::NotFound,
            Self::Stale { .. } | Self::Present(_) => FaultKind::Conflict,
            Self::Invalid(_) => FaultKind::Invalid,
            Self::TooMany(_) => FaultKind::Limit,
            Self::Store(_) => FaultKind::Unavailable,
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Denied(_) => "menu.denied",
            Self::Unknown(_) => "menu.unknown",
            Self::Stale { .. } => "menu.stale",
            Self::Present(_) => "menu.present",
            Self::Invalid(_) => "menu.invalid",
            Self::TooMany(_) => "menu.too-many",
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
            Self::Denied(_) => "menus need the role editor or above",
            Self::Stale { .. } => "read the menu again and repeat the change on what it is now",
            Self::Present(_) => "say which state of it is replaced",
            Self::TooMany(_) => "take one away that is not needed",
            _ => return None,
        };
        Some(hint.to_owned())
    }
}
