//! A menu and its items.

use std::collections::BTreeMap;

use super::name::MenuName;
use crate::Timestamp;
use crate::collections::CollectionName;
use crate::entries::{EntryId, Revision};
use crate::locales::Locale;

/// The most items of one menu, those below others among them.
pub const MENU_ITEMS_MAX: usize = 200;
/// The most levels of a menu.
pub const MENU_DEPTH_MAX: usize = 5;
/// The longest label, in characters.
pub const MENU_LABEL_LEN_MAX: usize = 200;
/// The longest address, in bytes.
pub const MENU_ADDRESS_LEN_MAX: usize = 2_048;

/// A named list of links.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Menu {
    /// Its name; no two have the same.
    pub name: MenuName,
    /// Its items.
    pub items: Vec<MenuItem>,
    /// The number of its state.
    pub revision: Revision,
    /// When it was stored.
    pub updated_at: Timestamp,
}

/// One item, with what is below it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MenuItem {
    /// What readers see; `None` for the name of what it leads to.
    pub label: Option<String>,
    /// The same in other languages.
    pub labels: BTreeMap<Locale, String>,
    /// Where it leads.
    pub target: MenuTarget,
    /// Whether it opens in a new tab.
    pub new_tab: bool,
    /// The items below it.
    pub items: Vec<MenuItem>,
}

/// Where an item leads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum MenuTarget {
    /// Nowhere: it groups what is below it.
    #[default]
    Nothing,
    /// To the page of an entry.
    Entry(EntryId),
    /// To the list of a collection.
    Collection(CollectionName),
    /// To a path of the site, or to an address elsewhere.
    Address(String),
}

impl Menu {
    /// Every item, those below others among them.
    pub fn all_items(&self) -> Vec<&MenuItem> {
        let mut found: Vec<&MenuItem> = Vec::new();
        let mut open: Vec<&MenuItem> = self.items.iter().rev().collect();
        while let Some(item) = open.pop() {
            found.push(item);
            open.extend(item.items.iter().rev());
        }
        found
    }

    /// The entries that it leads to.
    pub fn entries(&self) -> Vec<EntryId> {
        let entry = |it: &&MenuItem| match it.target {
            MenuTarget::Entry(id) => Some(id),
            _ => None,
        };
        self.all_items().iter().filter_map(entry).collect()
    }
}

impl MenuItem {
    /// The label in the first of these languages that it has one in; the plain one is in the last of them.
    pub fn label_in(&self, fallbacks: &[Locale]) -> Option<&str> {
        let others = fallbacks.iter().find_map(|it| self.labels.get(it));
        others.or(self.label.as_ref()).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::{Menu, MenuItem, MenuName, MenuTarget};
    use crate::Timestamp;
    use crate::entries::{EntryId, Revision};
    use crate::locales::Locale;

    #[test]
    fn items_are_found_in_the_order_that_readers_see() {
        let id = |number| EntryId::new(uuid::Uuid::from_u128(number));
        let item = |number, items| MenuItem {
            target: MenuTarget::Entry(id(number)),
            items,
            ..MenuItem::default()
        };
        let menu = Menu {
            name: MenuName::parse("main").unwrap(),
            items: vec![item(1, vec![item(2, vec![item(3, Vec::new())])]), item(4, Vec::new())],
            revision: Revision::FIRST,
            updated_at: Timestamp::EPOCH,
        };
        assert_eq!(menu.entries(), [id(1), id(2), id(3), id(4)]);
    }

    #[test]
    fn a_label_falls_back_to_the_plain_one() {
        let locale = |tag| Locale::parse(tag).unwrap();
        let item = MenuItem {
            label: Some("Topics".to_owned()),
            labels: [(locale("de"), "Themen".to_owned())].into(),
            ..MenuItem::default()
        };
        assert_eq!(item.label_in(&[locale("de"), locale("en")]), Some("Themen"));
        assert_eq!(item.label_in(&[locale("fr"), locale("en")]), Some("Topics"));
        assert_eq!(MenuItem::default().label_in(&[locale("de")]), None);
    }
}
