//! How the admin speaks to one person.

use serde::Serialize;

use super::{AdminPage, Frame};

/// Language and zone.
#[derive(Debug, Clone, Serialize)]
pub struct PreferencesPage {
    /// What stands around it.
    pub frame: Frame,
    /// The languages.
    pub languages: Vec<ChoiceContext>,
    /// The zones.
    pub zones: Vec<ChoiceContext>,
}

/// One of some.
#[derive(Debug, Clone, Serialize)]
pub struct ChoiceContext {
    /// What is stored.
    pub value: String,
    /// What people read.
    pub label: String,
    /// Whether it is chosen.
    pub selected: bool,
}

impl AdminPage for PreferencesPage {
    const TEMPLATE: &'static str = "preferences.html";
}
