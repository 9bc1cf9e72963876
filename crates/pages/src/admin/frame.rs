//! What stands around every page of the admin.

use serde::Serialize;

use super::NavContext;

/// What stands around a page.
#[derive(Debug, Clone, Serialize)]
pub struct Frame {
    /// The tag of the language.
    pub language: &'static str,
    /// `ltr` or `rtl`.
    pub direction: &'static str,
    /// The name of the zone in which times are shown.
    pub zone: String,
    /// The time, in milliseconds.
    pub now: i64,
    /// What every form of the session brings back.
    pub csrf: String,
    /// The title of the page.
    pub title: String,
    /// The title of the site.
    pub site_title: String,
    /// The path of the page.
    pub path: String,
    /// Where one can go.
    pub nav: NavContext,
    /// Who looks; `None` before signing in.
    pub person: Option<PersonContext>,
    /// What the last action came to.
    pub flash: Option<Flash>,
    /// The pages above this one.
    pub crumbs: Vec<Crumb>,
}

/// The one who looks.
#[derive(Debug, Clone, Serialize)]
pub struct PersonContext {
    /// The name.
    pub name: String,
    /// The first letter of it.
    pub initial: String,
    /// What the person may do, in a word.
    pub role: String,
}

/// A page above another.
#[derive(Debug, Clone, Serialize)]
pub struct Crumb {
    /// What it is called.
    pub label: String,
    /// Where it is.
    pub url: String,
}

/// A sentence about what an action came to, shown once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Flash {
    /// Whether it is good news.
    pub kind: FlashKind,
    /// The sentence.
    pub text: String,
}

/// How news are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FlashKind {
    /// It was done.
    Done,
    /// It was done in part, or there is something to know.
    Warning,
    /// It was not done.
    Failed,
}

/// One thing wrong with a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mistake {
    /// The id of the input that it is about; empty for the form as a whole.
    pub input: String,
    /// What people call the input.
    pub label: String,
    /// What is wrong.
    pub text: String,
}
