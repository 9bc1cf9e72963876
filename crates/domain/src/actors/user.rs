//! Identity of people.

use std::fmt;

use uuid::Uuid;

use crate::entries::IdError;

/// The lasting identity of a person: a UUID of version 7. Names and addresses change; this does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(Uuid);

impl UserId {
    /// Takes a UUID made elsewhere.
    pub fn new(id: Uuid) -> Self {
        Self(id)
    }

    /// Reads the usual text form.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        Uuid::try_parse(text).map(Self).map_err(|_| IdError::of(text))
    }

    /// The UUID.
    pub fn as_uuid(&self) -> &Uuid {
        &self.0
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_hyphenated().fmt(f)
    }
}
