//! What the head of a page says of it.

use serde::Serialize;
use serde_json::Value;

use crate::site::{FeedLink, SiteContext};
use crate::urls;

/// The head of a page, in every template as `page`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PageContext {
    /// The title without the site's.
    pub title: String,
    /// A sentence for those who find the page elsewhere.
    pub description: Option<String>,
    /// The path that was asked for.
    pub path: String,
    /// The language of the page.
    pub language: String,
    /// How it is written: `ltr` or `rtl`.
    pub direction: &'static str,
    /// The one address of this page; `None` for pages that nobody should keep.
    pub canonical: Option<String>,
    /// What others show beside a link to the page.
    pub image: Option<PageImage>,
    /// The same page in other languages, and in its own; empty where there is one language.
    pub alternates: Vec<Alternate>,
    /// The page before this one in a list.
    pub previous: Option<String>,
    /// The page after this one in a list.
    pub next: Option<String>,
    /// The feeds of what the page shows.
    pub feeds: Vec<FeedLink>,
    /// What the page is about, as JSON-LD; null where there is nothing to say.
    pub linked_data: Value,
}

/// An image for cards and at the beginning of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PageImage {
    /// Its address: a path, or an address elsewhere.
    pub url: String,
    /// Its address with scheme and host.
    pub absolute_url: String,
    /// What it shows, for those who do not see it; may be empty.
    pub alt: String,
    /// Its width in pixels, where it is known.
    pub width: Option<u32>,
    /// Its height in pixels, where it is known.
    pub height: Option<u32>,
    /// The same image in other sizes, as `srcset` has them; may be empty.
    pub sources: String,
    /// The same in AVIF, for browsers that know it; empty until all of it was made.
    pub avif: String,
    /// What stands below it.
    pub caption: Option<String>,
}

/// The same page in a language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Alternate {
    /// A BCP 47 tag.
    pub language: String,
    /// What its speakers call it.
    pub label: String,
    /// The path there.
    pub url: String,
    /// The address with scheme and host.
    pub absolute_url: String,
    /// Whether it is the page itself.
    pub is_current: bool,
}

impl PageContext {
    /// A page that may be found and kept.
    pub fn new(site: &SiteContext, title: impl Into<String>, path: impl Into<String>) -> Self {
        let path = path.into();
        Self {
            title: title.into(),
            description: None,
            canonical: Some(site.absolute(&path)),
            path,
            language: site.language.clone(),
            direction: site.direction,
            image: None,
            alternates: Vec::new(),
            previous: None,
            next: None,
            feeds: FeedLink::of_list(urls::HOME),
            linked_data: Value::Null,
        }
    }

    /// The same page, which nobody should find or keep.
    #[must_use]
    pub fn hidden(self) -> Self {
        Self { canonical: None, ..self }
    }
}

impl PageImage {
    /// An image for samples.
    pub(crate) fn sample(site: &SiteContext) -> Self {
        let url = "/media/field.webp".to_owned();
        Self {
            absolute_url: site.absolute(&url),
            url,
            alt: "A field under \"snow\"".to_owned(),
            width: Some(1600),
            height: Some(900),
            sources: "/media/field.webp?w=800 800w, /media/field.webp?w=1600 1600w".to_owned(),
            avif: "/media/field.avif?w=800 800w, /media/field.avif?w=1600 1600w".to_owned(),
            caption: Some("Snow <b>bold</b> in May".to_owned()),
        }
    }
}

impl Alternate {
    /// Two languages for samples.
    pub(crate) fn samples(site: &SiteContext) -> Vec<Self> {
        let one = |language: &str, label: &str, url: &str, is_current| Self {
            language: language.to_owned(),
            label: label.to_owned(),
            url: url.to_owned(),
            absolute_url: site.absolute(url),
            is_current,
        };
        vec![one("en", "English", "/posts/a", true), one("de", "Deutsch", "/de/posts/a", false)]
    }
}
