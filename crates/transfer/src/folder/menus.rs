//! Menus in the settings of a Hugo site.

use serde_json::{Map, Value};

use super::Page;
use crate::error::Place;
use crate::item::{Item, MenuItem, MenuTarget};

pub(super) fn of(config: &Map<String, Value>, place: &Place) -> Vec<Item> {
    let menus = config.get("menus").or_else(|| config.get("menu")).and_then(Value::as_object);
    let named = menus.into_iter().flatten();
    let items = named.flat_map(|(menu, items)| {
        let items = items.as_array().map(Vec::as_slice).unwrap_or_default();
        items.iter().enumerate().map(|(at, item)| menu_item(menu, at, item, place))
    });
    items.collect()
}

/// The places that an entry takes in menus by its own front matter: `menu: main`, a list of names, or `[menu.main]`.
pub(super) fn of_entry(front: &mut Map<String, Value>, page: &Page<'_>) -> Vec<Item> {
    let Some(menus) = front.remove("menus").or_else(|| front.remove("menu")) else {
        return Vec::new();
    };
    let none = Value::Null;
    let named: Vec<(String, Value)> = match menus {
        Value::String(name) => vec![(name, none)],
        Value::Array(names) => {
            let names = names.iter().filter_map(|it| Some((it.as_str()?.to_owned(), Value::Null)));
            names.collect()
        }
        Value::Object(map) => map.into_iter().collect(),
        _ => Vec::new(),
    };
    let title = front.get("title").and_then(Value::as_str).unwrap_or_default().to_owned();
    let item = |(menu, item): (String, Value)| {
        let text =
            |key: &str| Some(item.get(key)?.as_str()?.to_owned()).filter(|it| !it.is_empty());
        let label = text("name").unwrap_or_else(|| title.clone());
        Item::MenuItem(MenuItem {
            menu,
            key: text("identifier").unwrap_or_else(|| label.clone()),
            parent: text("parent"),
            label,
            target: MenuTarget::Entry(format!("file:{}", page.path)),
            new_tab: false,
            position: item.get("weight").and_then(Value::as_i64).unwrap_or(0),
            place: page.place.clone(),
        })
    };
    named.into_iter().map(item).collect()
}

fn menu_item(menu: &str, at: usize, item: &Value, place: &Place) -> Item {
    let text = |key: &str| Some(item.get(key)?.as_str()?.to_owned()).filter(|it| !it.is_empty());
    let label = text("name").or_else(|| text("title")).unwrap_or_default();
    let url = text("url").or_else(|| text("pageRef"));
    Item::MenuItem(MenuItem {
        menu: menu.to_owned(),
        key: text("identifier")
            .unwrap_or_else(|| if label.is_empty() { at.to_string() } else { label.clone() }),
        parent: text("parent"),
        label,
        target: url.map_or(MenuTarget::Nothing, MenuTarget::Url),
        new_tab: false,
        position: item.get("weight").and_then(Value::as_i64).unwrap_or(at as i64),
        place: place.clone(),
    })
}
