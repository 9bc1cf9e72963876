//! Where definitions of collections are kept.

use std::sync::Arc;

use async_trait::async_trait;
use smartcms_domain::Timestamp;
use smartcms_domain::collections::{CollectionDefinition, CollectionName};
use smartcms_domain::entries::{Entry, EntryId, Revision};
use smartcms_domain::events::Event;
use smartcms_domain::plugins::PluginId;
use uuid::Uuid;

use super::{Digest, EntryFacts, EntryPurge, EventCursor, StoreError};

/// The definitions that were applied last, and the one transaction in which they change.
///
/// A change of definitions puts the entries that it rewrites aside first, in batches; [`DefinitionStore::redefine`] then
/// makes all of it true at once. What is put aside is seen by nobody, and a crash leaves it without effect.
#[async_trait]
pub trait DefinitionStore: Send + Sync {
    /// The definitions that were applied last, by name.
    async fn definitions(&self) -> Result<KnownDefinitions, StoreError>;

    /// How often definitions were changed.
    async fn generation(&self) -> Result<u64, StoreError>;

    /// Puts aside what becomes of these entries in a change, in the place of what was put aside for them before.
    async fn stage(
        &self,
        change: Uuid,
        looked_at: Vec<EntryId>,
        staged: Vec<StagedEntry>,
    ) -> Result<(), StoreError>;

    /// Forgets everything that was put aside, in whichever change.
    async fn forget_staged(&self) -> Result<(), StoreError>;

    /// Makes definitions, what was put aside and the indexes of fields true together; the new generation.
    ///
    /// Entries are rewritten with a record of their new state; when their public state is another one than the newest and
    /// was rewritten, it gets a record of its own. The events are recorded, and the search reads the entries again.
    async fn redefine(&self, change: Redefinition) -> Result<u64, RedefineError>;
}

/// The definitions that were applied last.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownDefinitions {
    /// How often they were changed.
    pub generation: u64,
    /// By name. None for a site that never had any applied.
    pub records: Vec<DefinitionRecord>,
    /// The plugins by whose functions values were computed, with the components that did it.
    pub computed: Vec<(PluginId, Digest)>,
}

/// A definition that was applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefinitionRecord {
    /// What it says.
    pub definition: CollectionDefinition,
    /// Who says it.
    pub origin: Origin,
    /// How often it was changed, and its first state.
    pub revision: Revision,
    /// When it was changed last.
    pub changed_at: Timestamp,
    /// Who changed it, as an actor's name.
    pub changed_by: String,
}

/// Who says what a definition is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A file of the site, which alone changes it.
    File,
    /// The database: it was made by the API, or with the site.
    Database,
}

impl Origin {
    /// Every origin.
    pub const ALL: [Self; 2] = [Self::File, Self::Database];

    /// The lasting name.
    pub fn name(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Database => "database",
        }
    }

    /// The origin with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// What becomes of an entry in a change of definitions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StagedEntry {
    /// It gets other values.
    Rewrite(Box<EntryRewrite>),
    /// It goes, with its history.
    Purge(EntryPurge),
}

/// An entry with the values that a change of definitions leaves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryRewrite {
    /// The new state. Slugs, languages and dates are those that are stored.
    pub entry: Entry,
    /// The revision that must be stored.
    pub previous: Revision,
    /// Who changed the definition.
    pub author: String,
    /// What the history says about it.
    pub message: String,
    /// What happened; its kind is that of the records, too.
    pub event: Event,
    /// What the new state points to. Its text is read by the search later.
    pub facts: EntryFacts,
}

/// A change of definitions.
#[derive(Debug, Clone)]
pub struct Redefinition {
    /// Whose staged entries belong to it.
    pub change: Uuid,
    /// The generation that must be stored.
    pub generation: u64,
    /// Definitions that come, or come in the place of others.
    pub records: Vec<DefinitionRecord>,
    /// Collections that go.
    pub removed: Vec<CollectionName>,
    /// Plugins by whose functions values are computed from now on, with the components that do it.
    pub computed: Vec<(PluginId, Digest)>,
    /// Collections whose entries were looked at: nothing may have happened in them since `seen`.
    pub looked_at: Vec<CollectionName>,
    /// The newest event when looking began.
    pub seen: EventCursor,
    /// Every definition there is afterwards: what the indexes are made for.
    pub all: Vec<Arc<CollectionDefinition>>,
}

/// Why definitions were not changed. Nothing was, and what was put aside still is.
#[derive(Debug, thiserror::Error)]
pub enum RedefineError {
    /// Another change came first.
    #[error("the definitions were changed by somebody else")]
    Stale,
    /// Entries changed since they were looked at.
    #[error("entries changed while the definitions were")]
    Moved,
    /// Entries share a value of a field that is unique.
    #[error("entries of {collection} share a value of `{field}`, which is to be unique")]
    NotUnique {
        /// The collection.
        collection: String,
        /// The field.
        field: String,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
