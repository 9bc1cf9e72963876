//! Why a change of a definition did not happen.

use smartcms_domain::Problem;
use smartcms_domain::collections::problem_count;
use smartcms_domain::entries::Revision;

use super::plan::CollectionPlan;
use crate::entries::ContentError;
use crate::ports::StoreError;
use crate::{Fault, FaultKind, OpContext};

/// Why a change of a definition did not happen. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum CollectionError {
    /// The actor may not set up the site.
    #[error("{0} may not change collections")]
    Denied(String),
    /// There is no such collection.
    #[error("there is no collection `{0}`")]
    Unknown(String),
    /// There is a collection of this name.
    #[error("there is a collection `{0}` already")]
    NameTaken(String),
    /// A file says what it is.
    #[error("the collection `{0}` is defined by a file of the site")]
    InFile(String),
    /// The definition was refused.
    #[error("the definition has {}", problem_count(.0))]
    Invalid(Vec<Problem>),
    /// Others point to the collection.
    #[error("other collections point to `{0}`")]
    Referenced(String, Vec<Problem>),
    /// Somebody else changed it.
    #[error("the collection `{name}` is at revision {stored}, the change was made from {seen}")]
    Stale {
        /// The collection.
        name: String,
        /// What the author had seen.
        seen: Revision,
        /// What is stored.
        stored: Revision,
    },
    /// Somebody else changed definitions at the same time.
    #[error("the definitions were changed by somebody else at the same time")]
    ChangedMeanwhile,
    /// Values or entries would be lost.
    #[error("the change would lose values or entries")]
    Loss(Vec<CollectionPlan>, Vec<Problem>),
    /// Entries share what would have to be unique.
    #[error("entries share values that would have to be unique")]
    NotUnique(Vec<CollectionPlan>, Vec<Problem>),
    /// Entries changed faster than they could be looked at.
    #[error("entries changed all the time while the definition was to be changed")]
    Busy,
    /// The search could not be brought up to date; the change is in force.
    #[error(transparent)]
    Search(ContentError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl CollectionError {
    /// Refuses who may not set up the site.
    pub(super) fn check(ctx: &OpContext<'_>) -> Result<(), Self> {
        if ctx.actor.may_manage_site() {
            return Ok(());
        }
        Err(Self::Denied(ctx.actor.to_string()))
    }

    pub(super) fn loss(plans: Vec<CollectionPlan>) -> Self {
        let problems = plans.iter().flat_map(CollectionPlan::problems).collect();
        Self::Loss(plans, problems)
    }

    pub(super) fn not_unique(plans: Vec<CollectionPlan>) -> Self {
        let problems = plans.iter().flat_map(CollectionPlan::problems).collect();
        Self::NotUnique(plans, problems)
    }

    /// What was planned, when that is why it was refused.
    pub fn plans(&self) -> &[CollectionPlan] {
        match self {
            Self::Loss(plans, _) | Self::NotUnique(plans, _) => plans,
            _ => &[],
        }
    }
}

impl Fault for CollectionError {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Denied(_) => FaultKind::Forbidden,
            Self::Unknown(_) => FaultKind::NotFound,
            Self::NameTaken(_)
            | Self::InFile(_)
            | Self::Referenced(..)
            | Self::Stale { .. }
            | Self::ChangedMeanwhile
            | Self::Loss(..)
            | Self::NotUnique(..) => FaultKind::Conflict,
            Self::Invalid(_) => FaultKind::Invalid,
            Self::Busy | Self::Store(_) => FaultKind::Unavailable,
            Self::Search(error) => error.kind(),
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Denied(_) => "collection.denied",
            Self::Unknown(_) => "collection.unknown",
            Self::NameTaken(_) => "collection.name-taken",
            Self::InFile(_) => "collection.in-file",
            Self::Invalid(_) => "collection.invalid",
            Self::Referenced(..) => "collection.referenced",
            Self::Stale { .. } | Self::ChangedMeanwhile => "collection.stale",
            Self::Loss(..) => "collection.loss",
            Self::NotUnique(..) => "collection.not-unique",
            Self::Busy => "collection.busy",
            Self::Search(error) => error.code(),
            Self::Store(_) => "store.unavailable",
        }
    }

    fn problems(&self) -> &[Problem] {
        match self {
            Self::Invalid(problems)
            | Self::Referenced(_, problems)
            | Self::Loss(_, problems)
            | Self::NotUnique(_, problems) => problems,
            _ => &[],
        }
    }

    fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Denied(_) => "collections need the role administrator or owner".to_owned(),
            Self::NameTaken(_) => "choose another name, or change that one".to_owned(),
            Self::InFile(name) => format!(
                "change collections/{name}.toml and start the server again; without the file it can be changed here"
            ),
            Self::Referenced(..) => "take out the fields that point to it first".to_owned(),
            Self::Stale { .. } | Self::ChangedMeanwhile => {
                "read the collection again and repeat the change on what it is now".to_owned()
            }
            Self::Loss(..) => {
                "let fields that have another name say `renamed_from`; to lose it all the same, force the change"
                    .to_owned()
            }
            Self::NotUnique(..) => "change all but one of the entries first".to_owned(),
            Self::Busy => "try again when fewer entries are being saved".to_owned(),
            _ => return None,
        })
    }
}
