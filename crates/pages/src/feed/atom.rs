//! Atom (RFC 4287).

use std::fmt::Write;

use super::addresses::whole_addresses;
use super::{FeedChannel, FeedEntry, FeedFormat, newest_change, with_room};
use crate::site::SiteContext;
use crate::xml::Escaped;

pub(super) fn text(site: &SiteContext, channel: &FeedChannel, entries: &[FeedEntry]) -> String {
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    // Writing to a string cannot fail.
    let _ = writeln!(
        xml,
        "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{language}\">\n\
         <id>{page}</id>\n<title>{title}</title>\n<subtitle>{subtitle}</subtitle>\n\
         <updated>{updated}</updated>\n<author><name>{site_title}</name></author>\n\
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{own}\"/>\n\
         <link rel=\"alternate\" type=\"text/html\" href=\"{page}\"/>\n\
         <generator>SmartCMS</generator>",
        language = Escaped(&site.language),
        page = Escaped(&site.absolute(&channel.page)),
        own = Escaped(&site.absolute(&channel.address(FeedFormat::Atom))),
        title = Escaped(&channel.title),
        site_title = Escaped(&site.title),
        subtitle = Escaped(&site.description),
        updated = newest_change(entries),
    );
    for (entry, has_room) in with_room(entries) {
        write_entry(&mut xml, site, entry, has_room);
    }
    xml.push_str("</feed>\n");
    xml
}

fn write_entry(xml: &mut String, site: &SiteContext, entry: &FeedEntry, with_content: bool) {
    let url = site.absolute(&entry.url);
    let _ = writeln!(
        xml,
        "<entry>\n<id>urn:uuid:{id}</id>\n<title>{title}</title>\n\
         <link rel=\"alternate\" type=\"text/html\" href=\"{url}\"/>\n\
         <published>{published}</published>\n<updated>{updated}</updated>",
        id = entry.id,
        title = Escaped(&entry.title),
        url = Escaped(&url),
        published = entry.published_at,
        updated = entry.updated_at,
    );
    for author in &entry.authors {
        let _ = writeln!(xml, "<author><name>{}</name></author>", Escaped(author));
    }
    for tag in &entry.tags {
        let _ = writeln!(xml, "<category term=\"{}\"/>", Escaped(tag));
    }
    if let Some(excerpt) = &entry.excerpt {
        let _ = writeln!(xml, "<summary>{}</summary>", Escaped(excerpt));
    }
    if let Some(image) = &entry.image {
        let _ = writeln!(
            xml,
            "<link rel=\"enclosure\" type=\"{}\" href=\"{}\"/>",
            image.media_type,
            Escaped(&image.url)
        );
    }
    if with_content {
        // Links inside the content are relative to the page of the entry.
        let _ = writeln!(
            xml,
            "<content type=\"html\" xml:base=\"{}\">{}</content>",
            Escaped(&url),
            Escaped(&whole_addresses(&entry.content, &site.base_url))
        );
    }
    xml.push_str("</entry>\n");
}
