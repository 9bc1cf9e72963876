//! Where text is searched.

use async_trait::async_trait;
use smartcms_domain::collections::CollectionName;
use smartcms_domain::entries::{EntryId, Revision};
use smartcms_domain::locales::Locale;

use super::{EntryFacts, PAGE_LEN_MAX, Side, StoreError};

/// How many matches are ranked at most: the newest ones. A word that is everywhere tells little, and ranking all that
/// have it would take long.
pub const RANKED_MAX: u32 = 1_000;

/// The text of entries, so that it is found.
///
/// [`EntryStore::write`](super::EntryStore::write) keeps it: what was written is found once the write is answered.
#[async_trait]
pub trait SearchIndex: Send + Sync {
    /// One page of what is found, the best first. A query without terms finds nothing.
    async fn search(&self, query: &SearchQuery) -> Result<SearchPage, StoreError>;

    /// Says by what definitions entries are read for the search. Entries of a collection whose definition is another
    /// than before have to be read again.
    async fn prepare(&self, definitions: &[(CollectionName, String)]) -> Result<(), StoreError>;

    /// Entries that have to be read again, at most `limit`.
    async fn pending(&self, limit: u32) -> Result<Vec<EntryId>, StoreError>;

    /// Keeps what entries are found by. One that is not in its revision any more is left out.
    async fn index(&self, entries: Vec<(EntryId, Revision, EntryFacts)>) -> Result<(), StoreError>;
}

/// How text is searched.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SearchMode {
    /// By its words.
    #[default]
    Text,
    /// By its meaning. An index of words cannot; [`crate::search::search_content`] does it.
    Semantic,
    /// By both, as above.
    Hybrid,
}

/// What to search for.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchQuery {
    /// In which way.
    pub mode: SearchMode,
    /// What all hits have.
    pub terms: Vec<SearchTerm>,
    /// In which collections; `None` for every one.
    pub collections: Option<Vec<CollectionName>>,
    /// In which language; `None` for every one.
    pub locale: Option<Locale>,
    /// In which state of the entries.
    pub side: Side,
    /// How many hits at most: 1 to [`PAGE_LEN_MAX`].
    pub limit: u32,
    /// How many hits to leave out: those of the pages before.
    pub after: u32,
}

impl SearchQuery {
    /// The hits of a page, out of this many that are ranked, and where the next page begins.
    pub fn page_of(&self, ranked: usize) -> (std::ops::Range<usize>, Option<u32>) {
        let start = (self.after as usize).min(ranked);
        let end = (start + self.limit.clamp(1, PAGE_LEN_MAX) as usize).min(ranked);
        (start..end, u32::try_from(end).ok().filter(|_| end < ranked))
    }
}

/// Something that a hit has. Its text is what somebody typed, and has a letter or a digit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SearchTerm {
    /// Words that stand beside one another; often one.
    Words(String),
    /// The same, and the last one goes on with any letters.
    Prefix(String),
}

/// One page of hits.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SearchPage {
    /// The hits, the best first.
    pub hits: Vec<SearchHit>,
    /// What `after` is for the next page; `None` on the last.
    pub next: Option<u32>,
}

/// An entry that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchHit {
    /// Which.
    pub entry: EntryId,
    /// How good the hit is, beside others of the same query; higher is better.
    pub score: f64,
    /// Its title.
    pub title: Vec<SearchPiece>,
    /// A part of its other text, with what was searched for where it is in there.
    pub snippet: Vec<SearchPiece>,
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchPiece {
    /// The text, as it was written.
    pub text: String,
    /// Whether it is what was searched for.
    pub is_match: bool,
}
