//! Authors and terms that entries name: each is given once, before the first entry that names it.

use serde_json::Value;

use super::Given;
use crate::error::Place;
use crate::item::{Author, Item, Term};

#[derive(Default)]
pub(super) struct People {
    given: Given,
}

impl People {
    /// The key of an author; pushes the author when it is new.
    pub(super) fn author(
        &mut self,
        value: &Value,
        place: &Place,
        items: &mut Vec<Item>,
    ) -> Option<String> {
        let text = |key: &str| Some(value.get(key)?.as_str()?.trim().to_owned());
        let name = match value {
            Value::String(name) => name.trim().to_owned(),
            _ => text("name").or_else(|| text("display_name")).or_else(|| text("title"))?,
        };
        if name.is_empty() {
            return None;
        }
        let key = name.to_lowercase();
        if self.given.insert((String::new(), key.clone())) {
            items.push(Item::Author(Author {
                key: key.clone(),
                name,
                email: text("email"),
                url: text("url").or_else(|| text("link")),
                bio: text("bio"),
                place: place.clone(),
                ..Author::default()
            }));
        }
        Some(key)
    }

    /// Taxonomy and key of a term; pushes the term when it is new.
    pub(super) fn term(
        &mut self,
        taxonomy: &str,
        name: &str,
        place: &Place,
        items: &mut Vec<Item>,
    ) -> (String, String) {
        let key = name.to_lowercase();
        if self.given.insert((taxonomy.to_owned(), key.clone())) {
            items.push(Item::Term(Term {
                taxonomy: taxonomy.to_owned(),
                key: key.clone(),
                name: name.to_owned(),
                place: place.clone(),
                ..Term::default()
            }));
        }
        (taxonomy.to_owned(), key)
    }
}
