//! What a decision about content is about.

use crate::collections::CollectionName;
use crate::entries::Entry;

/// Entries of a collection in one of their states, and who wrote them where that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject<'a> {
    /// The collection.
    pub collection: &'a CollectionName,
    /// Who wrote the entry first; `None` asks about entries of whomever.
    pub author: Option<&'a str>,
    /// Whether it is about the newest state, and not about what is public.
    pub newest: bool,
}

impl<'a> Subject<'a> {
    /// Newest states of whichever entries.
    pub fn newest(collection: &'a CollectionName) -> Self {
        Self { collection, author: None, newest: true }
    }

    /// Public states of whichever entries.
    pub fn public(collection: &'a CollectionName) -> Self {
        Self { collection, author: None, newest: false }
    }

    /// The newest state of an entry.
    pub fn of(entry: &'a Entry) -> Self {
        Self::newest(&entry.collection).by(&entry.created_by)
    }

    /// The public state of an entry.
    pub fn public_of(entry: &'a Entry) -> Self {
        Self::public(&entry.collection).by(&entry.created_by)
    }

    /// The same, of entries that somebody wrote.
    #[must_use]
    pub fn by(self, author: &'a str) -> Self {
        Self { author: Some(author), ..self }
    }
}
