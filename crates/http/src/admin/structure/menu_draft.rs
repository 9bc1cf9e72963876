//! A menu as somebody arranges it in a form: nothing of it is checked yet.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value, json};
use smartcms_domain::entries::EntryId;
use smartcms_domain::menus::{MENU_DEPTH_MAX, MenuItem, MenuTarget};

use super::super::form::Form;
use super::nested::{ITEMS_MAX, Nested};

/// An item in a form.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct ItemDraft {
    /// What it says; empty for the name of what it leads to.
    pub(super) label: String,
    /// The same in other languages.
    pub(super) labels: BTreeMap<String, String>,
    /// `entry`, `collection`, `to` or `nothing`; empty for a new item.
    pub(super) target: String,
    pub(super) entry: String,
    pub(super) collection: String,
    pub(super) to: String,
    pub(super) new_tab: bool,
    pub(super) items: Vec<Self>,
}

impl Nested for ItemDraft {
    fn below(&mut self) -> &mut Vec<Self> {
        &mut self.items
    }
}

impl ItemDraft {
    /// An item as it is stored.
    pub(super) fn of(item: &MenuItem) -> Self {
        let draft = Self {
            label: item.label.clone().unwrap_or_default(),
            labels: item.labels.iter().map(|(tag, it)| (tag.to_string(), it.clone())).collect(),
            new_tab: item.new_tab,
            items: item.items.iter().map(Self::of).collect(),
            ..Self::default()
        };
        let target = |it: &str| it.to_owned();
        match &item.target {
            MenuTarget::Nothing => Self { target: target("nothing"), ..draft },
            MenuTarget::Entry(id) => {
                Self { target: target("entry"), entry: id.to_string(), ..draft }
            }
            MenuTarget::Collection(name) => {
                Self { target: target("collection"), collection: name.to_string(), ..draft }
            }
            MenuTarget::Address(to) => Self { target: target("to"), to: to.clone(), ..draft },
        }
    }

    /// The kind of what it leads to; a new item leads to an entry.
    pub(super) fn kind(&self) -> &str {
        if self.target.is_empty() { "entry" } else { &self.target }
    }

    /// The entries that it and those below it lead to.
    pub(super) fn entries(&self) -> Vec<EntryId> {
        let own = EntryId::parse(&self.entry).ok().filter(|_| self.kind() == "entry");
        own.into_iter().chain(self.items.iter().flat_map(Self::entries)).collect()
    }

    fn document(&self) -> Value {
        let mut document = Map::new();
        if !self.label.is_empty() {
            document.insert("label".to_owned(), json!(self.label));
        }
        let labels: BTreeMap<_, _> = self.labels.iter().filter(|(_, it)| !it.is_empty()).collect();
        if !labels.is_empty() {
            document.insert("labels".to_owned(), json!(labels));
        }
        let target = match self.kind() {
            "entry" => Some(&self.entry),
            "collection" => Some(&self.collection),
            "to" => Some(&self.to),
            _ => None,
        };
        if let Some(target) = target {
            document.insert(self.kind().to_owned(), json!(target));
        }
        if self.new_tab {
            document.insert("new_tab".to_owned(), true.into());
        }
        document.insert("items".to_owned(), documents(&self.items));
        Value::Object(document)
    }
}

/// The items as operations take them.
pub(super) fn documents(items: &[ItemDraft]) -> Value {
    items.iter().map(ItemDraft::document).collect()
}

/// The items of a form.
pub(super) fn of_form(form: &Form) -> Vec<ItemDraft> {
    let values = form.0.iter().map(|(name, it)| (name.as_str(), it.as_str())).collect();
    items(&values, form, "items", 1)
}

fn items(values: &HashMap<&str, &str>, form: &Form, place: &str, depth: usize) -> Vec<ItemDraft> {
    // One more than there can be: what stands too deep is told, and not lost.
    if depth > MENU_DEPTH_MAX + 1 {
        return Vec::new();
    }
    let places = (0..ITEMS_MAX).map(|number| format!("{place}.{number}"));
    let there = places.take_while(|it| values.contains_key(format!("{it}._").as_str()));
    let item = |place: String| {
        let text = |key: &str| {
            let found = values.get(format!("{place}.{key}").as_str());
            found.map(|it| it.trim().to_owned()).unwrap_or_default()
        };
        let before = format!("{place}.labels.");
        let labels = form.0.iter().filter_map(|(name, it)| {
            Some((name.strip_prefix(&before)?.to_owned(), it.trim().to_owned()))
        });
        ItemDraft {
            label: text("label"),
            labels: labels.collect(),
            target: text("target"),
            entry: text("entry"),
            collection: text("collection"),
            to: text("to"),
            new_tab: text("new_tab") == "true",
            items: items(values, form, &format!("{place}.items"), depth + 1),
        }
    };
    there.map(item).collect()
}
