//! What operations need.

use std::fmt;

use crate::collections::CollectionName;

/// What an operation on content needs. Published entries need nothing: they are public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// See drafts and revisions.
    ReadDrafts,
    /// Store new entries.
    Create,
    /// Save new revisions.
    Update,
    /// Publish and unpublish.
    Publish,
    /// Put in the trash and take out of it.
    Delete,
}

impl Permission {
    /// Every permission.
    pub const ALL: [Self; 5] =
        [Self::ReadDrafts, Self::Create, Self::Update, Self::Publish, Self::Delete];

    /// The lasting name.
    pub fn name(self) -> &'static str {
        match self {
            Self::ReadDrafts => "read_drafts",
            Self::Create => "create",
            Self::Update => "update",
            Self::Publish => "publish",
            Self::Delete => "delete",
        }
    }

    /// What one does, as in "may not … entries".
    pub fn verb(self) -> &'static str {
        match self {
            Self::ReadDrafts => "read drafts of",
            Self::Create => "create",
            Self::Update => "change",
            Self::Publish => "publish",
            Self::Delete => "delete",
        }
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.verb())
    }
}

/// An actor asked for what it may not do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{actor} may not {permission} entries of {collection}")]
pub struct Denied {
    /// Who asked.
    pub actor: String,
    /// What was needed.
    pub permission: Permission,
    /// Where.
    pub collection: CollectionName,
    /// What would make it possible.
    pub hint: Option<String>,
}
