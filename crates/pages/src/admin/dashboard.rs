//! What people see first: what changed last, what waits, and where to begin.

use serde::Serialize;

use super::{AdminPage, Frame};

/// The first page.
#[derive(Debug, Clone, Serialize)]
pub struct DashboardPage {
    /// What stands around it.
    pub frame: Frame,
    /// The entries that were stored last.
    pub recent: Vec<RecentEntry>,
    /// What is to be published by itself.
    pub scheduled: Vec<RecentEntry>,
    /// Drafts.
    pub drafts: Vec<RecentEntry>,
    /// What somebody should look at, for those who may see it.
    pub attention: Vec<Attention>,
    /// What one can begin to write: a word and an address.
    pub new: Vec<Waiting>,
}

/// An entry in a short list.
#[derive(Debug, Clone, Serialize)]
pub struct RecentEntry {
    /// Its title.
    pub title: String,
    /// Where it is edited.
    pub url: String,
    /// What one of its collection is called.
    pub label: String,
    /// Its status, as queries name it.
    pub status: &'static str,
    /// The time that matters in this list, in milliseconds.
    pub at: i64,
    /// Its language; empty where the site has one.
    pub locale: String,
}

/// Something that somebody should look at.
#[derive(Debug, Clone, Serialize)]
pub struct Attention {
    /// What it is, in a sentence.
    pub text: String,
    /// More about it; empty for nothing.
    pub detail: String,
    /// Where one sees more of it; empty for nowhere.
    pub url: String,
}

/// Something to begin.
#[derive(Debug, Clone, Serialize)]
pub struct Waiting {
    /// What it is called.
    pub label: String,
    /// Where it begins.
    pub url: String,
}

impl AdminPage for DashboardPage {
    const TEMPLATE: &'static str = "dashboard.html";
}

/// What was found in all collections.
#[derive(Debug, Clone, Serialize)]
pub struct SearchResultsPage {
    /// What stands around it.
    pub frame: Frame,
    /// What was searched for.
    pub query: String,
    /// The entries.
    pub hits: Vec<RecentEntry>,
    /// What is wrong with the search.
    pub problem: Option<String>,
}

impl AdminPage for SearchResultsPage {
    const TEMPLATE: &'static str = "search.html";
}
