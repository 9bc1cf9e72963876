//! What there is in a source, as little of it as will be asked for.

use std::collections::HashMap;

use crate::html::decode_percent;
use crate::item::{Asset, Fragment, ImportedEntry, Item, SiteInfo};
use crate::limits::{FRAGMENTS_BYTES_MAX, REMEMBERED_MAX};
use crate::note::{Note, NoteKind};
use crate::report::Report;

/// One entry, author or term that will have a slug.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Surveyed {
    pub(super) kind: &'static str,
    /// The collection, as the source calls it.
    pub(super) collection: String,
    /// The part of the site that it stood in.
    pub(super) section: Option<String>,
    pub(super) key: String,
    pub(super) slug: Option<String>,
    pub(super) locale: Option<String>,
    pub(super) title: String,
    /// Addresses that it had.
    pub(super) addresses: Vec<String>,
    pub(super) place: crate::error::Place,
}

/// What there is in a source.
#[derive(Debug, Default)]
pub(super) struct Survey {
    pub(super) site: SiteInfo,
    assets: Vec<Asset>,
    /// Places among the media by their key.
    by_key: HashMap<String, usize>,
    /// Places among the media by their address.
    by_url: HashMap<String, usize>,
    /// Places among the media by the entry that they were uploaded to.
    of_entry: HashMap<String, Vec<usize>>,
    /// Pieces of text that entries show, by their number.
    fragments: HashMap<String, String>,
    fragments_bytes: usize,
    /// Keys of terms by the other keys that menus use.
    pub(super) term_ids: HashMap<(String, String), String>,
}

impl Survey {
    /// Remembers what an item says; what will have a slug is given back.
    pub(super) fn take(&mut self, item: Item, report: &mut Report) -> Option<Surveyed> {
        match item {
            Item::Site(site) => self.site = site,
            Item::Author(author) => {
                return Some(Surveyed {
                    kind: "author",
                    collection: "authors".to_owned(),
                    section: None,
                    key: author.key,
                    slug: author.slug,
                    locale: None,
                    title: author.name,
                    addresses: author.addresses,
                    place: author.place,
                });
            }
            Item::Term(term) => {
                if let Some(id) = term.id {
                    self.term_ids.insert((term.taxonomy.clone(), id), term.key.clone());
                }
                return Some(Surveyed {
                    kind: "term",
                    collection: term.taxonomy,
                    section: None,
                    key: term.key,
                    slug: term.slug,
                    locale: None,
                    title: term.name,
                    addresses: term.addresses,
                    place: term.place,
                });
            }
            Item::Entry(entry) => return Some(surveyed(*entry)),
            Item::Asset(asset) => self.asset(asset),
            Item::Fragment(fragment) => self.fragment(fragment, report),
            Item::MenuItem(_) | Item::Redirect(_) | Item::Note(_) => {}
        }
        None
    }

    fn asset(&mut self, asset: Asset) {
        if self.assets.len() >= REMEMBERED_MAX {
            return;
        }
        let at = self.assets.len();
        if let Some(parent) = &asset.parent {
            self.of_entry.entry(parent.clone()).or_default().push(at);
        }
        self.by_key.insert(asset.key.clone(), at);
        self.by_url.insert(url_key(&asset.url), at);
        self.assets.push(asset);
    }

    fn fragment(&mut self, fragment: Fragment, report: &mut Report) {
        self.fragments_bytes = self.fragments_bytes.saturating_add(fragment.text.len());
        if self.fragments_bytes > FRAGMENTS_BYTES_MAX {
            let message = format!(
                "the reusable blocks have more than {FRAGMENTS_BYTES_MAX} bytes together; this one is left"
            );
            report.note(Note::new(NoteKind::BlockLeft, &fragment.place, fragment.key, message));
            return;
        }
        self.fragments.insert(fragment.key, fragment.text);
    }

    /// The medium that the source calls so.
    pub(super) fn asset_of_key(&self, key: &str) -> Option<&Asset> {
        self.assets.get(*self.by_key.get(key)?)
    }

    /// The medium at an address.
    pub(super) fn asset_of_url(&self, url: &str) -> Option<&Asset> {
        self.assets.get(*self.by_url.get(&url_key(url))?)
    }

    /// The media that were uploaded to an entry.
    pub(super) fn assets_of(&self, entry: &str) -> impl Iterator<Item = &Asset> {
        let places = self.of_entry.get(entry);
        places.into_iter().flatten().filter_map(|at| self.assets.get(*at))
    }

    /// A piece of text that entries show.
    pub(super) fn fragment_of(&self, key: &str) -> Option<&str> {
        self.fragments.get(key).map(String::as_str)
    }
}

fn surveyed(entry: ImportedEntry) -> Surveyed {
    Surveyed {
        kind: "entry",
        collection: entry.collection,
        section: entry.section,
        key: entry.key,
        slug: entry.slug,
        locale: entry.locale,
        title: entry.title,
        addresses: entry.old_url.into_iter().chain(entry.aliases).collect(),
        place: entry.place,
    }
}

/// Addresses of the same file differ in their scheme.
fn url_key(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    url.split_once("://").map_or(url, |(_, rest)| rest).to_owned()
}

/// The path of an address, without what follows it and without a slash at its end; `None` for another site.
pub(super) fn path_of(address: &str, base: Option<&str>) -> Option<String> {
    let rest = rest_of(address, base)?;
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    let path = decode_percent(path);
    let path = path.trim_end_matches('/').trim_end_matches("/index.html");
    Some(if path.is_empty() { "/".to_owned() } else { path.to_owned() })
}

/// What follows the address of the site; `None` for another site.
pub(super) fn rest_of<'a>(address: &'a str, base: Option<&str>) -> Option<&'a str> {
    let below = base.and_then(|base| without_scheme(address)?.strip_prefix(without_scheme(base)?));
    match below {
        Some(rest) if rest.is_empty() || rest.starts_with(['/', '?', '#']) => Some(rest),
        _ if address.starts_with('/') && !address.starts_with("//") => Some(address),
        _ => None,
    }
}

fn without_scheme(address: &str) -> Option<&str> {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    let rest = rest.or_else(|| address.strip_prefix("//"))?;
    Some(rest.strip_prefix("www.").unwrap_or(rest))
}

#[cfg(test)]
mod tests {
    use super::path_of;

    #[test]
    fn addresses_of_the_site_are_paths() {
        let base = Some("https://old.example/blog");
        assert_eq!(path_of("http://www.old.example/blog/a/?x#y", base).as_deref(), Some("/a"));
        assert_eq!(path_of("https://old.example/blog", base).as_deref(), Some("/"));
        assert_eq!(path_of("/caf%C3%A9/", base).as_deref(), Some("/café"));
        assert_eq!(path_of("https://old.example/blogger/", base), None);
        assert_eq!(path_of("https://other.example/a", base), None);
        assert_eq!(path_of("//old.example/blog/a", base).as_deref(), Some("/a"));
        assert_eq!(path_of("mailto:a@b.example", base), None);
    }
}
