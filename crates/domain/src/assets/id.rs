//! Identity of assets.

use std::fmt;

use uuid::Uuid;

/// The lasting identity of an asset: a UUID of version 7, so that ids sort by the time they were made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AssetId(Uuid);

/// The text is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not the id of an asset")]
pub struct AssetIdError(String);

impl AssetId {
    /// Takes a UUID made elsewhere.
    pub fn new(id: Uuid) -> Self {
        Self(id)
    }

    /// Reads the usual text form.
    pub fn parse(text: &str) -> Result<Self, AssetIdError> {
        Uuid::try_parse(text).map(Self).map_err(|_| AssetIdError(text.to_owned()))
    }

    /// The UUID.
    pub fn as_uuid(&self) -> &Uuid {
        &self.0
    }
}

impl fmt::Display for AssetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_hyphenated().fmt(f)
    }
}
