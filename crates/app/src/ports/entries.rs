//! Where entries are kept.

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde_json::Value;
use smartcms_domain::Timestamp;
use smartcms_domain::actors::Subject;
use smartcms_domain::collections::{
    CollectionDefinition, CollectionName, FieldName, Reference, Target,
};
use smartcms_domain::entries::{Entry, EntryId, Revision, RevisionRecord, Slug, Status};
use smartcms_domain::events::Event;
use smartcms_domain::locales::Locale;
use smartcms_domain::queries::{Filter, SortKey};

use super::{AddressChanges, AuditRecord, StoreError};

/// The most entries or revisions of one page.
pub const PAGE_LEN_MAX: u32 = 100;

/// The fewest saved states of an entry to which its history can be cut.
pub const REVISIONS_KEPT_MIN: u64 = 100;

/// Entries, their history, and the events of their changes.
#[async_trait]
pub trait EntryStore: Send + Sync {
    /// The entry with this id, also one in the trash.
    async fn find(&self, id: EntryId) -> Result<Option<Entry>, StoreError>;

    /// The entries with these ids, also those in the trash, in any order; ids that are not there are left out.
    async fn find_many(&self, ids: &[EntryId]) -> Result<Vec<Entry>, StoreError>;

    /// The entry in this language with this slug on this side. Entries in the trash are not found.
    async fn find_by_slug(
        &self,
        collection: &CollectionName,
        locale: &Locale,
        slug: &Slug,
        side: Side,
    ) -> Result<Option<Entry>, StoreError>;

    /// The entries of a translation group that are not in the trash.
    async fn translations(&self, group: EntryId) -> Result<Vec<Entry>, StoreError>;

    /// The entries of these translation groups that are not in the trash, in any order.
    async fn translations_of(&self, groups: &[EntryId]) -> Result<Vec<Entry>, StoreError>;

    /// One page of a collection.
    async fn list(&self, query: &EntryQuery) -> Result<EntryPage, StoreError>;

    /// What stands near an entry in the listing of public ones.
    async fn near(&self, query: &NearQuery) -> Result<NearEntries, StoreError>;

    /// Who points to a target in its newest or its public state, at most `limit`, with the fields that do. Entries in
    /// the trash are left out.
    async fn referrers(&self, target: Target, limit: u32) -> Result<Vec<Referrer>, StoreError>;

    /// How many entries point to each of these entries, in either state: no more than `most` are counted of one. Entries
    /// in the trash are left out, and so are targets that none points to.
    async fn count_referrers(
        &self,
        targets: &[EntryId],
        most: u32,
    ) -> Result<BTreeMap<EntryId, u64>, StoreError> {
        let mut counts = BTreeMap::new();
        for id in targets {
            let found = self.referrers(Target::Entry(*id), most).await?;
            if !found.is_empty() {
                counts.insert(*id, found.len() as u64);
            }
        }
        Ok(counts)
    }

    /// References of entries to entries and assets that are not there, of at most `limit` entries after this one, in the
    /// order of ids; each field and target once. What is in the trash is there.
    async fn dangling(
        &self,
        after: Option<EntryId>,
        limit: u32,
    ) -> Result<Vec<Dangling>, StoreError>;

    /// Entries whose schedule says that something was to happen at this time or before, the earliest first.
    async fn due(&self, now: Timestamp, limit: u32) -> Result<Vec<Entry>, StoreError>;

    /// The earliest time of any schedule.
    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError>;

    /// Entries that went to the trash before a time, those that are there longest first, after a place in that order.
    async fn trashed_before(
        &self,
        before: Timestamp,
        after: Option<(Timestamp, EntryId)>,
        limit: u32,
    ) -> Result<Vec<Entry>, StoreError>;

    /// Drops the oldest saved states of entries that have more than `keep` ([`REVISIONS_KEPT_MIN`] or more), at most
    /// `limit`: never the newest of an entry and never the one that is public. How many went.
    async fn drop_revisions(&self, keep: u64, limit: u32) -> Result<u64, StoreError>;

