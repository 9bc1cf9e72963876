//! What menus look like.

use serde::Serialize;
use serde_json::Value;
use smartcms_app::menus::{MenuLink, MenuView};
use smartcms_domain::menus::{Menu, items_to_json};

/// A menu as readers see it.
#[derive(Serialize)]
pub(super) struct MenuViewBody<'a> {
    name: &'a str,
    items: Vec<LinkBody<'a>>,
}

#[derive(Serialize)]
struct LinkBody<'a> {
    label: &'a str,
    url: Option<&'a str>,
    new_tab: bool,
    items: Vec<LinkBody<'a>>,
}

/// A menu as it was written.
#[derive(Serialize)]
pub(super) struct MenuBody<'a> {
    name: &'a str,
    items: Value,
    revision: u64,
    updated_at: String,
}

impl<'a> From<&'a MenuView> for MenuViewBody<'a> {
    fn from(view: &'a MenuView) -> Self {
        Self { name: view.name.as_str(), items: view.links.iter().map(LinkBody::from).collect() }
    }
}

impl<'a> From<&'a MenuLink> for LinkBody<'a> {
    fn from(link: &'a MenuLink) -> Self {
        Self {
            label: &link.label,
            url: link.url.as_deref(),
            new_tab: link.new_tab,
            items: link.links.iter().map(LinkBody::from).collect(),
        }
    }
}

impl<'a> From<&'a Menu> for MenuBody<'a> {
    fn from(menu: &'a Menu) -> Self {
        Self {
            name: menu.name.as_str(),
            items: items_to_json(&menu.items),
            revision: menu.revision.number(),
            updated_at: menu.updated_at.to_string(),
        }
    }
}
