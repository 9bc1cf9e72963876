//! What goes wrong with tokens.

use smartcms_domain::Timestamp;
use smartcms_domain::actors::SCOPES_MAX;

use super::create::TOKEN_NAME_LEN_MAX;
use crate::ports::{StoreError, TOKENS_OF_ONE_MAX};
use crate::roles::RoleError;
use crate::{Fault, FaultKind};

/// Why a token was not made, listed, or taken away.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The actor may not manage tokens.
    #[error("{0} may not manage tokens")]
    Denied(String),
    /// The token would do more than the one who makes it, or one is to be taken away that does.
    #[error(transparent)]
    Role(#[from] RoleError),
    /// The name cannot be used.
    #[error("`{0}` is not a name for a token: 1 to {TOKEN_NAME_LEN_MAX} printable characters")]
    BadName(String),
    /// There are too many scopes, or an empty list of them.
    #[error("a token has 1 to {SCOPES_MAX} scopes, or none named for all of its role; not {0}")]
    BadScopes(usize),
    /// The token would be refused from the beginning.
    #[error("the token would end at {0}, which is past")]
    Over(Timestamp),
    /// No role has the name.
    #[error("there is no role `{0}`")]
    UnknownRole(String),
    /// Another token has the name.
    #[error("there is a token `{0}` already")]
    NameTaken(String),
    /// One makes so many and no more.
    #[error("nobody has more than {TOKENS_OF_ONE_MAX} tokens")]
    TooMany,
    /// No token has the name.
    #[error("there is no token `{0}`")]
    Unknown(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Fault for TokenError {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Denied(_) => FaultKind::Forbidden,
            Self::Role(error) => error.kind(),
            Self::BadName(_) | Self::BadScopes(_) | Self::Over(_) | Self::UnknownRole(_) => {
                FaultKind::Invalid
            }
            Self::NameTaken(_) => FaultKind::Conflict,
            Self::TooMany => FaultKind::Limit,
            Self::Unknown(_) => FaultKind::NotFound,
            Self::Store(_) => FaultKind::Unavailable,
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Denied(_) => "token.denied",
            Self::Role(error) => error.code(),
            Self::BadName(_) => "token.bad-name",
            Self::BadScopes(_) => "token.bad-scopes",
            Self::Over(_) => "token.over",
            Self::UnknownRole(_) => "token.unknown-role",
            Self::NameTaken(_) => "token.name-taken",
            Self::TooMany => "token.too-many",
            Self::Unknown(_) => "token.unknown",
            Self::Store(_) => "store.unavailable",
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::NameTaken(_) => {
                Some("choose another name, or take that one away with `smartcms token revoke`")
            }
            Self::UnknownRole(_) => {
                Some("choose another one with --role: `smartcms role list` says which there are")
            }
            Self::TooMany => Some("take away those that nobody uses any more"),
            _ => None,
        }
        .map(str::to_owned)
    }
}
