//! What can still come back.

use serde::Serialize;

use super::{AdminPage, Frame, Paging, Tab};

/// The trash of one collection.
#[derive(Debug, Clone, Serialize)]
pub struct TrashPage {
    /// What stands around it.
    pub frame: Frame,
    /// The collections.
    pub tabs: Vec<Tab>,
    /// The one that is shown.
    pub collection: String,
    /// Its entries.
    pub rows: Vec<TrashRow>,
    /// Where the list goes on.
    pub paging: Paging,
    /// Whether the person may bring back and take away.
    pub may_delete: bool,
}

/// An entry in the trash.
#[derive(Debug, Clone, Serialize)]
pub struct TrashRow {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its slug.
    pub slug: String,
    /// Since when it is there, in milliseconds.
    pub at: i64,
}

impl AdminPage for TrashPage {
    const TEMPLATE: &'static str = "trash.html";
}
