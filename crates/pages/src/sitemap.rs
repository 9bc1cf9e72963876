//! The sitemap, as search engines read it.

use std::fmt::Write;

use smartcms_domain::Timestamp;

use crate::site::SiteContext;
use crate::urls;
use crate::xml::Escaped;

/// The most addresses of one sitemap, by the protocol of sitemaps.
pub const SITEMAP_URLS_MAX: usize = 50_000;

/// A page in the sitemap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SitemapEntry {
    /// The path of the page.
    pub url: String,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// The sitemap of the home page and these pages, cut at [`SITEMAP_URLS_MAX`].
pub fn sitemap_xml(site: &SiteContext, entries: &[SitemapEntry]) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    // Writing to a string cannot fail.
    let _ = writeln!(xml, "<url><loc>{}</loc></url>", Escaped(&site.absolute(urls::HOME)));
    for entry in entries.iter().take(SITEMAP_URLS_MAX - 1) {
        let _ = writeln!(
            xml,
            "<url><loc>{}</loc><lastmod>{}</lastmod></url>",
            Escaped(&site.absolute(&entry.url)),
            entry.updated_at
        );
    }
    xml.push_str("</urlset>\n");
    xml
}