    /// Stores changes with their records and events, all or nothing and durably.
    ///
    /// Nothing is written when a stored revision is not the `previous` one or not the one that was seen, or a slug or a
    /// unique value is taken.
    async fn write(&self, changes: EntryChanges) -> Result<(), WriteError>;

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

    /// Whether a listing of a collection has more entries than this.
    async fn has_more_than(
        &self,
        collection: &CollectionName,
        listing: Listing,
        len: u32,
    ) -> Result<bool, StoreError>;

    /// Values of a field that several entries of a language share, in the newest or in the public state; at most `limit`
    /// values, with at most so many entries each.
    async fn duplicates(
        &self,
        collection: &CollectionName,
        field: &FieldName,
        limit: u32,
    ) -> Result<Vec<Duplicate>, StoreError>;

    /// Makes the indexes that these collections ask for, and drops those that none asks for any more.
    ///
    /// An error names the field whose stored values are not unique.
    async fn prepare(
        &self,
        collections: &[std::sync::Arc<CollectionDefinition>],
    ) -> Result<(), StoreError>;
}

/// Which state of an entry is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// The public state.
    Live,
    /// The newest state.
    Newest,
}

/// One page of entries to find.
#[derive(Debug, Clone, PartialEq)]
pub struct EntryQuery {
    /// Of which collection.
    pub collection: CollectionName,
    /// Which of its entries; it tells the side that filters and orders look at.
    pub listing: Listing,
    /// In which language; `None` for every one.
    pub locale: Option<Locale>,
    /// The languages that stand in for it, the best first: of each translation group the one entry in the best of them
    /// that is public (for the listing of public ones) or not in the trash. Empty for none.
    pub fallbacks: Vec<Locale>,
    /// Only those that this one wrote first; `None` for those of whomever.
    pub author: Option<String>,
    /// Which of them.
    pub filter: Option<Filter>,
    /// In which order; empty for the listing's own. Those with equal keys come in the listing's own order, in the
    /// direction of the first key.
    pub sort: Vec<SortKey>,
    /// How many at most: 1 to [`PAGE_LEN_MAX`].
    pub limit: u32,
    /// Where to go on.
    pub after: Option<Cursor>,
}

/// Which entries of a collection, and in which order when a query says none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    /// Public ones; the first published last come first.
    Published,
    /// Those of a status, or all that are not in the trash; the newest first.
    Newest(Option<Status>),
    /// Those in the trash; the newest first.
    Trashed,
}

impl Listing {
    /// The state of the entries that is looked at.
    pub fn side(self) -> Side {
        if self == Self::Published { Side::Live } else { Side::Newest }
    }

    /// What it shows of a collection, of entries by whomever.
    pub fn subject(self, collection: &CollectionName) -> Subject<'_> {
        match self.side() {
            Side::Live => Subject::public(collection),
            Side::Newest => Subject::newest(collection),
        }
    }
}

/// The place after one entry in a listing.
#[derive(Debug, Clone, PartialEq)]
pub struct Cursor {
    /// What the entry has for each key of the order, and last the milliseconds of the time that the listing itself
    /// sorts by: first published, or created.
    pub keys: Vec<Value>,
    /// Breaks ties.
    pub id: EntryId,
}

impl Cursor {
    /// A place in a listing's own order.
    pub fn at(time: Timestamp, id: EntryId) -> Self {
        Self { keys: vec![Value::from(time.as_millis())], id }
    }

    /// The time of a place in a listing's own order.
    pub fn time(&self) -> Option<Timestamp> {
        match self.keys.as_slice() {
            [time] => Timestamp::from_millis(time.as_i64()?).ok(),
            _ => None,
        }
    }
}

/// One page of entries.
#[derive(Debug, Clone, PartialEq)]
pub struct EntryPage {
    /// The entries.
    pub entries: Vec<Entry>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<Cursor>,
}

