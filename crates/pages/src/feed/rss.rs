//! RSS 2.0, for readers that know nothing newer.

use std::fmt::Write;

use super::addresses::whole_addresses;
use super::{FeedChannel, FeedEntry, FeedFormat, newest_change, with_room};
use crate::dates::rfc_822;
use crate::site::SiteContext;
use crate::xml::Escaped;

pub(super) fn text(site: &SiteContext, channel: &FeedChannel, entries: &[FeedEntry]) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\" \
         xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n<channel>\n",
    );
    // A channel has to have a description; writing to a string cannot fail.
    let description = if site.description.is_empty() { &channel.title } else { &site.description };
    let _ = writeln!(
        xml,
        "<title>{title}</title>\n<link>{page}</link>\n<description>{description}</description>\n\
         <language>{language}</language>\n<lastBuildDate>{updated}</lastBuildDate>\n\
         <generator>SmartCMS</generator>\n\
         <atom:link rel=\"self\" type=\"application/rss+xml\" href=\"{own}\"/>",
        title = Escaped(&channel.title),
        page = Escaped(&site.absolute(&channel.page)),
        description = Escaped(description),
        language = Escaped(&site.language),
        updated = rfc_822(newest_change(entries)),
        own = Escaped(&site.absolute(&channel.address(FeedFormat::Rss))),
    );
    for (entry, has_room) in with_room(entries) {
        write_item(&mut xml, site, entry, has_room);
    }
    xml.push_str("</channel>\n</rss>\n");
    xml
}

fn write_item(xml: &mut String, site: &SiteContext, entry: &FeedEntry, with_content: bool) {
    let _ = writeln!(
        xml,
        "<item>\n<title>{title}</title>\n<link>{url}</link>\n\
         <guid isPermaLink=\"false\">urn:uuid:{id}</guid>\n<pubDate>{published}</pubDate>",
        title = Escaped(&entry.title),
        url = Escaped(&site.absolute(&entry.url)),
        id = entry.id,
        published = rfc_822(entry.published_at),
    );
    for author in &entry.authors {
        let _ = writeln!(xml, "<dc:creator>{}</dc:creator>", Escaped(author));
    }
    for tag in &entry.tags {
        let _ = writeln!(xml, "<category>{}</category>", Escaped(tag));
    }
    if let Some(excerpt) = &entry.excerpt {
        let _ = writeln!(xml, "<description>{}</description>", Escaped(excerpt));
    }
    if let Some(image) = &entry.image {
        // How long a picture is that was not made yet, nobody knows: 0 stands for that.
        let _ = writeln!(
            xml,
            "<enclosure url=\"{}\" length=\"0\" type=\"{}\"/>",
            Escaped(&image.url),
            image.media_type
        );
    }
    if with_content {
        let content = whole_addresses(&entry.content, &site.base_url);
        let _ = writeln!(xml, "<content:encoded>{}</content:encoded>", Escaped(&content));
    }
    xml.push_str("</item>\n");
}
