//! Menus of a WXR file: each of their items is an item of the file.

use super::item::{Meta, post_key};
use super::terms::taxonomy_name;
use super::xml::Node;
use crate::error::Place;
use crate::html::plain_text;
use crate::item::{Item, MenuItem, MenuTarget};
use crate::note::{Note, NoteKind};

pub(super) fn menu_item(node: &Node, place: &Place) -> Item {
    let id = node.text_of("wp:post_id");
    let label = plain_text(node.text_of("title"));
    let meta = Meta::of(node);
    let menu = node.children_of("category").find(|it| it.attribute("domain") == Some("nav_menu"));
    let Some(menu) = menu else {
        let message = "the menu item belongs to no menu";
        return Item::Note(Note::new(NoteKind::MenuLeft, place, label, message));
    };
    let menu = menu.attribute("nicename").unwrap_or(menu.text.trim()).to_owned();
    let object = meta.get("_menu_item_object_id").unwrap_or_default();
    let target = match meta.get("_menu_item_type").unwrap_or_default() {
        "post_type" => MenuTarget::Entry(post_key(object)),
        "taxonomy" => {
            let taxonomy = meta.get("_menu_item_object").unwrap_or_default();
            MenuTarget::Term(taxonomy_name(taxonomy).to_owned(), object.to_owned())
        }
        _ => match meta.get("_menu_item_url").unwrap_or_default() {
            "" | "#" => MenuTarget::Nothing,
            url => MenuTarget::Url(url.to_owned()),
        },
    };
    let parent = meta.get("_menu_item_menu_item_parent").filter(|it| !matches!(*it, "" | "0"));
    Item::MenuItem(MenuItem {
        menu,
        key: id.to_owned(),
        parent: parent.map(str::to_owned),
        label,
        target,
        new_tab: meta.get("_menu_item_target") == Some("_blank"),
        position: node.text_of("wp:menu_order").parse().unwrap_or(0),
        place: place.clone(),
    })
}
