//! The history of an entry.

use serde::Serialize;

use super::{AdminPage, Frame};

/// The saved states of an entry, and what differs between two of them.
#[derive(Debug, Clone, Serialize)]
pub struct RevisionsPage {
    /// What stands around it.
    pub frame: Frame,
    /// Where it is.
    pub url: String,
    /// The newest revision.
    pub newest: u64,
    /// The states, the newest first.
    pub rows: Vec<RevisionRow>,
    /// Older ones; empty for none.
    pub older_url: String,
    /// The state that is compared.
    pub from: u64,
    /// The state that it is compared with.
    pub to: u64,
    /// What differs.
    pub fields: Vec<DiffField>,
    /// Whether the person may bring a state back.
    pub may_restore: bool,
}

/// One saved state.
#[derive(Debug, Clone, Serialize)]
pub struct RevisionRow {
    /// Its number.
    pub number: u64,
    /// What happened, as events name it.
    pub change: String,
    /// Who did it.
    pub author: String,
    /// When, in milliseconds.
    pub at: i64,
    /// What the author said; empty for nothing.
    pub message: String,
    /// Which models helped to write it, and with what.
    pub help: Vec<RevisionHelp>,
    /// Whether readers see it.
    pub is_live: bool,
    /// Whether it is the newest.
    pub is_newest: bool,
}

/// Help of a model.
#[derive(Debug, Clone, Serialize)]
pub struct RevisionHelp {
    /// What was asked for, as tasks are named.
    pub task: String,
    /// The model.
    pub model: String,
}

/// A field that differs.
#[derive(Debug, Clone, Serialize)]
pub struct DiffField {
    /// What people call it.
    pub label: String,
    /// `added`, `removed`, `changed` or `moved`.
    pub change: &'static str,
    /// What differs, in order.
    pub pieces: Vec<DiffPiece>,
}

/// A piece of what differs.
#[derive(Debug, Clone, Serialize)]
pub struct DiffPiece {
    /// `same`, `added`, `removed`, or `heading` for the name of what follows.
    pub kind: &'static str,
    /// The text.
    pub text: String,
}

impl AdminPage for RevisionsPage {
    const TEMPLATE: &'static str = "revisions.html";
}
