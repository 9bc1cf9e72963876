//! The addresses of the site's own pages, each a value.

use smartcms_domain::collections::{CollectionDefinition, CollectionName};
use smartcms_domain::entries::Slug;
use smartcms_domain::locales::{Locale, Locales};

use crate::feed::FeedFormat;

/// The list of the newest entries.
pub const HOME: &str = "/";
/// The Atom feed.
pub const FEED: &str = "/feed.xml";
/// All entries by date.
pub const ARCHIVE: &str = "/archive";
/// The search.
pub const SEARCH: &str = "/search";
/// The page on which readers ask.
pub const ASK: &str = "/ask";
/// Where its script gets an answer as it is written.
pub const ASK_STREAM: &str = "/api/v1/ask";
/// The query parameter of the search.
pub const QUERY: &str = "q";
/// The query parameter that counts the pages of what was found, from 1.
pub const PAGE: &str = "page";
/// The description of the search for browsers.
pub const OPENSEARCH: &str = "/opensearch.xml";
/// The index of the sitemaps.
pub const SITEMAP: &str = "/sitemap.xml";
/// Where the sitemaps are.
pub const SITEMAP_PREFIX: &str = "/sitemap/";
/// The sitemap of the pages that are no entries.
pub const SITEMAP_OF_PAGES: &str = "/sitemap/site.xml";
/// What robots are told.
pub const ROBOTS: &str = "/robots.txt";
/// The query parameter of [`after`].
pub const AFTER: &str = "after";
/// The query parameter that names the content of a theme's file.
pub const VERSION: &str = "v";
/// Where files of the theme are.
pub const THEME_PREFIX: &str = "/theme/";

/// A list after a place. The cursor has only characters that need no escaping in an address.
pub fn after(list: &str, cursor: &str) -> String {
    format!("{list}?{AFTER}={cursor}")
}

/// The feed of the list at a path.
pub fn feed(list: &str, format: FeedFormat) -> String {
    format!("{}/{}", list.trim_end_matches('/'), format.file_name())
}

/// The list and the form that the address of a feed names.
pub fn feed_of(path: &str) -> Option<(&str, FeedFormat)> {
    let (list, name) = path.rsplit_once('/')?;
    let format = FeedFormat::ALL.into_iter().find(|it| it.file_name() == name)?;
    Some((if list.is_empty() { HOME } else { list }, format))
}

/// The entries of a month.
pub fn archive_of(year: i16, month: u8) -> String {
    format!("{ARCHIVE}/{year:04}/{month:02}")
}

/// The entries of a year.
pub fn archive_of_year(year: i16) -> String {
    format!("{ARCHIVE}/{year:04}")
}

/// The sitemap of a collection's entries that were first published in a month.
pub fn sitemap_of(collection: &CollectionName, year: i16, month: u8) -> String {
    format!("{SITEMAP_PREFIX}{collection}-{year:04}-{month:02}.xml")
}

/// The list of a collection: where its entries are, without their slugs. `None` for those at the root of the site.
pub fn collection(definition: &CollectionDefinition) -> Option<String> {
    let pattern = definition.url.as_ref()?.to_string();
    let list = pattern.strip_suffix("/{slug}").unwrap_or_default();
    (!list.is_empty()).then(|| list.to_owned())
}

/// The search in a language of the site: `/search`, or below the language's tag.
pub fn search_in(locales: &Locales, locale: &Locale) -> String {
    if locale == locales.default() { SEARCH.to_owned() } else { format!("/{locale}{SEARCH}") }
}

/// The page on which readers ask in a language of the site: `/ask`, or below the language's tag.
pub fn ask_in(locales: &Locales, locale: &Locale) -> String {
    if locale == locales.default() { ASK.to_owned() } else { format!("/{locale}{ASK}") }
}

/// One page of the search at a path for these words; the form alone without words.
pub fn search(path: &str, query: &str, page: u32) -> String {
    if query.is_empty() {
        return path.to_owned();
    }
    let mut url = format!("{path}?{QUERY}=");
    for byte in query.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                url.push(char::from(byte));
            }
            b' ' => url.push('+'),
            _ => url.push_str(&format!("%{byte:02X}")),
        }
    }
    if page > 1 {
        url.push_str(&format!("&{PAGE}={page}"));
    }
    url
}

/// The page of an entry.
pub fn entry(definition: &CollectionDefinition, slug: &Slug) -> String {
    definition.url.as_ref().map(|it| it.path(slug)).unwrap_or_default()
}

/// A file of the theme, by its content: the address changes when the file does.
pub fn theme_file(name: &str, version: &str) -> String {
    format!("{THEME_PREFIX}{name}?{VERSION}={version}")
}

/// An address with scheme and host.
pub fn absolute(base_url: &str, path: &str) -> String {
    format!("{}{path}", base_url.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::{collection, feed, feed_of, search};
    use crate::feed::FeedFormat;
    use smartcms_testkit::builders::{pages, posts};

    #[test]
    fn the_address_of_a_feed_is_read_back() {
        for list in ["/", "/posts", "/tags/soil"] {
            for format in FeedFormat::ALL {
                assert_eq!(feed_of(&feed(list, format)), Some((list, format)));
            }
        }
        assert_eq!(feed_of("/posts/feed"), None);
    }

    #[test]
    fn a_collection_at_the_root_has_no_list_of_its_own() {
        assert_eq!(collection(&posts()).as_deref(), Some("/posts"));
        assert_eq!(collection(&pages()), None);
    }

    #[test]
    fn a_search_can_be_for_anything() {
        assert_eq!(search("/search", "a b&c=ü", 1), "/search?q=a+b%26c%3D%C3%BC");
        assert_eq!(search("/de/search", "a", 2), "/de/search?q=a&page=2");
        assert_eq!(search("/search", "", 3), "/search");
    }
}