/// What to find near an entry, among the public ones of its collection for readers of its language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearQuery {
    /// The entry, which is not found itself.
    pub entry: EntryId,
    /// When it was first published: its place in the listing.
    pub at: Timestamp,
    /// Its collection.
    pub collection: CollectionName,
    /// The language of its readers.
    pub locale: Locale,
    /// The languages that stand in for it, as in [`EntryQuery::fallbacks`].
    pub fallbacks: Vec<Locale>,
    /// Fields, and to what one points that has something in common with the entry; the first [`NEAR_POINTING_MAX`] count.
    pub pointing: Vec<(FieldName, EntryId)>,
    /// How many that have something in common to find at most.
    pub related_max: u32,
}

/// How many fields and targets of [`NearQuery::pointing`] count.
pub const NEAR_POINTING_MAX: usize = 20;
/// Of each field and target of [`NearQuery::pointing`], how many entries are looked at, the first published last.
pub const NEAR_LOOKED_AT: u32 = 12;

/// What stands near an entry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NearEntries {
    /// The next one that was published before it.
    pub older: Option<Entry>,
    /// The next one that was published after it.
    pub newer: Option<Entry>,
    /// Those with the most in common, and of equals the first published last.
    pub related: Vec<Entry>,
}

/// An entry that points to something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Referrer {
    /// The entry.
    pub entry: Entry,
    /// Its fields that do.
    pub fields: Vec<String>,
}

/// A reference that leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dangling {
    /// The entry that has it.
    pub entry: EntryId,
    /// Its field that does.
    pub field: String,
    /// What is not there.
    pub target: Target,
}

/// A value that several entries share.
#[derive(Debug, Clone, PartialEq)]
pub struct Duplicate {
    /// In which state they do.
    pub side: Side,
    /// In which language.
    pub locale: Locale,
    /// The value.
    pub value: Value,
    /// The entries, by id.
    pub entries: Vec<EntryId>,
}

/// Changes that are stored together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntryChanges {
    /// New states of entries.
    pub writes: Vec<EntryWrite>,
    /// Entries that go, with their history.
    pub purges: Vec<EntryPurge>,
    /// What becomes of the addresses that they had and have. The operations fill it in where they store.
    pub addresses: AddressChanges,
    /// Working copies that these writes save, by entry and author: they go.
    pub saved_copies: Vec<(EntryId, String)>,
    /// The generation of definitions that the changes were checked by, which has to be stored; `None` for whatever is.
    pub generation: Option<u64>,
    /// Entries that have to be as they were seen, and are not changed: nothing is stored otherwise.
    pub unchanged: Vec<(EntryId, Revision)>,
    /// Who did this, for the audit log. The operations fill it in where they store.
    pub audit: Vec<AuditRecord>,
}

impl From<EntryWrite> for EntryChanges {
    fn from(write: EntryWrite) -> Self {
        Self { writes: vec![write], ..Self::default() }
    }
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
    /// What the new state can be found by and points to, on both sides.
    pub facts: EntryFacts,
}

/// What a store keeps beside an entry so that it is found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntryFacts {
    /// Of the newest state; `None` for an entry in the trash.
    pub newest: Option<SideFacts>,
    /// Of the public state.
    pub live: Option<SideFacts>,
}

/// What one state of an entry is found by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SideFacts {
    /// What it points to.
    pub references: Vec<Reference>,
    /// Its title, for the search.
    pub title: String,
    /// All other text that everybody may read, for the search.
    pub text: String,
}

/// An entry that goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryPurge {
    /// Which.
    pub id: EntryId,
    /// The revision that must be stored now.
    pub previous: Revision,
    /// What happened.
    pub event: Event,
}

/// Why a change was not stored.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// Another change was stored since the entry was read.
    #[error("entry {0} changed while it was being saved")]
    Stale(EntryId),
    /// The definitions of collections changed since the changes were checked by them.
    #[error("the definitions of collections changed")]
    Redefined,
    /// Another entry of the collection has the slug.
    #[error("the slug of entry {0} is taken")]
    SlugTaken(EntryId),
    /// Another entry of the collection has the value.
    #[error("the {field} of entry {entry} is taken")]
    ValueTaken {
        /// The entry that cannot have it.
        entry: EntryId,
        /// The unique field.
        field: String,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
