//! Feeds: the same entries as Atom (RFC 4287), RSS 2.0 and JSON Feed 1.1.

mod addresses;
mod atom;
mod json;
mod rss;

use smartcms_domain::Timestamp;
use smartcms_domain::entries::EntryId;

use crate::site::SiteContext;
use crate::urls;

/// How much content one feed carries, in bytes of HTML. Entries past it come with their excerpt alone.
pub const FEED_CONTENT_BYTES_MAX: usize = 512 * 1024;

/// The form of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedFormat {
    /// RFC 4287.
    Atom,
    /// RSS 2.0, with `content:encoded`.
    Rss,
    /// JSON Feed 1.1.
    Json,
}

/// What a feed is of: the whole site, or one list of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedChannel {
    /// What it is called; the site's title alone for the feed of the whole site.
    pub title: String,
    /// The path of the page that lists the same entries.
    pub page: String,
}

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
    /// Who wrote it.
    pub authors: Vec<String>,
    /// What it is about.
    pub tags: Vec<String>,
    /// The image it is shown with.
    pub image: Option<FeedImage>,
    /// The body as HTML that is safe to show.
    pub content: String,
}

/// The image of an entry in a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedImage {
    /// Its address with scheme and host.
    pub url: String,
    /// Its media type.
    pub media_type: &'static str,
}

impl FeedFormat {
    /// Every form.
    pub const ALL: [Self; 3] = [Self::Atom, Self::Rss, Self::Json];

    /// The last part of its address.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Atom => "feed.xml",
            Self::Rss => "rss.xml",
            Self::Json => "feed.json",
        }
    }

    /// Its media type, without a charset.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Atom => "application/atom+xml",
            Self::Rss => "application/rss+xml",
            Self::Json => "application/feed+json",
        }
    }

    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Atom => "Atom",
            Self::Rss => "RSS",
            Self::Json => "JSON Feed",
        }
    }
}

impl FeedChannel {
    /// The whole site.
    pub fn of_site(site: &SiteContext) -> Self {
        Self { title: site.title.clone(), page: urls::HOME.to_owned() }
    }

    /// A list of the site: a collection, a tag, an author.
    pub fn of_list(site: &SiteContext, label: &str, page: &str) -> Self {
        Self { title: format!("{label} – {}", site.title), page: page.to_owned() }
    }

    fn address(&self, format: FeedFormat) -> String {
        urls::feed(&self.page, format)
    }
}

/// The feed of these entries. Without entries it has changed at the epoch: nothing did since.
pub fn feed_text(
    site: &SiteContext,
    channel: &FeedChannel,
    format: FeedFormat,
    entries: &[FeedEntry],
) -> String {
    match format {
        FeedFormat::Atom => atom::text(site, channel, entries),
        FeedFormat::Rss => rss::text(site, channel, entries),
        FeedFormat::Json => json::text(site, channel, entries),
    }
}

/// The entries, each with whether its content still has room.
fn with_room(entries: &[FeedEntry]) -> impl Iterator<Item = (&FeedEntry, bool)> {
    entries.iter().scan(0, |len, entry| {
        *len += entry.content.len();
        Some((entry, *len <= FEED_CONTENT_BYTES_MAX))
    })
}

fn newest_change(entries: &[FeedEntry]) -> Timestamp {
    entries.iter().map(|it| it.updated_at).max().unwrap_or(Timestamp::EPOCH)
}

