//! Roles that a site makes itself.

use std::collections::{BTreeMap, BTreeSet};

use super::{FieldReach, Reach, RoleName, SiteRight};
use crate::actors::{AssetPermission, Permission, Rank};
use crate::collections::CollectionName;

/// The longest label, in characters.
pub const LABEL_LEN_MAX: usize = 100;
/// How many collections a role can have rules for.
pub const ROLE_COLLECTIONS_MAX: usize = 200;
/// How many fields of one collection a role can hide or keep.
pub const ROLE_FIELDS_MAX: usize = 200;

/// A role of the site: a built-in one, with other rules for some or all collections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomRole {
    /// The lasting name; none of the built-in ones.
    pub name: RoleName,
    /// What people call it.
    pub label: String,
    /// What holds where no rule does. Its rank decides which fields are seen and changed. Never the owner: whoever is to
    /// have everything is one.
    pub base: Rank,
    /// Rules for collections, in the place of all that the base gives there.
    pub collections: BTreeMap<CollectionName, CollectionRule>,
    /// The rule for every other collection; `None` for what the base gives.
    pub elsewhere: Option<CollectionRule>,
    /// What may be done with assets; `None` for what the base gives.
    pub assets: Option<BTreeSet<AssetPermission>>,
    /// What may be done with the site; `None` for what the base gives.
    pub site: Option<SiteRight>,
}

/// What a role may do in a collection. What it does not name it does not give.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CollectionRule {
    /// Whose entries, by permission. Creating knows no others': `Own` is `Any` there.
    reaches: [Reach; Permission::ALL.len()],
    /// Fields that are hidden or only read.
    pub fields: BTreeMap<String, FieldReach>,
}

impl CustomRole {
    /// The rule for a collection; for `None`, the one for those without a rule of their own.
    pub(super) fn rule(&self, collection: Option<&CollectionName>) -> Option<&CollectionRule> {
        let own = collection.and_then(|it| self.collections.get(it));
        own.or(self.elsewhere.as_ref())
    }
}

impl CollectionRule {
    /// A rule that gives this much of each permission.
    pub fn new(reach: impl Fn(Permission) -> Reach) -> Self {
        let reaches = Permission::ALL.map(|permission| match (permission, reach(permission)) {
            (Permission::Create, Reach::Own) => Reach::Any,
            (_, reach) => reach,
        });
        Self { reaches, fields: BTreeMap::new() }
    }

    /// How far it reaches.
    pub fn reach(&self, permission: Permission) -> Reach {
        let place = Permission::ALL.iter().position(|it| *it == permission);
        place.and_then(|it| self.reaches.get(it).copied()).unwrap_or_default()
    }
}
