//! Where it is kept what authors have not saved yet.

use async_trait::async_trait;
use smartcms_domain::Timestamp;
use smartcms_domain::entries::{Editing, EntryId, WorkingCopy};

use super::StoreError;

/// Working copies: of each entry at most one for each author. They go with their entry, and with a save that
/// [`super::EntryChanges`] says saved them.
#[async_trait]
pub trait WorkingCopies: Send + Sync {
    /// The copy of an author.
    async fn find(&self, entry: EntryId, author: &str) -> Result<Option<WorkingCopy>, StoreError>;

    /// Who has a copy of an entry that was changed at this time or later; who began first comes first.
    async fn editing(&self, entry: EntryId, since: Timestamp) -> Result<Vec<Editing>, StoreError>;

    /// Keeps a copy in the place of the author's own before it, durably. Nothing is kept when the entry is gone, or as
    /// many others as `most` have one.
    async fn keep(&self, copy: WorkingCopy, most: u32) -> Result<KeepOutcome, StoreError>;

    /// Takes the copy of an author away; `false` when there is none.
    async fn discard(&self, entry: EntryId, author: &str) -> Result<bool, StoreError>;

    /// Takes copies away that were last changed before this time, at most `limit`. How many went.
    async fn forget(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError>;
}

/// What became of a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeepOutcome {
    /// It is kept.
    Kept,
    /// Too many others have one.
    TooMany,
    /// There is no such entry any more.
    NoEntry,
}