#[cfg(test)]
mod tests {
    use super::{FEED_CONTENT_BYTES_MAX, FeedChannel, FeedEntry, FeedFormat, FeedImage, feed_text};
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
            authors: vec!["Ada".to_owned()],
            tags: vec!["soil".to_owned()],
            image: None,
            content: content.to_owned(),
        }
    }

    fn text(format: FeedFormat, entries: &[FeedEntry]) -> String {
        let site = SiteContext::sample();
        feed_text(&site, &FeedChannel::of_site(&site), format, entries)
    }

    #[test]
    fn an_atom_feed_escapes_what_it_carries_and_names_whole_addresses() {
        insta::assert_snapshot!(text(FeedFormat::Atom, &[entry(7, "<p>Hi</p>")]), @r#"
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
        <author><name>Ada</name></author>
        <category term="soil"/>
        <summary>x &lt; y</summary>
        <content type="html" xml:base="https://site.example/posts/a">&lt;p&gt;Hi&lt;/p&gt;</content>
        </entry>
        </feed>
        "#);
    }

    #[test]
    fn an_rss_feed_has_dates_of_its_own_kind() {
        insta::assert_snapshot!(text(FeedFormat::Rss, &[entry(7, "<p>Hi</p>")]), @r#"
        <?xml version="1.0" encoding="utf-8"?>
        <rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
        <channel>
        <title>Field notes</title>
        <link>https://site.example/</link>
        <description>Notes on &lt;soil&gt; &amp; weather</description>
        <language>en</language>
        <lastBuildDate>Thu, 01 Jan 1970 00:00:01 GMT</lastBuildDate>
        <generator>SmartCMS</generator>
        <atom:link rel="self" type="application/rss+xml" href="https://site.example/rss.xml"/>
        <item>
        <title>A &amp; &lt;b&gt;</title>
        <link>https://site.example/posts/a</link>
        <guid isPermaLink="false">urn:uuid:01900000-0000-7000-8000-000000000007</guid>
        <pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate>
        <dc:creator>Ada</dc:creator>
        <category>soil</category>
        <description>x &lt; y</description>
        <content:encoded>&lt;p&gt;Hi&lt;/p&gt;</content:encoded>
        </item>
        </channel>
        </rss>
        "#);
    }

    #[test]
    fn a_json_feed_is_json() {
        let text = text(FeedFormat::Json, &[entry(7, "<p>Hi</p>")]);
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(json["version"], "https://jsonfeed.org/version/1.1");
        assert_eq!(json["feed_url"], "https://site.example/feed.json");
        let item = &json["items"][0];
        assert_eq!(item["id"], "urn:uuid:01900000-0000-7000-8000-000000000007");
        assert_eq!(item["url"], "https://site.example/posts/a");
        assert_eq!(item["content_html"], "<p>Hi</p>");
        assert_eq!(item["authors"][0]["name"], "Ada");
        assert_eq!(item["tags"][0], "soil");
    }

    #[test]
    fn an_image_comes_along_and_what_a_text_refers_to_is_found_from_elsewhere() {
        let image = Some(FeedImage {
            url: "https://site.example/media/a/w9/f.jpg?sig=x".to_owned(),
            media_type: "image/jpeg",
        });
        let content = "<a href=\"/a\">x</a><img src=\"/b\" srcset=\"/c 1w, /d 2w\"> \
            <a href=\"//e\">y</a><code>src=\"/f\"</code>";
        let entry = FeedEntry { image, ..entry(1, content) };
        let absolute = "<a href=\"https://site.example/a\">x</a>\
            <img src=\"https://site.example/b\" srcset=\"https://site.example/c 1w, \
            https://site.example/d 2w\"> <a href=\"//e\">y</a><code>src=\"/f\"</code>";
        let json: serde_json::Value =
            serde_json::from_str(&text(FeedFormat::Json, std::slice::from_ref(&entry))).unwrap();
        let item = &json["items"][0];
        assert_eq!(item["image"], "https://site.example/media/a/w9/f.jpg?sig=x");
        assert_eq!(item["content_html"], absolute);
        let rss = text(FeedFormat::Rss, std::slice::from_ref(&entry));
        let enclosure = "<enclosure url=\"https://site.example/media/a/w9/f.jpg?sig=x\" \
            length=\"0\" type=\"image/jpeg\"/>";
        assert!(rss.contains(enclosure), "{rss}");
        assert!(rss.contains("&lt;img src=&quot;https://site.example/b&quot;"), "{rss}");
        let atom = text(FeedFormat::Atom, &[entry]);
        let link = "<link rel=\"enclosure\" type=\"image/jpeg\" \
            href=\"https://site.example/media/a/w9/f.jpg?sig=x\"/>";
        assert!(atom.contains(link), "{atom}");
    }

    #[test]
    fn past_its_limit_a_feed_carries_excerpts_alone() {
        let long = "x".repeat(FEED_CONTENT_BYTES_MAX);
        let entries = [entry(1, &long), entry(2, "y")];
        for (format, content, excerpt) in [
            (FeedFormat::Atom, "<content", "<summary>"),
            (FeedFormat::Rss, "<content:encoded>", "<description>x"),
            (FeedFormat::Json, "\"content_html\"", "\"summary\""),
        ] {
            let text = text(format, &entries);
            assert_eq!(text.matches(content).count(), 1, "{format:?}");
            assert_eq!(text.matches(excerpt).count(), 2, "{format:?}");
        }
    }

    #[test]
    fn the_feed_of_a_list_stands_below_it() {
        let site = SiteContext::sample();
        let channel = FeedChannel::of_list(&site, "Soil", "/tags/soil");
        let text = feed_text(&site, &channel, FeedFormat::Atom, &[]);
        assert!(text.contains("<id>https://site.example/tags/soil</id>"), "{text}");
        assert!(text.contains("href=\"https://site.example/tags/soil/feed.xml\""), "{text}");
        assert!(text.contains("<title>Soil – Field notes</title>"), "{text}");
    }
}
