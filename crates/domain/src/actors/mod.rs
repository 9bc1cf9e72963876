//! Who acts, and what they may do.

mod asset_permission;
mod content;
mod held;
mod permission;
mod rank;
mod role;
mod scope;
mod subject;
mod token_bounds;
mod user;

use std::fmt;
use std::sync::Arc;

pub use asset_permission::{AssetDenied, AssetPermission};
pub use held::Held;
pub use permission::{Denied, Permission};
pub use rank::{Rank, UnknownRank};
pub use role::{
    CollectionRule, CustomRole, FieldReach, LABEL_LEN_MAX, ROLE_COLLECTIONS_MAX, ROLE_FIELDS_MAX,
    Reach, Role, RoleName, RoleNameError, SiteRight,
};
pub use scope::{SCOPES_MAX, Scope, ScopeError};
pub use subject::Subject;
pub use token_bounds::{TokenBounds, TokenMaker};
pub use user::UserId;

use crate::plugins::{Grants, PluginId};

/// Somebody or something that asks for an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A reader of the site, without credentials.
    Anonymous,
    /// The bearer of an API token.
    Token {
        /// The token's name.
        name: String,
        /// What the token may do at most.
        role: Role,
        /// What keeps it below that.
        bounds: TokenBounds,
    },
    /// A person who has signed in.
    User {
        /// Who: names change, and entries keep their authors.
        id: UserId,
        /// What the person may do.
        role: Role,
    },
    /// A plugin, which may do what it was granted and nothing else.
    Plugin {
        /// The plugin.
        id: PluginId,
        /// What the operator gave it.
        grants: Grants,
        /// Who it acts for: it may do then what that one may do too. `None` on its own account.
        acting_for: Option<Arc<Actor>>,
    },
    /// The operator at the command line of the machine that holds the data.
    Operator,
    /// The clock, which does what people scheduled and nothing else.
    Schedule,
}

impl Actor {
    /// The bearer of a token that the operator made, for all that its role allows.
    pub fn token(name: impl Into<String>, role: Role) -> Self {
        Self::Token { name: name.into(), role, bounds: TokenBounds::default() }
    }

    /// Whether the actor may set up the site itself. Plugins never may.
    pub fn may_manage_site(&self) -> bool {
        self.held().is_some_and(|it| it.site() >= SiteRight::Manage)
    }

    /// Whether the actor may arrange what is there: the menus and redirects of the site. Plugins never may.
    pub fn may_arrange_site(&self) -> bool {
        self.held().is_some_and(|it| it.site() >= SiteRight::Arrange)
    }

    /// Whether the actor may see who did what: owners, administrators and the operator do, where no rule of a role or
    /// bound of a token keeps them from managing the site.
    pub fn may_read_audit(&self) -> bool {
        self.may_manage_site() && self.held().is_some_and(|it| it.is_at_least(Rank::Administrator))
    }

    /// Whether the actor may let plugins reach the machine beside the site: owners and the operator may.
    pub fn may_open_machine(&self) -> bool {
        self.may_manage_site() && self.held().is_some_and(|it| it.is_at_least(Rank::Owner))
    }

    /// Whether the actor may bring in content as it was elsewhere, with its authors and dates, and past the ranks of
    /// fields: owners, administrators and the operator may, where nothing keeps them from managing the site.
    pub fn may_move_content(&self) -> bool {
        self.may_read_audit()
    }

    /// Who wrote what this actor writes: a person who uses a token is the author, not the token.
    pub fn author(&self) -> String {
        match self {
            Self::Token { bounds: TokenBounds { maker: Some(maker), .. }, .. } => {
                format!("user {}", maker.id)
            }
            _ => self.to_string(),
        }
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anonymous => f.write_str("anonymous"),
            Self::Token { name, bounds: TokenBounds { maker: Some(maker), .. }, .. } => {
                write!(f, "token {name} of user {}", maker.id)
            }
            Self::Token { name, .. } => write!(f, "token {name}"),
            Self::User { id, .. } => write!(f, "user {id}"),
            Self::Plugin { id, acting_for: None, .. } => write!(f, "plugin {id}"),
            Self::Plugin { id, acting_for: Some(who), .. } => write!(f, "plugin {id} for {who}"),
            Self::Operator => f.write_str("operator"),
            Self::Schedule => f.write_str("schedule"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Actor, Permission, Role};
    use crate::collections::CollectionName;

    #[test]
    fn a_reader_without_credentials_may_nothing_but_read_the_site() {
        let posts = CollectionName::parse("posts").unwrap();
        for permission in Permission::ALL {
            assert!(!Actor::Anonymous.may(permission, &posts), "{permission}");
        }
    }

    #[test]
    fn owners_administrators_and_the_operator_manage_the_site_and_nobody_else_does() {
        let token = |role| Actor::token("t", role);
        let managing = Role::BUILT_IN.map(|role| token(role).may_manage_site());
        assert_eq!(managing, [true, true, false, false, false, false]);
        assert!(Actor::Operator.may_manage_site() && !Actor::Anonymous.may_manage_site());
        let id = crate::plugins::PluginId::parse("helper").unwrap();
        let plugin = Actor::Plugin {
            id,
            grants: ["content:write=posts".parse().unwrap()].into_iter().collect(),
            acting_for: None,
        };
        assert!(!plugin.may_manage_site());
    }

    #[test]
    fn editors_and_those_above_arrange_the_site_and_nobody_else_does() {
        let token = |role| Actor::token("t", role);
        let arranging = Role::BUILT_IN.map(|role| token(role).may_arrange_site());
        assert_eq!(arranging, [true, true, true, false, false, false]);
        assert!(Actor::Operator.may_arrange_site() && !Actor::Schedule.may_arrange_site());
    }

    #[test]
    fn a_denial_names_the_actor_and_the_permission() {
        let posts = CollectionName::parse("posts").unwrap();
        let viewer = Actor::token("ci", Role::VIEWER);
        let denied = viewer.require(Permission::Publish, &posts).unwrap_err();
        assert_eq!(denied.to_string(), "token ci may not publish entries of posts");
    }
}
