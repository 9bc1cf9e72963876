//! Moving content in and out.

use serde::Serialize;

use super::{AdminPage, Frame};

/// Imports and exports.
#[derive(Debug, Clone, Serialize)]
pub struct TransferPage {
    /// What stands around it.
    pub frame: Frame,
    /// How much may be sent at once, in words; empty where nothing can be moved here.
    pub size_max: String,
    /// Whether the person may take everything out.
    pub may_export: bool,
    /// Whether one is under way.
    pub is_busy: bool,
    /// What is kept, the newest first.
    pub jobs: Vec<JobRow>,
}

/// One import or export.
#[derive(Debug, Clone, Serialize)]
pub struct JobRow {
    /// Its page.
    pub url: String,
    /// What the file was called; empty for an export.
    pub name: String,
    /// The format that came in; empty for an export.
    pub format: &'static str,
    /// Whether nothing was stored.
    pub dry_run: bool,
    /// Where it stands.
    pub state: &'static str,
    /// Who asked for it.
    pub by: String,
    /// When, in milliseconds.
    pub at: i64,
}

/// One import or export, on a page of its own.
#[derive(Debug, Clone, Serialize)]
pub struct JobPage {
    /// What stands around it.
    pub frame: Frame,
    /// What the list shows of it.
    pub row: JobRow,
    /// What it does: the key of a text, or empty.
    pub step: &'static str,
    /// What it does, where no text says it.
    pub step_name: String,
    /// How far it is, in percent; `None` where that is not known.
    pub percent: Option<u64>,
    /// Units that are done.
    pub done: u64,
    /// When it was over, in milliseconds.
    pub ended_at: Option<i64>,
    /// What was counted.
    pub counts: Vec<CountRow>,
    /// What is not as it was.
    pub notes: Vec<NoteBox>,
    /// Why it ended early; empty for no reason.
    pub problem: String,
    /// Whether it can go on, or begin for real.
    pub can_go_on: bool,
    /// Where its file is; empty where there is none.
    pub file_url: String,
    /// The size of that, in words.
    pub file_size: String,
}

/// How many things of one kind there were.
#[derive(Debug, Clone, Serialize)]
pub struct CountRow {
    /// The kind.
    pub name: String,
    /// Stored.
    pub added: u64,
    /// There already.
    pub present: u64,
    /// Mended.
    pub mended: u64,
    /// Not stored.
    pub failed: u64,
}

/// Notes that say the same.
#[derive(Debug, Clone, Serialize)]
pub struct NoteBox {
    /// What they say.
    pub meaning: String,
    /// How many there are.
    pub count: u64,
    /// The first of them.
    pub first: Vec<String>,
}

impl AdminPage for TransferPage {
    const TEMPLATE: &'static str = "transfer.html";
}

impl AdminPage for JobPage {
    const TEMPLATE: &'static str = "transfer_job.html";
}
