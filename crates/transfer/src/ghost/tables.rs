//! The small tables of a Ghost export: people, tags, and which post has which.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

use super::Row;
use crate::error::Place;
use crate::html::plain_text;
use crate::item::{Author, Item, MenuItem, MenuTarget, SiteInfo, Term};
use crate::limits::REMEMBERED_MAX;
use crate::note::{Note, NoteKind};

/// What posts are joined with.
#[derive(Debug, Default)]
pub(super) struct Tables {
    users: Vec<(u64, Value)>,
    tags: Vec<(u64, Value)>,
    posts_tags: HashMap<String, Vec<(i64, String)>>,
    posts_authors: HashMap<String, Vec<(i64, String)>>,
    posts_meta: HashMap<String, Value>,
    settings: HashMap<String, String>,
    internal_tags: Vec<String>,
    left: Vec<(String, usize, u64)>,
    rows: usize,
    pub(super) has_posts: bool,
}

/// The text of a key, when it has any.
pub(super) fn text<'a>(row: &'a Value, key: &str) -> Option<&'a str> {
    row.get(key)?.as_str().map(str::trim).filter(|it| !it.is_empty())
}

/// An id: older exports have numbers, newer ones text.
pub(super) fn id(row: &Value, key: &str) -> String {
    match row.get(key) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

impl Tables {
    pub(super) fn take(&mut self, line: u64, row: Row) -> Result<(), String> {
        let (table, row) = match row {
            Row::Post(_) => {
                self.has_posts = true;
                return Ok(());
            }
            Row::Left(_, 0) => return Ok(()),
            Row::Left(table, count) => {
                self.left.push((table, count, line));
                return Ok(());
            }
            Row::Other(table, row) => (table, row),
        };
        self.rows += 1;
        if self.rows > REMEMBERED_MAX {
            return Err(format!("its tables have more than {REMEMBERED_MAX} rows"));
        }
        match table {
            "users" => self.users.push((line, row)),
            "tags" => self.tags.push((line, row)),
            "posts_tags" => join(&mut self.posts_tags, &row, "tag_id"),
            "posts_authors" => join(&mut self.posts_authors, &row, "author_id"),
            "posts_meta" => {
                self.posts_meta.insert(id(&row, "post_id"), row);
            }
            _ => {
                if let (Some(key), Some(value)) = (text(&row, "key"), text(&row, "value")) {
                    self.settings.insert(key.to_owned(), value.to_owned());
                }
            }
        }
        Ok(())
    }

    /// Puts what came in any order into the order that it has.
    pub(super) fn finish(&mut self) {
        for joined in self.posts_tags.values_mut().chain(self.posts_authors.values_mut()) {
            joined.sort();
        }
        let internal = |tag: &&Value| {
            text(tag, "visibility") == Some("internal")
                || text(tag, "name").is_some_and(|it| it.starts_with('#'))
        };
        let tags = self.tags.iter().map(|(_, tag)| tag);
        self.internal_tags = tags.filter(internal).map(|it| id(it, "id")).collect();
    }

    /// What tells this site from others: its address when the export has it, else its name.
    pub(super) fn site_key(&self) -> String {
        // Not the address: it is named by hand, and in one run or another it may not be.
        let named = ["title", "url"].into_iter().find_map(|key| self.settings.get(key));
        named.cloned().unwrap_or_else(|| "site".to_owned())
    }

    pub(super) fn site(&self) -> SiteInfo {
        SiteInfo {
            title: self.settings.get("title").cloned().unwrap_or_default(),
            base_url: self.settings.get("url").map(|it| it.trim_end_matches('/').to_owned()),
        }
    }

    pub(super) fn tags_of(&self, post: &str) -> impl Iterator<Item = &str> {
        let joined = self.posts_tags.get(post).map(Vec::as_slice).unwrap_or_default();
        joined.iter().map(|(_, tag)| tag.as_str())
    }

    pub(super) fn is_internal(&self, tag: &str) -> bool {
        self.internal_tags.iter().any(|it| it == tag)
    }

    pub(super) fn tag_name(&self, tag: &str) -> String {
        let found = self.tags.iter().map(|(_, it)| it).find(|it| id(it, "id") == tag);
        found.and_then(|it| text(it, "name")).unwrap_or(tag).to_owned()
    }

    pub(super) fn authors_of(&self, post: &str) -> impl Iterator<Item = &str> {
        let joined = self.posts_authors.get(post).map(Vec::as_slice).unwrap_or_default();
        joined.iter().map(|(_, author)| author.as_str())
    }

    pub(super) fn meta_of(&self, post: &str) -> Option<&Value> {
        self.posts_meta.get(post)
    }

    pub(super) fn people_and_tags(&self, file: &Arc<str>) -> Vec<Item> {
        let mut items = Vec::new();
        for (line, row) in &self.users {
            items.push(Item::Author(author(row, &Place::new(file, *line))));
        }
        for (line, row) in self.tags.iter().filter(|(_, it)| !self.is_internal(&id(it, "id"))) {
            let place = Place::new(file, *line);
            let term = term(row, &place);
            if text(row, "feature_image").is_some() {
                let message = "the picture of the tag has no place";
                items.push(Item::Note(Note::new(NoteKind::FieldLeft, &place, &term.name, message)));
            }
            items.push(Item::Term(term));
        }
        items
    }

    /// What else people have put into the site.
    pub(super) fn left(&self, file: &Arc<str>) -> Vec<Item> {
        let note = |(table, count, line): &(String, usize, u64)| {
            let message = format!("{count} rows of the table `{table}` have no place on this site");
            Item::Note(Note::new(NoteKind::Skipped, &Place::new(file, *line), table, message))
        };
        self.left.iter().map(note).collect()
    }

    /// Says where the site is.
    pub(super) fn set_url(&mut self, address: &str) {
        self.settings.insert("url".to_owned(), address.trim_end_matches('/').to_owned());
    }

    /// The two menus of Ghost stand in its settings.
    pub(super) fn menus(&self, place: &Place) -> Vec<Item> {
        let menus = [("main", "navigation"), ("footer", "secondary_navigation")];
        let items = menus.into_iter().flat_map(|(menu, key)| {
            let value = self.settings.get(key).and_then(|it| serde_json::from_str(it).ok());
            let Some(Value::Array(items)) = value else { return Vec::new() };
            items.iter().enumerate().map(|(at, item)| menu_item(menu, at, item, place)).collect()
        });
        items.collect()
    }
}

fn menu_item(menu: &str, at: usize, item: &Value, place: &Place) -> Item {
    let url = text(item, "url").unwrap_or_default().replace("__GHOST_URL__", "");
    Item::MenuItem(MenuItem {
        menu: menu.to_owned(),
        key: format!("{menu}:{at}"),
        parent: None,
        label: text(item, "label").unwrap_or_default().to_owned(),
        target: MenuTarget::Url(if url.is_empty() { "/".to_owned() } else { url }),
        new_tab: false,
        position: i64::try_from(at).unwrap_or(i64::MAX),
        place: place.clone(),
    })
}

fn join(joined: &mut HashMap<String, Vec<(i64, String)>>, row: &Value, other: &str) {
    let order = row.get("sort_order").and_then(Value::as_i64).unwrap_or(0);
    joined.entry(id(row, "post_id")).or_default().push((order, id(row, other)));
}

fn author(row: &Value, place: &Place) -> Author {
    Author {
        key: id(row, "id"),
        slug: text(row, "slug").map(str::to_owned),
        name: text(row, "name").unwrap_or_default().to_owned(),
        email: text(row, "email").map(str::to_owned),
        bio: text(row, "bio").map(plain_text),
        url: text(row, "website").map(str::to_owned),
        picture: text(row, "profile_image").or_else(|| text(row, "image")).map(str::to_owned),
        addresses: text(row, "slug").map(|it| format!("/author/{it}/")).into_iter().collect(),
        place: place.clone(),
    }
}

fn term(row: &Value, place: &Place) -> Term {
    Term {
        taxonomy: "tags".to_owned(),
        key: id(row, "id"),
        id: None,
        slug: text(row, "slug").map(str::to_owned),
        name: text(row, "name").unwrap_or_default().to_owned(),
        description: text(row, "description").map(plain_text),
        parent: row.get("parent_id").filter(|it| !it.is_null()).map(|_| id(row, "parent_id")),
        addresses: text(row, "slug").map(|it| format!("/tag/{it}/")).into_iter().collect(),
        place: place.clone(),
    }
}
