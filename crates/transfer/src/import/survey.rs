//! What there is in a source, as little of it as will be asked for.

use std::collections::HashMap;

use crate::error::SourceError;
use crate::html::decode_percent;
use crate::item::{Asset, ImportedEntry, Item, Sink, SiteInfo};
use crate::limits::REMEMBERED_MAX;
use crate::progress::Progress;

/// One entry, author or term that will have a slug.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Surveyed {
    pub(super) kind: &'static str,
    /// The collection, as the source calls it.
    pub(super) collection: String,
    pub(super) key: String,
    pub(super) slug: Option<String>,
    pub(super) locale: Option<String>,
    pub(super) title: String,
    /// Addresses that it had.
    pub(super) addresses: Vec<String>,
    pub(super) place: crate::error::Place,
}

/// What there is in a source.
pub(super) struct Survey<'a> {
    progress: Option<&'a dyn Progress>,
    pub(super) site: SiteInfo,
    pub(super) things: Vec<Surveyed>,
    /// Media by their key.
    pub(super) assets: HashMap<String, Asset>,
    /// Keys of media by the entry that they were uploaded to.
    pub(super) assets_of: HashMap<String, Vec<String>>,
    /// Keys of terms by the other keys that menus use.
    pub(super) term_ids: HashMap<(String, String), String>,
}

impl<'a> Survey<'a> {
    pub(super) fn new(progress: &'a dyn Progress) -> Self {
        Self {
            progress: Some(progress),
            site: SiteInfo::default(),
            things: Vec::new(),
            assets: HashMap::new(),
            assets_of: HashMap::new(),
            term_ids: HashMap::new(),
        }
    }

    pub(super) fn finish(self) -> Survey<'static> {
        Survey { progress: None, ..self }
    }

    fn entry(&mut self, entry: &ImportedEntry) {
        let own = entry.old_url.iter().chain(&entry.aliases);
        self.things.push(Surveyed {
            kind: "entry",
            collection: entry.collection.clone(),
            key: entry.key.clone(),
            slug: entry.slug.clone(),
            locale: entry.locale.clone(),
            title: entry.title.clone(),
            addresses: own.cloned().collect(),
            place: entry.place.clone(),
        });
    }

    fn asset(&mut self, asset: Asset) {
        if self.assets.len() >= REMEMBERED_MAX {
            return;
        }
        if let Some(parent) = &asset.parent {
            self.assets_of.entry(parent.clone()).or_default().push(asset.key.clone());
        }
        self.assets.insert(asset.key.clone(), asset);
    }
}

impl Sink for Survey<'_> {
    fn take(&mut self, item: Item) -> Result<(), SourceError> {
        if self.things.len() >= REMEMBERED_MAX {
            return Ok(());
        }
        match item {
            Item::Site(site) => self.site = site,
            Item::Author(author) => self.things.push(Surveyed {
                kind: "author",
                collection: "authors".to_owned(),
                key: author.key,
                slug: author.slug,
                locale: None,
                title: author.name,
                addresses: Vec::new(),
                place: author.place,
            }),
            Item::Term(term) => {
                if let Some(id) = term.id {
                    self.term_ids.insert((term.taxonomy.clone(), id), term.key.clone());
                }
                self.things.push(Surveyed {
                    kind: "term",
                    collection: term.taxonomy,
                    key: term.key,
                    slug: term.slug,
                    locale: None,
                    title: term.name,
                    addresses: Vec::new(),
                    place: term.place,
                });
            }
            Item::Entry(entry) => self.entry(&entry),
            Item::Asset(asset) => self.asset(asset),
            Item::MenuItem(_) | Item::Redirect(_) | Item::Note(_) => {}
        }
        Ok(())
    }

    fn progress(&mut self, bytes: u64) {
        if let Some(progress) = self.progress {
            progress.reach(bytes);
        }
    }
}

/// The path of an address, without what follows it and without a slash at its end; `None` for another site.
pub(super) fn path_of(address: &str, base: Option<&str>) -> Option<String> {
    let rest =
        match base.and_then(|base| without_scheme(address)?.strip_prefix(without_scheme(base)?)) {
            Some(rest) if rest.is_empty() || rest.starts_with(['/', '?', '#']) => rest,
            _ if address.starts_with('/') && !address.starts_with("//") => address,
            _ => return None,
        };
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    let path = decode_percent(path);
    let path = path.trim_end_matches('/').trim_end_matches("/index.html");
    Some(if path.is_empty() { "/".to_owned() } else { path.to_owned() })
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
