//! Everything that an operator gave a plugin.

use std::collections::BTreeSet;
use std::fmt;

use super::grant::Grant;
use crate::actors::Permission;
use crate::collections::CollectionName;

/// The most grants of one plugin.
pub const GRANTS_MAX: usize = 100;

/// A set of grants; a plugin begins with none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grants(BTreeSet<Grant>);

impl Grants {
    /// Adds a grant; whether it was new.
    pub fn add(&mut self, grant: Grant) -> bool {
        self.0.insert(grant)
    }

    /// Takes a grant away; whether it was there.
    pub fn remove(&mut self, grant: &Grant) -> bool {
        self.0.remove(grant)
    }

    /// Every grant, sorted.
    pub fn iter(&self) -> impl Iterator<Item = &Grant> {
        self.0.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether any grant is of this capability, whatever its scope.
    pub fn include(&self, capability: &str) -> bool {
        self.iter().any(|it| it.capability() == capability)
    }

    /// The grant that would permit this; `None` where no grant can.
    pub fn needed_for(permission: Permission, collection: &CollectionName) -> Option<String> {
        match permission {
            Permission::ReadDrafts => Some(format!("grant content:read={collection}:drafts")),
            Permission::Create | Permission::Update | Permission::Publish => {
                Some(format!("grant content:write={collection}"))
            }
            Permission::Delete => None,
        }
    }
}

impl FromIterator<Grant> for Grants {
    fn from_iter<I: IntoIterator<Item = Grant>>(grants: I) -> Self {
        Self(grants.into_iter().collect())
    }
}

impl fmt::Display for Grants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts: Vec<String> = self.iter().map(ToString::to_string).collect();
        f.write_str(&texts.join(" "))
    }
}
