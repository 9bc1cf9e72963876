//! Where entries are kept.

use async_trait::async_trait;
use smartcms_domain::Timestamp;
use smartcms_domain::collections::CollectionName;
use smartcms_domain::entries::{Entry, EntryId, Revision, RevisionRecord, Slug, Status};
use smartcms_domain::events::Event;

use super::StoreError;

/// The most entries or revisions of one page.
pub const PAGE_LEN_MAX: u32 = 100;

/// Entries, their history, and the events of their changes.
#[async_trait]
pub trait EntryStore: Send + Sync {
    /// The entry with this id, also one in the trash.
    async fn find(&self, id: EntryId) -> Result<Option<Entry>, StoreError>;

    /// The entry with this slug on this side. Entries in the trash are not found.
    async fn find_by_slug(
        &self,
        collection: &CollectionName,
        slug: &Slug,
        side: Side,
    ) -> Result<Option<Entry>, StoreError>;

    /// One page of a collection.
    async fn list(&self, query: &EntryQuery) -> Result<EntryPage, StoreError>;

    /// Stores an entry, the record of its new state and the event, all or nothing and durably.
    ///
    /// Nothing is written when the stored revision is not `previous`, or the slug is taken.
    async fn write(&self, write: EntryWrite) -> Result<(), WriteError>;

    /// The saved states of an entry, the newest first, at most `limit`, older than `before`.
    async fn revisions(
        &self,
        id: EntryId,
        before: Option<Revision>,
        limit: u32,
    ) -> Result<Vec<RevisionRecord>, StoreError>;

    /// One saved state.
    async fn revision(
        &self,
        id: EntryId,
        revision: Revision,
    ) -> Result<Option<RevisionRecord>, StoreError>;
}

/// Which state of an entry a slug belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The public state.
    Live,
    /// The newest state.
    Newest,
}

/// One page of entries to find.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryQuery {
    /// Of which collection.
    pub collection: CollectionName,
    /// Which of its entries, and in which order.
    pub listing: Listing,
    /// How many at most: 1 to [`PAGE_LEN_MAX`].
    pub limit: u32,
    /// Where to go on.
    pub after: Option<Cursor>,
}

/// Which entries of a collection, and in which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    /// Public ones; the first published last come first.
    Published,
    /// Those of a status, or all that are not in the trash; the newest first.
    Newest(Option<Status>),
    /// Those in the trash; the newest first.
    Trashed,
}

/// The place after one entry in a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// The time that the listing sorts by: first published, or created.
    pub at: Timestamp,
    /// Breaks ties.
    pub id: EntryId,
}

/// One page of entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryPage {
    /// The entries.
    pub entries: Vec<Entry>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<Cursor>,
}

/// One change of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryWrite {
    /// The new state.
    pub entry: Entry,
    /// The revision that must be stored now; `None` for a new entry.
    pub previous: Option<Revision>,
    /// The record of the new state.
    pub record: RevisionRecord,
    /// What happened.
    pub event: Event,
}

/// Why a change was not stored.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// Another change was stored since the entry was read.
    #[error("the entry changed while it was being saved")]
    Stale,
    /// Another entry of the collection has the slug.
    #[error("the slug is taken")]
    SlugTaken,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
