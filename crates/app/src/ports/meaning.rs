//! Where meanings are kept: vectors of what is public, and what is nearest to one.

use async_trait::async_trait;
use smartcms_domain::collections::CollectionName;
use smartcms_domain::entries::{EntryId, Revision};
use smartcms_domain::locales::Locale;

use super::StoreError;

/// The most entries that are found by one vector.
pub const NEAREST_MAX: u32 = 200;
/// The most vectors of one entry: its title, and the passages of its text.
pub const MEANING_PARTS_MAX: usize = 32;
/// The most numbers of one vector.
pub const MEANING_DIMENSIONS_MAX: usize = 4_096;
/// The most entries whose meaning is stored at once.
pub const MEANINGS_KEPT_MAX: usize = 64;

/// The vectors of public entries.
///
/// [`EntryStore::write`](super::EntryStore::write) keeps them honest: an entry that leaves the site loses its vectors in
/// the same write, and one that is public waits to be measured. Vectors are of Euclidean length 1; how near two are is the
/// cosine between them, from -1 to 1.
#[async_trait]
pub trait MeaningStore: Send + Sync {
    /// Says which model measures from now on. Where it was another before, every public entry waits to be measured
    /// again; what another model measured is kept until then, and found by nobody.
    async fn measure_by(&self, model: &str) -> Result<(), StoreError>;

    /// Entries that wait to be measured, at most `limit`.
    async fn unmeasured(&self, limit: u32) -> Result<Vec<Unmeasured>, StoreError>;

    /// Keeps what was measured, at most [`MEANINGS_KEPT_MAX`] entries. One that is not in its revision any more is left
    /// out, and goes on waiting.
    async fn keep_meanings(&self, measured: Vec<Measured>) -> Result<(), StoreError>;

    /// The public entries that are nearest to a vector, the nearest first, each by the nearest of its vectors.
    async fn nearest(&self, query: &NearestQuery) -> Result<Vec<NearEntry>, StoreError>;

    /// The middle of an entry's vectors by this model; `None` where it has none.
    async fn meaning_of(&self, entry: EntryId, model: &str)
    -> Result<Option<Vec<f32>>, StoreError>;

    /// In which collections entries mean something else than at a place, and the place now. Every process of the site sees
    /// the same order. Without a place: the place alone.
    async fn changed_meanings(
        &self,
        after: Option<MeaningPlace>,
    ) -> Result<ChangedMeanings, StoreError>;

    /// How much is measured by this model, and how much waits.
    async fn count_meanings(&self, model: &str) -> Result<MeaningCounts, StoreError>;
}

/// An entry that waits to be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unmeasured {
    /// Which.
    pub entry: EntryId,
    /// Of the text whose vectors are stored, by the model that measures now; `None` where none are.
    pub digest: Option<[u8; 32]>,
}

/// What an entry means.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// Which.
    pub entry: EntryId,
    /// The revision of the entry that was read.
    pub revision: Revision,
    /// By which model.
    pub model: String,
    /// Of the text that was measured.
    pub digest: [u8; 32],
    /// A vector for each part, at most [`MEANING_PARTS_MAX`]; `None` where those that are stored are of the same text.
    pub vectors: Option<Vec<Vec<f32>>>,
}

/// What to be near to.
#[derive(Debug, Clone, PartialEq)]
pub struct NearestQuery {
    /// The vector.
    pub vector: Vec<f32>,
    /// By which model it was measured: only vectors of the same one are compared.
    pub model: String,
    /// In which collections; `None` for every one.
    pub collections: Option<Vec<CollectionName>>,
    /// In which language; `None` for every one.
    pub locale: Option<Locale>,
    /// An entry that is not found.
    pub except: Option<EntryId>,
    /// How near at least.
    pub similarity_min: f32,
    /// How many entries at most; no more than [`NEAREST_MAX`].
    pub limit: u32,
}

/// An entry that is near.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NearEntry {
    /// Which.
    pub entry: EntryId,
    /// Which of its parts is the nearest.
    pub part: u32,
    /// How near: the cosine.
    pub similarity: f32,
}

/// A place in the order in which meanings changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct MeaningPlace(pub u64);

/// What changed since a place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangedMeanings {
    /// The place now.
    pub now: MeaningPlace,
    /// The collections of the entries whose vectors are others; every collection with vectors where the place is so old
    /// that nobody remembers it.
    pub collections: Vec<CollectionName>,
}

/// How far the measuring is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MeaningCounts {
    /// Entries that are measured.
    pub entries: u64,
    /// Their vectors.
    pub vectors: u64,
    /// Entries that wait.
    pub waiting: u64,
}
