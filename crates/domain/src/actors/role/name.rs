//! Names of roles.

use std::fmt;
use std::str::FromStr;

use crate::actors::{Rank, Role};

/// The longest name of a role, in bytes.
const LEN_MAX: usize = 40;

/// The name of a role, built-in or of the site: `a-z`, `0-9` and `_`, beginning with a letter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoleName(String); // Invariant: checked by `parse`.

/// The text is not a name of a role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a name of a role: 1 to {LEN_MAX} characters a-z, 0-9 and _, the first a letter"
)]
pub struct RoleNameError(String);

impl RoleName {
    /// Checks a text.
    pub fn parse(text: &str) -> Result<Self, RoleNameError> {
        let well = |(at, c): (usize, char)| {
            c.is_ascii_lowercase() || (at > 0 && (c == '_' || c.is_ascii_digit()))
        };
        let is_name = (1..=LEN_MAX).contains(&text.len()) && text.char_indices().all(well);
        if is_name { Ok(Self(text.to_owned())) } else { Err(RoleNameError(text.to_owned())) }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The built-in role that it names.
    pub fn built_in(&self) -> Option<Rank> {
        Rank::named(&self.0)
    }
}

impl From<Rank> for RoleName {
    fn from(rank: Rank) -> Self {
        Self(rank.name().to_owned())
    }
}

impl From<&Role> for RoleName {
    fn from(role: &Role) -> Self {
        match role {
            Role::BuiltIn(rank) => (*rank).into(),
            Role::Custom(role) => role.name.clone(),
        }
    }
}

impl FromStr for RoleName {
    type Err = RoleNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for RoleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
