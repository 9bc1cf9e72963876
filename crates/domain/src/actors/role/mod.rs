//! Roles: the built-in ranks, and those that a site makes itself.

mod custom;
mod document;
mod name;
mod reach;

use std::fmt;
use std::sync::Arc;

pub use custom::{
    CollectionRule, CustomRole, LABEL_LEN_MAX, ROLE_COLLECTIONS_MAX, ROLE_FIELDS_MAX,
};
pub use name::{RoleName, RoleNameError};
pub use reach::{FieldReach, Reach, SiteRight};

use super::asset_permission::AssetPermission;
use super::permission::Permission;
use super::rank::Rank;
use crate::collections::CollectionName;

/// A named set of permissions, as it is now. Cheap to clone.
///
/// What is stored of somebody is the *name* of a role ([`RoleName`]); it is looked up at each request, so that a
/// changed role is another one at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// One that every site has.
    BuiltIn(Rank),
    /// One that the site made.
    Custom(Arc<CustomRole>),
}

impl Role {
    /// Everything.
    pub const OWNER: Self = Self::BuiltIn(Rank::Owner);
    /// Everything about the site.
    pub const ADMINISTRATOR: Self = Self::BuiltIn(Rank::Administrator);
    /// All content.
    pub const EDITOR: Self = Self::BuiltIn(Rank::Editor);
    /// Writes and publishes.
    pub const AUTHOR: Self = Self::BuiltIn(Rank::Author);
    /// Writes; others publish.
    pub const CONTRIBUTOR: Self = Self::BuiltIn(Rank::Contributor);
    /// Reads what is not public yet.
    pub const VIEWER: Self = Self::BuiltIn(Rank::Viewer);
    /// Every built-in role, the mightiest first.
    pub const BUILT_IN: [Self; 6] = [
        Self::OWNER,
        Self::ADMINISTRATOR,
        Self::EDITOR,
        Self::AUTHOR,
        Self::CONTRIBUTOR,
        Self::VIEWER,
    ];

    /// The lasting name.
    pub fn name(&self) -> &str {
        match self {
            Self::BuiltIn(rank) => rank.name(),
            Self::Custom(role) => role.name.as_str(),
        }
    }

    /// What people call it; the name of a built-in one, whose label is for translators to say.
    pub fn label(&self) -> &str {
        match self {
            Self::BuiltIn(rank) => rank.name(),
            Self::Custom(role) => &role.label,
        }
    }

    /// The rank by which it sees and changes fields.
    pub fn rank(&self) -> Rank {
        match self {
            Self::BuiltIn(rank) => *rank,
            Self::Custom(role) => role.base,
        }
    }

    /// How far it reaches with entries of a collection; of `None`, with those of collections that it does not name.
    pub fn reach(&self, permission: Permission, collection: Option<&CollectionName>) -> Reach {
        match self {
            Self::BuiltIn(rank) => rank.reach(permission),
            Self::Custom(role) => match role.rule(collection) {
                Some(rule) => rule.reach(permission),
                None => role.base.reach(permission),
            },
        }
    }

    /// What it may do with a field, beside what the field's own least rank says.
    pub fn field(&self, collection: Option<&CollectionName>, field: &str) -> FieldReach {
        let Self::Custom(role) = self else { return FieldReach::Change };
        let rule = role.rule(collection);
        rule.and_then(|it| it.fields.get(field).copied()).unwrap_or(FieldReach::Change)
    }

    /// Whether it holds a permission on assets.
    pub fn may_with_assets(&self, permission: AssetPermission) -> bool {
        match self {
            Self::BuiltIn(rank) => rank.may_with_assets(permission),
            Self::Custom(role) => match &role.assets {
                Some(held) => held.contains(&permission),
                None => role.base.may_with_assets(permission),
            },
        }
    }

    /// What it may do with the site itself.
    pub fn site(&self) -> SiteRight {
        match self {
            Self::BuiltIn(rank) => rank.site(),
            Self::Custom(role) => role.site.unwrap_or_else(|| role.base.site()),
        }
    }

    /// The collections that it says something of, each of its own.
    pub fn collections(&self) -> impl Iterator<Item = &CollectionName> {
        let custom = match self {
            Self::BuiltIn(_) => None,
            Self::Custom(role) => Some(role.collections.keys()),
        };
        custom.into_iter().flatten()
    }

    /// The fields that it hides or keeps somewhere.
    pub(super) fn fields(&self) -> impl Iterator<Item = &str> {
        let custom = match self {
            Self::BuiltIn(_) => None,
            Self::Custom(role) => Some(role.collections.values().chain(&role.elsewhere)),
        };
        let rules = custom.into_iter().flatten();
        rules.flat_map(|it| it.fields.keys().map(String::as_str))
    }
}

impl From<Rank> for Role {
    fn from(rank: Rank) -> Self {
        Self::BuiltIn(rank)
    }
}

impl From<CustomRole> for Role {
    fn from(role: CustomRole) -> Self {
        Self::Custom(Arc::new(role))
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
