//! The built-in ranks: roles that every site has, and what custom roles stand on.

use std::fmt;
use std::str::FromStr;

use super::asset_permission::AssetPermission;
use super::permission::Permission;
use super::role::{Reach, SiteRight};

/// A built-in role. Fields of collections name the least rank that sees or changes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rank {
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

impl Rank {
    /// Every rank, the mightiest first.
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

    /// The rank with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// Whether the rank is this one or a mightier one.
    pub fn is_at_least(self, least: Self) -> bool {
        let place = |rank: Self| Self::ALL.iter().position(|it| *it == rank);
        place(self) <= place(least)
    }

    /// How far it reaches, in every collection.
    pub fn reach(self, permission: Permission) -> Reach {
        if self.may(permission) { Reach::Any } else { Reach::None }
    }

    /// What it may do with assets.
    pub fn may_with_assets(self, permission: AssetPermission) -> bool {
        match self {
            Self::Owner | Self::Administrator | Self::Editor => true,
            Self::Author => permission != AssetPermission::Delete,
            Self::Contributor | Self::Viewer => permission == AssetPermission::List,
        }
    }

    /// What it may do with the site itself.
    pub fn site(self) -> SiteRight {
        match self {
            Self::Owner | Self::Administrator => SiteRight::Manage,
            Self::Editor => SiteRight::Arrange,
            Self::Author | Self::Contributor | Self::Viewer => SiteRight::None,
        }
    }

    fn may(self, permission: Permission) -> bool {
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

impl fmt::Display for Rank {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The text names no rank.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a built-in role; these are owner, administrator, editor, author, contributor, viewer"
)]
pub struct UnknownRank(String);

impl FromStr for Rank {
    type Err = UnknownRank;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::named(text).ok_or_else(|| UnknownRank(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::{Permission, Rank};

    #[test]
    fn each_rank_has_the_rights_of_the_one_below_and_more() {
        let counts =
            Rank::ALL.map(|rank| Permission::ALL.iter().filter(|it| rank.may(**it)).count());
        assert!(counts.is_sorted_by(|a, b| a >= b), "{counts:?}");
        assert_eq!(counts, [5, 5, 5, 4, 3, 1]);
    }
}
