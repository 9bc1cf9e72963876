//! Entries of a collection.

use serde::Serialize;

use super::{AdminPage, Frame, ViewsPart};

/// One page of a list of entries.
#[derive(Debug, Clone, Serialize)]
pub struct EntryListPage {
    /// What stands around it.
    pub frame: Frame,
    /// Where the list is.
    pub url: String,
    /// The address of this very view, to which actions come back.
    pub here: String,
    /// Where a new entry begins; empty for those who may not.
    pub new_url: String,
    /// What a new one is called.
    pub label_one: String,
    /// Lists that are a click away.
    pub tabs: Vec<Tab>,
    /// What was searched for.
    pub query: String,
    /// What the list shows now.
    pub view: ListView,
    /// The languages to choose from; empty where the site has one.
    pub locales: Vec<Tab>,
    /// The columns that can be sorted by.
    pub columns: Vec<Column>,
    /// The entries.
    pub rows: Vec<EntryRow>,
    /// Where the list goes on.
    pub paging: Paging,
    /// Whether the person may publish here.
    pub may_publish: bool,
    /// Whether the person may put entries in the trash.
    pub may_delete: bool,
    /// The views that the person keeps.
    pub views: ViewsPart,
    /// What is wrong with the search.
    pub problem: Option<String>,
    /// Whether it is asked for by a script that replaces the list alone.
    pub is_part: bool,
}

/// What a list shows: the values of its form.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ListView {
    /// The status that is asked for; empty for every one.
    pub status: String,
    /// The language that is asked for; `*` for every one.
    pub locale: String,
    /// The order that is asked for; empty for the usual one.
    pub sort: String,
}

/// A list that is a click away.
#[derive(Debug, Clone, Serialize)]
pub struct Tab {
    /// What it is called.
    pub label: String,
    /// Where it is.
    pub url: String,
    /// The value that it stands for.
    pub value: String,
    /// Whether it is the one.
    pub is_current: bool,
}

/// The head of a column.
#[derive(Debug, Clone, Serialize)]
pub struct Column {
    /// The key of its text.
    pub text: &'static str,
    /// Where the list is sorted by it; empty where it cannot be.
    pub url: String,
    /// `ascending`, `descending` or nothing.
    pub sorted: &'static str,
}

/// An entry in the list.
#[derive(Debug, Clone, Serialize)]
pub struct EntryRow {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its slug.
    pub slug: String,
    /// Where it is edited.
    pub url: String,
    /// Where readers see it; empty where they do not.
    pub live_url: String,
    /// Its status, as queries name it.
    pub status: &'static str,
    /// Whether it is public, and its newest state is not.
    pub has_newer_draft: bool,
    /// Its language; empty where the site has one.
    pub locale: String,
    /// Who wrote it first.
    pub author: String,
    /// When it was stored last, in milliseconds.
    pub updated_at: i64,
    /// When it will be published; 0 where it will not.
    pub publish_at: i64,
}

/// Where a list goes on.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Paging {
    /// The first page; empty on it.
    pub first: String,
    /// The next page; empty on the last.
    pub next: String,
}

impl AdminPage for EntryListPage {
    const TEMPLATE: &'static str = "list.html";
}
