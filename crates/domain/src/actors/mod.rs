//! Who acts, and what they may do.

mod asset_permission;
mod content;
mod permission;
mod role;
mod subject;
mod user;

use std::fmt;
use std::sync::Arc;

pub use asset_permission::{AssetDenied, AssetPermission};
pub use permission::{Denied, Permission};
pub use role::{Role, UnknownRole};
pub use subject::Subject;
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
        /// What the token may do.
        role: Role,
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
    /// Whether the actor may set up the site itself. Plugins never may.
    pub fn may_manage_site(&self) -> bool {
        match self {
            Self::Token { role, .. } | Self::User { role, .. } => role.may_manage_site(),
            Self::Operator => true,
            Self::Anonymous | Self::Plugin { .. } | Self::Schedule => false,
        }
    }

    /// Whether the actor may arrange what is there: the menus and redirects of the site. Plugins never may.
    pub fn may_arrange_site(&self) -> bool {
        match self {
            Self::Token { role, .. } | Self::User { role, .. } => role.may_arrange_site(),
            Self::Operator => true,
            Self::Anonymous | Self::Plugin { .. } | Self::Schedule => false,
        }
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anonymous => f.write_str("anonymous"),
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
    fn each_role_has_the_rights_of_the_one_below_and_more() {
        let counts =
            Role::ALL.map(|role| Permission::ALL.iter().filter(|it| role.may(**it)).count());
        assert!(counts.is_sorted_by(|a, b| a >= b), "{counts:?}");
        assert_eq!(counts, [5, 5, 5, 4, 3, 1]);
    }

    #[test]
    fn owners_administrators_and_the_operator_manage_the_site_and_nobody_else_does() {
        let token = |role| Actor::Token { name: "t".to_owned(), role };
        let managing = Role::ALL.map(|role| token(role).may_manage_site());
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
        let token = |role| Actor::Token { name: "t".to_owned(), role };
        let arranging = Role::ALL.map(|role| token(role).may_arrange_site());
        assert_eq!(arranging, [true, true, true, false, false, false]);
        assert!(Actor::Operator.may_arrange_site() && !Actor::Schedule.may_arrange_site());
    }

    #[test]
    fn a_denial_names_the_actor_and_the_permission() {
        let posts = CollectionName::parse("posts").unwrap();
        let viewer = Actor::Token { name: "ci".to_owned(), role: Role::Viewer };
        let denied = viewer.require(Permission::Publish, &posts).unwrap_err();
        assert_eq!(denied.to_string(), "token ci may not publish entries of posts");
    }
}
