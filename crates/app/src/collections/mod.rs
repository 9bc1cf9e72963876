//! Definitions of collections: made, changed and taken away by the API or by files, with the entries they are about.
//!
//! Each change goes the same way: compare, count what it does to the entries there are, refuse what would lose something,
//! put the rewritten entries aside, and make all of it true in one transaction.

mod apply;
mod create;
mod error;
mod files;
mod guard;
mod plan;
mod read;
mod recompute;
mod refresh;
mod remove;
mod replace;
mod rewriting;
mod survey;

pub use create::{CreateCollection, create_collection};
pub use error::CollectionError;
pub use files::{FileDefinitions, adopt, apply_files, plan_files};
pub use plan::{CollectionPlan, EXAMPLES_MAX, PlannedStep};
pub use read::{get_collection, list_collections};
pub use recompute::{recompute, recompute_stale};
pub use refresh::refresh;
pub use remove::{RemoveCollection, remove_collection};
pub use replace::{ReplaceCollection, replace_collection};

/// What a change of a definition did, or would do.
#[derive(Debug, Clone)]
pub struct Changed<T> {
    /// What is there afterwards.
    pub now: T,
    /// What it does to the entries.
    pub plan: CollectionPlan,
}

/// How far a change goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reach {
    /// Say what would be done, and do nothing.
    pub dry_run: bool,
    /// Do it though values or entries are lost.
    pub force: bool,
}
