//! Authors and terms of a WXR file.

use super::xml::Node;
use crate::error::Place;
use crate::html::plain_text;
use crate::item::{Author, Term};

/// Taxonomies that are not content: a post's format, menus, and what block themes keep.
const NOT_TAXONOMIES: &[&str] =
    &["nav_menu", "post_format", "wp_theme", "wp_template_part_area", "link_category"];

pub(super) fn author(node: &Node, place: &Place) -> Author {
    let login = node.text_of("wp:author_login").to_owned();
    let display = plain_text(node.text_of("wp:author_display_name"));
    let full =
        format!("{} {}", node.text_of("wp:author_first_name"), node.text_of("wp:author_last_name"));
    let name = [display.as_str(), full.trim(), &login].into_iter().find(|it| !it.is_empty());
    Author {
        name: name.unwrap_or_default().to_owned(),
        slug: Some(login.clone()).filter(|it| !it.contains('@')),
        key: login,
        email: node.some_text_of("wp:author_email"),
        place: place.clone(),
        ..Author::default()
    }
}

/// A term of the head of the file; `None` for one that is no content.
pub(super) fn term(node: &Node, place: &Place) -> Option<Term> {
    let (taxonomy, prefix) = match node.name.as_str() {
        "wp:category" => (
            "category",
            ["category_nicename", "cat_name", "category_description", "category_parent"],
        ),
        "wp:tag" => ("post_tag", ["tag_slug", "tag_name", "tag_description", "tag_parent"]),
        _ => (
            node.text_of("wp:term_taxonomy"),
            ["term_slug", "term_name", "term_description", "term_parent"],
        ),
    };
    let [slug, name, description, parent] = prefix.map(|it| node.text_of(&format!("wp:{it}")));
    let key = if slug.is_empty() { name } else { slug };
    if key.is_empty() || NOT_TAXONOMIES.contains(&taxonomy) {
        return None;
    }
    Some(Term {
        taxonomy: taxonomy_name(taxonomy).to_owned(),
        key: key.to_owned(),
        id: node.some_text_of("wp:term_id"),
        slug: Some(key.to_owned()),
        name: plain_text(if name.is_empty() { slug } else { name }),
        description: Some(plain_text(description)).filter(|it| !it.is_empty()),
        parent: Some(parent.to_owned()).filter(|it| !it.is_empty()),
        place: place.clone(),
    })
}

/// The terms that an item names: exports of posts alone list them nowhere else.
pub(super) fn of_item(node: &Node, place: &Place) -> Vec<Term> {
    let named = node.children_of("category").filter_map(|category| {
        let (taxonomy, key) = key_of(category)?;
        let name = plain_text(category.text.trim());
        let name = if name.is_empty() { key.clone() } else { name };
        let place = Place { line: category.line, ..place.clone() };
        Some(Term { taxonomy, slug: Some(key.clone()), key, name, place, ..Term::default() })
    });
    named.collect()
}

/// Taxonomy and key of a term that an item names.
pub(super) fn key_of(category: &Node) -> Option<(String, String)> {
    let taxonomy = category.attribute("domain").unwrap_or("category");
    let nicename = category.attribute("nicename").filter(|it| !it.is_empty());
    let key = nicename.unwrap_or(category.text.trim());
    let counts = !key.is_empty() && !NOT_TAXONOMIES.contains(&taxonomy);
    counts.then(|| (taxonomy_name(taxonomy).to_owned(), key.to_owned()))
}

pub(super) fn taxonomy_name(wordpress: &str) -> &str {
    match wordpress {
        "category" => "categories",
        "post_tag" | "tag" => "tags",
        other => other,
    }
}
