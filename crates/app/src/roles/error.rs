//! What goes wrong with roles.

use smartcms_domain::Problem;
use smartcms_domain::actors::{Held, RoleName, RoleNameError};

use crate::ports::{CUSTOM_ROLES_MAX, StoreError};
use crate::{Fault, FaultKind, OpContext};

/// Why a role was not read, stored, given or taken away.
#[derive(Debug, thiserror::Error)]
pub enum RoleError {
    /// The actor does not manage the site.
    #[error("{0} may not manage roles")]
    Denied(String),
    /// What would be given is more than the giver has.
    #[error("{actor} may not give what it does not have itself: {}", .beyond.join("; "))]
    Beyond {
        /// Who would give it.
        actor: String,
        /// What goes too far.
        beyond: Vec<String>,
    },
    /// The text is not a name.
    #[error(transparent)]
    BadName(#[from] RoleNameError),
    /// No role has the name.
    #[error("there is no role `{0}`")]
    Unknown(String),
    /// The role is one that every site has.
    #[error("`{0}` is a built-in role, which cannot be changed or taken away")]
    BuiltIn(RoleName),
    /// The document is wrong.
    #[error("the role is not valid")]
    Invalid(Vec<Problem>),
    /// The role is there already, and what is to be replaced was not said.
    #[error("there is a role `{0}` already")]
    Present(RoleName),
    /// Another state is stored than the one that was seen.
    #[error("the role `{0}` changed since it was read")]
    Stale(RoleName),
    /// There are as many as there can be.
    #[error("a site has at most {CUSTOM_ROLES_MAX} roles of its own")]
    TooMany,
    /// Somebody has it.
    #[error("the role `{name}` is held by {people} people and {tokens} tokens")]
    InUse {
        /// The role.
        name: RoleName,
        /// People.
        people: u64,
        /// Tokens.
        tokens: u64,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl RoleError {
    /// Refuses who does not manage the site.
    pub(super) fn refuse_denied(ctx: &OpContext<'_>) -> Result<(), Self> {
        if ctx.actor.may_manage_site() { Ok(()) } else { Err(Self::Denied(ctx.actor.to_string())) }
    }

    /// Refuses to give what the actor does not have.
    pub(crate) fn refuse_beyond(ctx: &OpContext<'_>, given: &Held<'_>) -> Result<(), Self> {
        let Some(held) = ctx.actor.held() else {
            return Err(Self::Denied(ctx.actor.to_string()));
        };
        let beyond = held.beyond(given);
        if beyond.is_empty() {
            return Ok(());
        }
        Err(Self::Beyond { actor: ctx.actor.to_string(), beyond })
    }
}

impl Fault for RoleError {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Denied(_) | Self::Beyond { .. } => FaultKind::Forbidden,
            Self::BadName(_) | Self::Invalid(_) | Self::BuiltIn(_) => FaultKind::Invalid,
            Self::Unknown(_) => FaultKind::NotFound,
            Self::Present(_) | Self::Stale(_) | Self::InUse { .. } => FaultKind::Conflict,
            Self::TooMany => FaultKind::Limit,
            Self::Store(_) => FaultKind::Unavailable,
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Denied(_) => "role.denied",
            Self::Beyond { .. } => "role.beyond",
            Self::BadName(_) => "role.bad-name",
            Self::Unknown(_) => "role.unknown",
            Self::BuiltIn(_) => "role.built-in",
            Self::Invalid(_) => "role.invalid",
            Self::Present(_) => "role.present",
            Self::Stale(_) => "role.stale",
            Self::TooMany => "role.too-many",
            Self::InUse { .. } => "role.in-use",
            Self::Store(_) => "store.unavailable",
        }
    }

    fn problems(&self) -> &[Problem] {
        if let Self::Invalid(problems) = self { problems } else { &[] }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::InUse { .. } => Some("give its holders other roles first".to_owned()),
            Self::Unknown(_) => Some("`smartcms role list` shows which there are".to_owned()),
            Self::Stale(_) => Some("read it again, and make the change from there".to_owned()),
            _ => None,
        }
    }
}
