//! From the items of a menu, one after another, to what stands below what.

use std::collections::HashMap;

use smartcms_domain::menus::{
    MENU_DEPTH_MAX, MENU_ITEMS_MAX, MENU_LABEL_LEN_MAX, MenuItem, MenuTarget, items_of_json,
    items_to_json,
};

use super::parts::Import;
use crate::item::{MenuItem as Given, MenuTarget as Goal};
use crate::note::{Note, NoteKind};
use crate::report::Report;

/// Builds the menu; what has no place is noted.
pub(super) fn tree(import: &Import, mut given: Vec<Given>, report: &mut Report) -> Vec<MenuItem> {
    given.sort_by(|a, b| {
        (a.position, a.place.line, &a.key).cmp(&(b.position, b.place.line, &b.key))
    });
    let known: HashMap<&str, usize> =
        given.iter().enumerate().map(|(at, it)| (it.key.as_str(), at)).collect();
    let mut below: Vec<Vec<usize>> = vec![Vec::new(); given.len()];
    let mut top = Vec::new();
    for (at, item) in given.iter().enumerate() {
        let parent = item.parent.as_deref().and_then(|it| known.get(it));
        match parent.filter(|it| **it != at).and_then(|it| below.get_mut(*it)) {
            Some(list) => list.push(at),
            None => top.push(at),
        }
    }
    let mut builder =
        Builder { import, given: &given, below, taken: vec![false; given.len()], count: 0, report };
    let mut items = builder.items(&top, 1);
    // Those in a circle are below nothing that was found: they stand at the top.
    for at in 0..given.len() {
        items.extend(builder.items(&[at], 1));
    }
    items
}

struct Builder<'a> {
    import: &'a Import,
    given: &'a [Given],
    below: Vec<Vec<usize>>,
    taken: Vec<bool>,
    count: usize,
    report: &'a mut Report,
}

impl Builder<'_> {
    fn items(&mut self, places: &[usize], depth: usize) -> Vec<MenuItem> {
        let mut items = Vec::new();
        for at in places {
            let Some(taken) = self.taken.get_mut(*at).filter(|it| !**it) else { continue };
            *taken = true;
            let Some(given) = self.given.get(*at) else { continue };
            if self.count >= MENU_ITEMS_MAX {
                self.note(given, &format!("a menu has at most {MENU_ITEMS_MAX} items"));
                continue;
            }
            let item = self.item(given);
            self.count += usize::from(item.is_some());
            let below = self.below.get_mut(*at).map(std::mem::take).unwrap_or_default();
            if depth < MENU_DEPTH_MAX {
                let inner = self.items(&below, depth + 1);
                match item {
                    Some(item) => items.push(MenuItem { items: inner, ..item }),
                    // What is left takes nothing with it.
                    None => items.extend(inner),
                }
            } else {
                items.extend(item);
                if !below.is_empty() {
                    let message = format!(
                        "a menu has at most {MENU_DEPTH_MAX} levels; what was below it stands beside it"
                    );
                    self.note(given, &message);
                }
                items.extend(self.items(&below, depth));
            }
        }
        items
    }

    /// An item without what is below it; `None` for one that has no place.
    fn item(&mut self, given: &Given) -> Option<MenuItem> {
        let target = match self.target(&given.target) {
            Ok(target) => target,
            Err(message) => {
                self.note(given, &message);
                return None;
            }
        };
        let label = given.label.split_whitespace().collect::<Vec<_>>().join(" ");
        let label: String = label.chars().take(MENU_LABEL_LEN_MAX).collect();
        let label = match &target {
            _ if !label.is_empty() => Some(label),
            MenuTarget::Address(address) => {
                Some(address.chars().take(MENU_LABEL_LEN_MAX).collect())
            }
            _ => None,
        };
        let item = MenuItem { label, target, new_tab: given.new_tab, ..MenuItem::default() };
        // What people could not write has no place either.
        match items_of_json(&items_to_json(std::slice::from_ref(&item))) {
            Ok(_) => Some(item),
            Err(problems) => {
                let message = problems.first().map(|it| it.message.clone()).unwrap_or_default();
                self.note(given, &message);
                None
            }
        }
    }

    fn target(&self, goal: &Goal) -> Result<MenuTarget, String> {
        let entry = |kind: &str, key: &str| {
            let id = self.import.id(kind, key);
            let found = self.import.plan.has(id).then_some(MenuTarget::Entry(id));
            found.ok_or_else(|| "what it leads to is not in the source".to_owned())
        };
        match goal {
            Goal::Nothing => Ok(MenuTarget::Nothing),
            Goal::Entry(key) => entry("entry", key),
            Goal::Term(taxonomy, key) => {
                let named = (taxonomy.clone(), key.clone());
                let key = self.import.survey.term_ids.get(&named).unwrap_or(key);
                entry("term", &format!("{taxonomy}:{key}"))
            }
            Goal::Url(url) => {
                let address = self.import.address(url);
                address
                    .map(MenuTarget::Address)
                    .ok_or_else(|| format!("`{url}` is no address that a page can lead to"))
            }
        }
    }

    fn note(&mut self, given: &Given, message: &str) {
        let name = if given.label.is_empty() { &given.key } else { &given.label };
        self.report.note(Note::new(NoteKind::MenuLeft, &given.place, name, message));
    }
}
