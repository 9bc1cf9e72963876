//! Where addresses lead at which nothing is any more.

use serde::Serialize;

use super::super::{AdminPage, ChoiceContext, Frame, Mistake, Paging, Tab};

/// Redirects, with the form of a new one.
#[derive(Debug, Clone, Serialize)]
pub struct RedirectListPage {
    /// What stands around it.
    pub frame: Frame,
    /// The address of this very view.
    pub here: String,
    /// Those of people, and those that made themselves.
    pub tabs: Vec<Tab>,
    /// What was searched for.
    pub query: String,
    /// Which of the tabs is shown.
    pub kind: String,
    /// The redirects.
    pub rows: Vec<RedirectRow>,
    /// Where the list goes on.
    pub paging: Paging,
    /// What a redirect can tell browsers.
    pub statuses: Vec<ChoiceContext>,
    /// The new one.
    pub draft: RedirectForm,
    /// What is wrong with it.
    pub mistakes: Vec<Mistake>,
    /// Whether it is asked for by a script that replaces the list alone.
    pub is_part: bool,
}

/// A redirect in the list.
#[derive(Debug, Clone, Serialize)]
pub struct RedirectRow {
    /// Its id.
    pub id: String,
    /// Where it is changed.
    pub url: String,
    /// What it answers.
    pub from: String,
    /// Where it leads; empty for nowhere.
    pub to: String,
    /// Why it leads nowhere.
    pub nowhere: String,
    /// What it tells browsers.
    pub status: u16,
    /// Whether it leads to an entry, wherever that is.
    pub follows_entry: bool,
    /// Whether it made itself.
    pub is_automatic: bool,
    /// When it was changed last, in milliseconds.
    pub updated_at: i64,
}

/// What stands in the form of a redirect.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RedirectForm {
    /// What it answers.
    pub from: String,
    /// Where it leads.
    pub to: String,
    /// What it tells browsers.
    pub status: u16,
}

/// One redirect.
#[derive(Debug, Clone, Serialize)]
pub struct RedirectFormPage {
    /// What stands around it.
    pub frame: Frame,
    /// Where the form is sent.
    pub action: String,
    /// Whether it leads to an entry, wherever that is.
    pub follows_entry: bool,
    /// Whether it made itself.
    pub is_automatic: bool,
    /// What a redirect can tell browsers.
    pub statuses: Vec<ChoiceContext>,
    /// What stands in the form.
    pub draft: RedirectForm,
    /// What is wrong with it.
    pub mistakes: Vec<Mistake>,
}

/// Many redirects from a table.
#[derive(Debug, Clone, Serialize)]
pub struct RedirectImportPage {
    /// What stands around it.
    pub frame: Frame,
    /// What was pasted.
    pub text: String,
    /// How many there may be.
    pub limit: usize,
    /// What is wrong with it.
    pub mistakes: Vec<Mistake>,
}

impl AdminPage for RedirectListPage {
    const TEMPLATE: &'static str = "redirects.html";
}

impl AdminPage for RedirectFormPage {
    const TEMPLATE: &'static str = "redirect.html";
}

impl AdminPage for RedirectImportPage {
    const TEMPLATE: &'static str = "redirect_import.html";
}
