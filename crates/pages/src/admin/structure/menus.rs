//! Named lists of links.

use serde::Serialize;

use super::super::{AdminPage, ChoiceContext, Frame, Mistake, PickerPart};

/// Every menu.
#[derive(Debug, Clone, Serialize)]
pub struct MenuListPage {
    /// What stands around it.
    pub frame: Frame,
    /// The menus.
    pub rows: Vec<MenuRow>,
    /// Menus that themes show and that are not there yet: where each is made.
    pub missing: Vec<ChoiceContext>,
}

/// A menu in the list.
#[derive(Debug, Clone, Serialize)]
pub struct MenuRow {
    /// Its name.
    pub name: String,
    /// Where it is arranged.
    pub url: String,
    /// Where themes show it; empty where they do not by themselves.
    pub shown: String,
    /// How many items it has.
    pub items: usize,
    /// When it was stored last, in milliseconds.
    pub updated_at: i64,
}

/// The form of a menu.
#[derive(Debug, Clone, Serialize)]
pub struct MenuFormPage {
    /// What stands around it.
    pub frame: Frame,
    /// Where the form is sent.
    pub action: String,
    /// Whether it is a new one.
    pub is_new: bool,
    /// Its name.
    pub name: String,
    /// Where themes show it; empty where they do not by themselves.
    pub shown: String,
    /// The state that the person saw.
    pub revision: u64,
    /// Its items.
    pub items: Vec<MenuItemForm>,
    /// Where items can lead.
    pub targets: Vec<ChoiceContext>,
    /// Collections that have a list.
    pub collections: Vec<ChoiceContext>,
    /// What is wrong.
    pub mistakes: Vec<Mistake>,
}

/// An item.
#[derive(Debug, Clone, Serialize)]
pub struct MenuItemForm {
    /// Where it stands: `items.0.items.2`.
    pub place: String,
    /// Its number among its neighbours, from one.
    pub number: usize,
    /// Whether it is the last of them.
    pub is_last: bool,
    /// On which level it is, from one.
    pub depth: usize,
    /// Whether items can stand below it.
    pub can_nest: bool,
    /// Whether all of it is shown.
    pub is_open: bool,
    /// Whether it is the one that a button was pressed for.
    pub is_focused: bool,
    /// What it says; empty where that is not known.
    pub shown: String,
    /// What people call the kind of what it leads to.
    pub kind_label: String,
    /// The label that was written.
    pub label: String,
    /// The same in other languages of the site.
    pub labels: Vec<MenuLabel>,
    /// Where it leads: `entry`, `collection`, `to` or `nothing`.
    pub target: String,
    /// The entry.
    pub picker: Option<PickerPart>,
    /// The collection.
    pub collection: String,
    /// The address.
    pub to: String,
    /// Whether it opens in a new tab.
    pub new_tab: bool,
    /// What is below it.
    pub items: Vec<Self>,
}

/// A label in another language.
#[derive(Debug, Clone, Serialize)]
pub struct MenuLabel {
    /// The tag of the language.
    pub locale: String,
    /// What the language calls itself.
    pub name: String,
    /// The label.
    pub value: String,
}

impl AdminPage for MenuListPage {
    const TEMPLATE: &'static str = "menus.html";
}

impl AdminPage for MenuFormPage {
    const TEMPLATE: &'static str = "menu.html";
}
