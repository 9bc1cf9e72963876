//! The terms of taxonomies.

use serde::Serialize;

use super::super::{AdminPage, Frame, Mistake, Paging, Tab};

/// The terms of one taxonomy.
#[derive(Debug, Clone, Serialize)]
pub struct TermListPage {
    /// What stands around it.
    pub frame: Frame,
    /// The taxonomies; none where the site has none that the person may see.
    pub tabs: Vec<Tab>,
    /// The collection of the terms.
    pub collection: String,
    /// What people call one.
    pub label_one: String,
    /// Whether terms stand below one another.
    pub is_tree: bool,
    /// Where one is written with everything it has.
    pub new_url: String,
    /// Whether the person may make one.
    pub may_create: bool,
    /// What was searched for.
    pub query: String,
    /// The languages; none where the site has one.
    pub locales: Vec<Tab>,
    /// The language that is shown; empty for the site's own.
    pub locale: String,
    /// The name that was typed.
    pub name: String,
    /// The terms.
    pub rows: Vec<TermRow>,
    /// Where the list goes on.
    pub paging: Paging,
    /// What is wrong with the new one.
    pub mistakes: Vec<Mistake>,
    /// Whether it is asked for by a script that replaces the list alone.
    pub is_part: bool,
}

/// A term.
#[derive(Debug, Clone, Serialize)]
pub struct TermRow {
    /// Its name.
    pub title: String,
    /// Its slug.
    pub slug: String,
    /// Where it is renamed.
    pub url: String,
    /// Its status.
    pub status: &'static str,
    /// The term above it; empty for none.
    pub parent: String,
    /// How many entries use it.
    pub uses: u64,
    /// Whether there may be more than were counted.
    pub has_many_uses: bool,
}

impl AdminPage for TermListPage {
    const TEMPLATE: &'static str = "terms.html";
}
