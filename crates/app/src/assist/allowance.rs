//! Who gets writing help.

use smartcms_domain::actors::{Actor, Role, TokenBounds};

use super::AssistSettings;
use super::error::AssistError;

impl AssistSettings {
    /// The tokens a day of an actor; `None` where writing help is off for it.
    ///
    /// A token that somebody made has what its role and the role of its maker both have. Plugins have models by grants of
    /// their own, and none of these.
    pub fn allowance(&self, actor: &Actor) -> Option<u64> {
        match actor {
            Actor::User { role, .. } => self.of(role),
            Actor::Token { role, bounds: TokenBounds { maker: Some(maker), .. }, .. } => {
                Some(self.of(role)?.min(self.of(&maker.role)?))
            }
            Actor::Token { role, .. } => self.of(role),
            Actor::Operator => self.of(&Role::OWNER),
            Actor::Anonymous | Actor::Plugin { .. } | Actor::Schedule => None,
        }
    }

    pub(super) fn require(&self, actor: &Actor) -> Result<u64, AssistError> {
        self.allowance(actor).ok_or_else(|| AssistError::Off {
            actor: actor.to_string(),
            role: role_of(actor).unwrap_or("editor").to_owned(),
        })
    }

    fn of(&self, role: &Role) -> Option<u64> {
        self.roles.get(role.name()).copied()
    }
}

fn role_of(actor: &Actor) -> Option<&str> {
    match actor {
        Actor::User { role, .. } | Actor::Token { role, .. } => Some(role.name()),
        _ => None,
    }
}
