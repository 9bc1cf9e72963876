//! The addresses of the site's own pages, each a value.

use smartcms_domain::collections::CollectionDefinition;
use smartcms_domain::entries::Slug;

/// The list of the newest entries.
pub const HOME: &str = "/";
/// The Atom feed.
pub const FEED: &str = "/feed.xml";
/// The sitemap.
pub const SITEMAP: &str = "/sitemap.xml";
/// What robots are told.
pub const ROBOTS: &str = "/robots.txt";
/// The query parameter of [`home_after`].
pub const AFTER: &str = "after";
/// The query parameter that names the content of a theme's file.
pub const VERSION: &str = "v";
/// Where files of the theme are.
pub const THEME_PREFIX: &str = "/theme/";

/// The list of entries after a place. The cursor has only characters that need no escaping in an address.
pub fn home_after(cursor: &str) -> String {
    format!("{HOME}?{AFTER}={cursor}")
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
