//! The Atom feed (RFC 4287).

use std::fmt::Write;

use smartcms_domain::Timestamp;
use smartcms_domain::entries::EntryId;

use crate::site::SiteContext;
use crate::urls;
use crate::xml::Escaped;

/// How much content one feed carries, in bytes of HTML. Entries past it come with their excerpt alone.
pub const FEED_CONTENT_BYTES_MAX: usize = 512 * 1024;

/// An entry of the feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedEntry {
    /// Names the entry for ever, also when its address changes.
    pub id: EntryId,
    /// The title.
    pub title: String,
    /// The path of the page.
    pub url: String,
    /// When the entry was first published.
    pub published_at: Timestamp,
    /// When this state was published.
    pub updated_at: Timestamp,
    /// A few words of it.
    pub excerpt: Option<String>,
    /// The body as HTML that is safe to show.
    pub content: String,
}

/// The feed of these entries. Without entries it has changed at the epoch: nothing did since.
pub fn feed_xml(site: &SiteContext, entries: &[FeedEntry]) -> String {
    let updated = entries.iter().map(|it| it.updated_at).max();
    let updated = updated.map_or_else(|| "1970-01-01T00:00:00Z".to_owned(), |it| it.to_string());
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    // Writing to a string cannot fail.
    let _ = writeln!(
        xml,
        "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{language}\">\n\
         <id>{home}</id>\n<title>{title}</title>\n<subtitle>{subtitle}</subtitle>\n\
         <updated>{updated}</updated>\n<author><name>{title}</name></author>\n\
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{own}\"/>\n\
         <link rel=\"alternate\" type=\"text/html\" href=\"{home}\"/>\n\
         <generator>SmartCMS</generator>",
        language = Escaped(&site.language),
        home = Escaped(&site.absolute(urls::HOME)),
        own = Escaped(&site.absolute(urls::FEED)),
        title = Escaped(&site.title),
        subtitle = Escaped(&site.description),
    );
    let mut content_len = 0;
    for entry in entries {
        content_len += entry.content.len();
        write_entry(&mut xml, site, entry, content_len <= FEED_CONTENT_BYTES_MAX);
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
    if let Some(excerpt) = &entry.excerpt {
        let _ = writeln!(xml, "<summary>{}</summary>", Escaped(excerpt));
    }
    if with_content {
        // Links inside the content are relative to the page of the entry.
        let _ = writeln!(
            xml,
            "<content type=\"html\" xml:base=\"{}\">{}</content>",
            Escaped(&url),
            Escaped(&entry.content)
        );
    }
    xml.push_str("</entry>\n");
}

#[cfg(test)]
mod tests {
    use super::{FEED_CONTENT_BYTES_MAX, FeedEntry, feed_xml};
    use crate::SiteContext;
    use smartcms_testkit::builders::{at, entry_id};

    fn entry(number: u128, content: &str) -> FeedEntry {
        FeedEntry {
            id: entry_id(number),
            title: "A & <b>".to_owned(),
            url: "/posts/a".to_owned(),
            published_at: at(0),
            updated_at: at(1_000),
            excerpt: Some("x < y".to_owned()),
            content: content.to_owned(),
        }
    }

    #[test]
    fn a_feed_escapes_what_it_carries_and_names_whole_addresses() {
        insta::assert_snapshot!(feed_xml(&SiteContext::sample(), &[entry(7, "<p>Hi</p>")]), @r#"
        <?xml version="1.0" encoding="utf-8"?>
        <feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
        <id>https://site.example/</id>
        <title>Field notes</title>
        <subtitle>Notes on &lt;soil&gt; &amp; weather</subtitle>
        <updated>1970-01-01T00:00:01Z</updated>
        <author><name>Field notes</name></author>
        <link rel="self" type="application/atom+xml" href="https://site.example/feed.xml"/>
        <link rel="alternate" type="text/html" href="https://site.example/"/>
        <generator>SmartCMS</generator>
        <entry>
        <id>urn:uuid:01900000-0000-7000-8000-000000000007</id>
        <title>A &amp; &lt;b&gt;</title>
        <link rel="alternate" type="text/html" href="https://site.example/posts/a"/>
        <published>1970-01-01T00:00:00Z</published>
        <updated>1970-01-01T00:00:01Z</updated>
        <summary>x &lt; y</summary>
        <content type="html" xml:base="https://site.example/posts/a">&lt;p&gt;Hi&lt;/p&gt;</content>
        </entry>
        </feed>
        "#);
    }

    #[test]
    fn past_its_limit_a_feed_carries_excerpts_alone() {
        let long = "x".repeat(FEED_CONTENT_BYTES_MAX);
        let xml = feed_xml(&SiteContext::sample(), &[entry(1, &long), entry(2, "y")]);
        assert_eq!(xml.matches("<content").count(), 1);
        assert_eq!(xml.matches("<summary").count(), 2);
    }
}
