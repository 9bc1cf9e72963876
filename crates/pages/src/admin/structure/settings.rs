//! What the configuration says.

use serde::Serialize;

use super::super::{AdminPage, Frame};

/// Every setting.
#[derive(Debug, Clone, Serialize)]
pub struct SettingsPage {
    /// What stands around it.
    pub frame: Frame,
    /// The settings, by their tables.
    pub groups: Vec<SettingGroup>,
}

/// The settings of one table.
#[derive(Debug, Clone, Serialize)]
pub struct SettingGroup {
    /// The name of the table.
    pub name: &'static str,
    /// Its settings.
    pub rows: Vec<SettingRow>,
}

/// A setting.
#[derive(Debug, Clone, Serialize)]
pub struct SettingRow {
    /// Its key.
    pub key: &'static str,
    /// The environment variable that sets it.
    pub variable: String,
    /// What it means, in English.
    pub meaning: &'static str,
    /// What it is; empty for nothing, and for a secret.
    pub value: String,
    /// Whether it is a secret that is set.
    pub is_secret: bool,
    /// `default`, `file` or `environment`.
    pub origin: &'static str,
    /// The file that says it; empty where none does.
    pub file: String,
}

impl AdminPage for SettingsPage {
    const TEMPLATE: &'static str = "settings.html";
}
