//! Who did what.

use serde::Serialize;

use super::{AdminPage, Frame, Paging, Tab};

/// A page of the audit log.
#[derive(Debug, Clone, Serialize)]
pub struct AuditPage {
    /// What stands around it.
    pub frame: Frame,
    /// How things ended, as lists that are a click away.
    pub tabs: Vec<Tab>,
    /// What is asked for.
    pub filter: AuditFilterContext,
    /// The areas of operations.
    pub areas: Vec<&'static str>,
    /// The records, the newest first.
    pub rows: Vec<AuditRow>,
    /// Where the log goes on.
    pub paging: Paging,
    /// What is wrong with the filter.
    pub problem: Option<String>,
}

/// The values of the form.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AuditFilterContext {
    /// Who: an actor of the log, or the address of a person.
    pub actor: String,
    /// What: an operation, or an area with `.*`.
    pub operation: String,
    /// To what: a kind, and after a colon which one.
    pub target: String,
    /// How it ended; empty for however.
    pub outcome: String,
    /// From when, as `<input type=datetime-local>` has it.
    pub since: String,
    /// Until when.
    pub until: String,
}

/// A record.
#[derive(Debug, Clone, Serialize)]
pub struct AuditRow {
    /// When, in milliseconds.
    pub at: i64,
    /// Who, as people say it.
    pub who: String,
    /// The log of this actor.
    pub actor_url: String,
    /// Who, as the log has it.
    pub actor: String,
    /// What.
    pub operation: String,
    /// To what; empty for nothing.
    pub target: String,
    /// The log of this thing.
    pub target_url: String,
    /// `done`, `denied` or `failed`.
    pub outcome: &'static str,
    /// From where; empty where that is not known.
    pub address: String,
    /// What the client calls itself.
    pub user_agent: String,
    /// More, in words.
    pub detail: String,
    /// The digest of what it was.
    pub before: String,
    /// The digest of what it became.
    pub after: String,
}

impl AdminPage for AuditPage {
    const TEMPLATE: &'static str = "audit.html";
}
