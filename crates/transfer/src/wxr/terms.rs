//! Authors and terms of a WXR file.

use smartcms_domain::entries::Slug;

use super::xml::Node;
use crate::error::Place;
use crate::html::{decode_percent, plain_text};
use crate::item::{Author, Term};

/// Taxonomies that are not content: a post's format, menus, what block themes keep, and what plugins say in this way:
/// who wrote it with whom, in which language, and of what it is a translation.
const NOT_TAXONOMIES: &[&str] = &[
    "nav_menu",
    "post_format",
    "wp_theme",
    "wp_template_part_area",
    "wp_pattern_category",
    "link_category",
    CO_AUTHORS,
    LANGUAGE,
    TRANSLATIONS,
    "term_language",
    "term_translations",
];
/// Where Co-Authors Plus keeps who wrote a post.
const CO_AUTHORS: &str = "author";
/// Where Polylang keeps the language of a post.
const LANGUAGE: &str = "language";
/// Where Polylang keeps which posts are translations of one another.
const TRANSLATIONS: &str = "post_translations";

pub(super) fn author(node: &Node, place: &Place) -> Author {
    let login = node.text_of("wp:author_login").to_owned();
    let display = plain_text(node.text_of("wp:author_display_name"));
    let full =
        format!("{} {}", node.text_of("wp:author_first_name"), node.text_of("wp:author_last_name"));
    let name = [display.as_str(), full.trim(), &login].into_iter().find(|it| !it.is_empty());
    let name = name.unwrap_or_default().to_owned();
    Author {
        name,
        slug: Some(login.clone()).filter(|it| !it.contains('@')),
        addresses: vec![format!("/author/{login}/")],
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
        addresses: addresses(taxonomy, key, parent),
        key: normal_key(key),
        id: node.some_text_of("wp:term_id"),
        slug: Some(key.to_owned()),
        name: plain_text(if name.is_empty() { slug } else { name }),
        description: Some(plain_text(description)).filter(|it| !it.is_empty()),
        parent: Some(normal_key(parent)).filter(|it| !it.is_empty()),
        place: place.clone(),
    })
}

/// Where WordPress shows what has a term, unless somebody chose other words.
fn addresses(taxonomy: &str, slug: &str, parent: &str) -> Vec<String> {
    let base = match taxonomy {
        "post_tag" => "tag",
        other => other,
    };
    let mut addresses = vec![format!("/{base}/{slug}/")];
    if !parent.is_empty() {
        addresses.push(format!("/{base}/{parent}/{slug}/"));
    }
    addresses
}

/// Lists of terms and items do not always write a term alike: `Company News` there is `company-news` here.
fn normal_key(name: &str) -> String {
    let name = decode_percent(name);
    match Slug::parse(&name) {
        Ok(_) => name,
        Err(_) if name.is_ascii() => {
            Slug::from_title(&name).map_or(name, |it| it.as_str().to_owned())
        }
        Err(_) => name.to_lowercase(),
    }
}

/// The people that an item names: exports of posts alone list them nowhere else.
pub(super) fn authors_of_item(node: &Node, place: &Place) -> Vec<Author> {
    let is_content = !matches!(
        node.text_of("wp:post_type"),
        "attachment" | "nav_menu_item" | "revision" | "customize_changeset" | "oembed_cache"
    );
    if !is_content {
        return Vec::new();
    }
    let author = |login: String, name: String| Author {
        addresses: vec![format!("/author/{login}/")],
        slug: Some(login.clone()).filter(|it| !it.contains('@')),
        key: login,
        name,
        place: place.clone(),
        ..Author::default()
    };
    let co_authors = node.children_of("category").filter_map(|it| {
        let login = co_author(it)?;
        let name = plain_text(it.text.trim());
        Some(author(login.clone(), if name.is_empty() { login } else { name }))
    });
    let creator = node.some_text_of("dc:creator").map(|it| author(it.clone(), it));
    co_authors.chain(creator).collect()
}

/// Who wrote an item: all that Co-Authors Plus names, or the one that WordPress names.
pub(super) fn keys_of_authors(node: &Node) -> Vec<String> {
    let named: Vec<String> = node.children_of("category").filter_map(co_author).collect();
    if named.is_empty() { node.some_text_of("dc:creator").into_iter().collect() } else { named }
}

fn co_author(category: &Node) -> Option<String> {
    let login = category.attribute("nicename").filter(|it| !it.is_empty())?;
    let login = login.strip_prefix("cap-").unwrap_or(login);
    (category.attribute("domain") == Some(CO_AUTHORS)).then(|| login.to_owned())
}

/// The language of an item, and what it has in common with its translations.
pub(super) fn language(node: &Node) -> (Option<String>, Option<String>) {
    let named = |domain: &str| {
        let mut found = node.children_of("category");
        let found = found.find(|it| it.attribute("domain") == Some(domain))?;
        found.attribute("nicename").filter(|it| !it.is_empty()).map(str::to_owned)
    };
    (named(LANGUAGE), named(TRANSLATIONS).map(|it| format!("group:{it}")))
}

/// The terms that an item names: exports of posts alone list them nowhere else.
pub(super) fn of_item(node: &Node, place: &Place) -> Vec<Term> {
    let named = node.children_of("category").filter_map(|category| {
        let (taxonomy, key) = key_of(category)?;
        let slug = raw_key(category)?.to_owned();
        let name = plain_text(category.text.trim());
        let name = if name.is_empty() { key.clone() } else { name };
        let place = Place { line: category.line, ..place.clone() };
        let domain = category.attribute("domain").unwrap_or("category");
        let addresses = addresses(domain, &slug, "");
        Some(Term { taxonomy, slug: Some(slug), key, name, addresses, place, ..Term::default() })
    });
    named.collect()
}

fn raw_key(category: &Node) -> Option<&str> {
    let nicename = category.attribute("nicename").filter(|it| !it.is_empty());
    Some(nicename.unwrap_or(category.text.trim())).filter(|it| !it.is_empty())
}

/// Taxonomy and key of a term that an item names.
pub(super) fn key_of(category: &Node) -> Option<(String, String)> {
    let taxonomy = category.attribute("domain").unwrap_or("category");
    let key = raw_key(category)?;
    let counts = !NOT_TAXONOMIES.contains(&taxonomy);
    counts.then(|| (taxonomy_name(taxonomy).to_owned(), normal_key(key)))
}

pub(super) fn taxonomy_name(wordpress: &str) -> &str {
    match wordpress {
        "category" => "categories",
        "post_tag" | "tag" => "tags",
        other => other,
    }
}
