//! The sitemap, as search engines read it: an index, and one list of addresses for each month of each collection.

use std::fmt::Write;

use smartcms_domain::Timestamp;

use crate::site::SiteContext;
use crate::urls;
use crate::xml::Escaped;

/// The most addresses of one sitemap, by the protocol of sitemaps.
pub const SITEMAP_URLS_MAX: usize = 50_000;

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";
const NAMESPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

/// A page in the sitemap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SitemapEntry {
    /// The path of the page.
    pub url: String,
    /// When it last changed.
    pub updated_at: Option<Timestamp>,
}

/// The index of these sitemaps, given by their paths; cut at [`SITEMAP_URLS_MAX`].
pub fn sitemap_index_xml(site: &SiteContext, paths: &[String]) -> String {
    let mut xml = format!("{DECLARATION}<sitemapindex xmlns=\"{NAMESPACE}\">\n");
    for path in paths.iter().take(SITEMAP_URLS_MAX) {
        // Writing to a string cannot fail.
        let _ = writeln!(xml, "<sitemap><loc>{}</loc></sitemap>", Escaped(&site.absolute(path)));
    }
    xml.push_str("</sitemapindex>\n");
    xml
}

/// The sitemap of these pages, cut at [`SITEMAP_URLS_MAX`].
pub fn sitemap_xml(site: &SiteContext, entries: &[SitemapEntry]) -> String {
    let mut xml = format!("{DECLARATION}<urlset xmlns=\"{NAMESPACE}\">\n");
    for entry in entries.iter().take(SITEMAP_URLS_MAX) {
        let _ = write!(xml, "<url><loc>{}</loc>", Escaped(&site.absolute(&entry.url)));
        if let Some(at) = entry.updated_at {
            let _ = write!(xml, "<lastmod>{at}</lastmod>");
        }
        xml.push_str("</url>\n");
    }
    xml.push_str("</urlset>\n");
    xml
}

/// The pages of the site that are no entries.
pub fn own_pages() -> Vec<SitemapEntry> {
    let page = |url: &str| SitemapEntry { url: url.to_owned(), updated_at: None };
    vec![page(urls::HOME), page(urls::ARCHIVE)]
}

#[cfg(test)]
mod tests {
    use super::{SITEMAP_URLS_MAX, SitemapEntry, sitemap_index_xml, sitemap_xml};
    use crate::SiteContext;

    #[test]
    fn a_sitemap_is_cut_at_the_limit_of_the_protocol() {
        let entry = SitemapEntry { url: "/a".to_owned(), updated_at: None };
        let xml = sitemap_xml(&SiteContext::sample(), &vec![entry; SITEMAP_URLS_MAX + 1]);
        assert_eq!(xml.matches("<url>").count(), SITEMAP_URLS_MAX);
    }

    #[test]
    fn an_index_names_whole_addresses() {
        let xml = sitemap_index_xml(&SiteContext::sample(), &["/sitemap/pages.xml".to_owned()]);
        assert!(xml.contains("<loc>https://site.example/sitemap/pages.xml</loc>"), "{xml}");
    }
}
