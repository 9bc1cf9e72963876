//! Where one can go from anywhere, and views that people keep.

use serde::Serialize;

use super::super::{AdminPage, Frame};

/// Where one can go.
#[derive(Debug, Clone, Serialize)]
pub struct GoPage {
    /// What stands around it.
    pub frame: Frame,
    /// What was searched for.
    pub query: String,
    /// What there is.
    pub groups: Vec<GoGroup>,
}

/// Places of one kind.
#[derive(Debug, Clone, Serialize)]
pub struct GoGroup {
    /// What they are.
    pub label: String,
    /// The places.
    pub items: Vec<GoItem>,
}

/// A place.
#[derive(Debug, Clone, Serialize)]
pub struct GoItem {
    /// What it is called.
    pub label: String,
    /// What it is part of; empty for nothing.
    pub note: String,
    /// Where it is.
    pub url: String,
    /// The name of its icon.
    pub icon: &'static str,
}

/// The views of a list that a person keeps.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ViewsPart {
    /// The list.
    pub list: String,
    /// The filters that are shown.
    pub query: String,
    /// The views.
    pub links: Vec<ViewLink>,
    /// Whether what is shown can be kept.
    pub can_keep: bool,
}

/// A view.
#[derive(Debug, Clone, Serialize)]
pub struct ViewLink {
    /// Its id.
    pub id: String,
    /// What the person calls it.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// Whether it is shown.
    pub is_current: bool,
}

impl AdminPage for GoPage {
    const TEMPLATE: &'static str = "go.html";
}
