//! Why an operation on entries did not happen.

use smartcms_domain::Problem;
use smartcms_domain::actors::Denied;
use smartcms_domain::entries::EntryError;

use crate::ports::{HookFailure, ModelError, StoreError};
use crate::{Fault, FaultKind};

/// Why an operation on entries did not happen. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ContentError {
    /// No collection has this name.
    #[error("there is no collection `{0}`")]
    UnknownCollection(String),
    /// No entry that the actor may see has this id or slug.
    #[error("there is no entry `{key}` in {collection}")]
    UnknownEntry {
        /// The collection.
        collection: String,
        /// What was looked for.
        key: String,
    },
    /// The entry has no such saved state.
    #[error("entry {entry} has no revision {revision}")]
    UnknownRevision {
        /// The entry.
        entry: String,
        /// What was looked for.
        revision: u64,
    },
    /// The actor may not do this.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The entry's life does not allow it.
    #[error(transparent)]
    Rule(#[from] EntryError),
    /// Another change was stored at the same time.
    #[error("entry {0} was changed by somebody else while it was being saved")]
    ChangedMeanwhile(String),
    /// The definition that it was checked by is another one now.
    #[error("the definitions of collections changed while the entry was being saved")]
    Redefined,
    /// A filter, an order or a choice of fields cannot be used.
    #[error("the query has {} problem{}", .0.len(), if .0.len() == 1 { "" } else { "s" })]
    BadQuery(Vec<Problem>),
    /// What was searched for could not be measured.
    #[error("the model that measures meaning does not answer")]
    Meaning(#[source] ModelError),
    /// The input was refused.
    #[error("the entry has {} problem{}", .0.len(), if .0.len() == 1 { "" } else { "s" })]
    Invalid(Vec<Problem>),
    /// Another entry of the collection has the slug.
    #[error("another entry of {collection} has the slug `{slug}`")]
    SlugTaken {
        /// The collection.
        collection: String,
        /// The slug.
        slug: String,
    },
    /// An entry has the id that was chosen.
    #[error("there is an entry {0} already")]
    IdTaken(String),
    /// Only what is in the trash is deleted for good.
    #[error("entry {0} is not in the trash; delete it first")]
    NotInTrash(String),
    /// Another entry points to it, and its field does not let it go.
    #[error("entry {entry} cannot be deleted: {by} points to it in `{field}`")]
    Referenced {
        /// The entry.
        entry: String,
        /// Who points to it, as collection and slug.
        by: String,
        /// In which fields.
        field: String,
    },
    /// More entries point to it than one change can touch.
    #[error("more than {limit} entries point to entry {entry}; take it out of some of them first")]
    TooManyReferrers {
        /// The entry.
        entry: String,
        /// How many can be changed together.
        limit: u32,
    },
    /// The actor has no working copy of the entry.
    #[error("there is no working copy of entry {0} by you")]
    NoWorkingCopy(String),
    /// As many authors as can have a working copy of the entry.
    #[error("{limit} others have working copies of entry {entry}; {limit} is the limit")]
    TooManyWorkingCopies {
        /// The entry.
        entry: String,
        /// How many can have one.
        limit: u32,
    },
    /// A plugin stopped it.
    #[error(transparent)]
    Hook(#[from] HookFailure),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Fault for ContentError {
    fn kind(&self) -> FaultKind {
        match self {
            Self::UnknownCollection(_)
            | Self::UnknownEntry { .. }
            | Self::UnknownRevision { .. }
            | Self::NoWorkingCopy(_) => FaultKind::NotFound,
            Self::Denied(_) => FaultKind::Forbidden,
            Self::Rule(_)
            | Self::ChangedMeanwhile(_)
            | Self::Redefined
            | Self::NotInTrash(_)
            | Self::IdTaken(_)
            | Self::Referenced { .. }
            | Self::SlugTaken { .. } => FaultKind::Conflict,
            Self::TooManyReferrers { .. } | Self::TooManyWorkingCopies { .. } => FaultKind::Limit,
            Self::BadQuery(_) | Self::Invalid(_) | Self::Hook(HookFailure::Refused { .. }) => {
                FaultKind::Invalid
            }
            Self::Hook(HookFailure::Failed(_)) => FaultKind::Plugin,
            Self::Store(_) | Self::Meaning(_) => FaultKind::Unavailable,
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::UnknownCollection(_) => "collection.unknown",
            Self::Redefined => "collection.changed",
            Self::UnknownEntry { .. } => "entry.unknown",
            Self::UnknownRevision { .. } => "entry.revision-unknown",
            Self::Denied(_) => "entry.denied",
            Self::Rule(EntryError::Stale { .. }) | Self::ChangedMeanwhile(_) => "entry.stale",
            Self::Rule(EntryError::Trashed(_)) => "entry.trashed",
            Self::Rule(EntryError::NotTrashed(_)) => "entry.not-trashed",
            Self::Rule(EntryError::Archived(_)) => "entry.archived",
            Self::Rule(EntryError::Schedule { .. }) => "entry.schedule",
            Self::Rule(EntryError::NotPublished(_)) => "entry.not-published",
            Self::BadQuery(_) => "request.query",
            Self::Meaning(_) => "search.model",
            Self::Invalid(_) => "entry.invalid",
            Self::SlugTaken { .. } => "entry.slug-taken",
            Self::NotInTrash(_) => "entry.not-trashed",
            Self::IdTaken(_) => "entry.id-taken",
            Self::Referenced { .. } => "entry.referenced",
            Self::TooManyReferrers { .. } => "entry.too-many-referrers",
            Self::NoWorkingCopy(_) => "entry.working-copy-unknown",
            Self::TooManyWorkingCopies { .. } => "entry.too-many-working-copies",
            Self::Hook(HookFailure::Refused { .. }) => "entry.refused",
            Self::Hook(HookFailure::Failed(failure)) => failure.kind.code(),
            Self::Store(_) => "store.unavailable",
        }
    }

    fn problems(&self) -> &[Problem] {
        match self {
            Self::BadQuery(problems)
            | Self::Invalid(problems)
            | Self::Hook(HookFailure::Refused { problems, .. }) => problems,
            _ => &[],
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::Denied(denied) => denied.hint.clone(),
            Self::Rule(EntryError::Stale { .. }) | Self::ChangedMeanwhile(_) => {
                Some("read the entry again and repeat the change on what it is now".to_owned())
            }
            Self::TooManyWorkingCopies { .. } => {
                Some("a copy goes when its author saves or discards it".to_owned())
            }
            Self::Redefined => {
                Some("send it again: it is checked by the definition of now".to_owned())
            }
            _ => None,
        }
    }
}
