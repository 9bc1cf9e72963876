//! Roles and their permissions.

use std::fmt;
use std::str::FromStr;

use super::permission::Permission;

/// A named set of permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Everything.
    Owner,
    /// Everything about the site.
    Administrator,
    /// All content.
    Editor,
    /// Writes and publishes.
    Author,
    /// Writes; others publish.
    Contributor,
    /// Reads what is not public yet.
    Viewer,
}

impl Role {
    /// Every role, the mightiest first.
    pub const ALL: [Self; 6] = [
        Self::Owner,
        Self::Administrator,
        Self::Editor,
        Self::Author,
        Self::Contributor,
        Self::Viewer,
    ];

    /// The lasting name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Administrator => "administrator",
            Self::Editor => "editor",
            Self::Author => "author",
            Self::Contributor => "contributor",
            Self::Viewer => "viewer",
        }
    }

    /// Whether the role is this one or a mightier one.
    pub fn is_at_least(self, least: Self) -> bool {
        let rank = |role: Self| Self::ALL.iter().position(|it| *it == role);
        rank(self) <= rank(least)
    }

    /// Whether the role may set up the site itself: who outside hears of events, for instance.
    pub fn may_manage_site(self) -> bool {
        matches!(self, Self::Owner | Self::Administrator)
    }

    /// Whether the role may arrange what is there: the menus and redirects of the site.
    pub fn may_arrange_site(self) -> bool {
        self.is_at_least(Self::Editor)
    }

    /// Whether the role holds a permission.
    pub fn may(self, permission: Permission) -> bool {
        match self {
            Self::Owner | Self::Administrator | Self::Editor => true,
            Self::Author => permission != Permission::Delete,
            Self::Contributor => {
                matches!(
                    permission,
                    Permission::ReadDrafts | Permission::Create | Permission::Update
                )
            }
            Self::Viewer => permission == Permission::ReadDrafts,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The text names no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a role; roles are owner, administrator, editor, author, contributor, viewer")]
pub struct UnknownRole(String);

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|it| it.name() == text)
            .ok_or_else(|| UnknownRole(text.to_owned()))
    }
}
