//! The list of the newest entries: `home.html`.

use serde::Serialize;
use serde_json::Value;
use smartcms_domain::Timestamp;
use smartcms_domain::collections::CollectionDefinition;
use smartcms_domain::entries::Live;

use crate::dates::Date;
use crate::excerpt::excerpt;
use crate::site::{PageContext, SiteContext, title_of};
use crate::{linked_data, urls};

/// The context of `home.html`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HomePage {
    /// The site.
    pub site: SiteContext,
    /// The page.
    pub page: PageContext,
    /// Whether this is the beginning of the list.
    pub is_first: bool,
    /// The entries, the first published last.
    pub entries: Vec<EntrySummary>,
    /// Where the list goes on; `None` at its end.
    pub older: Option<String>,
}

/// An entry in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EntrySummary {
    /// Its title.
    pub title: String,
    /// The path of its page.
    pub url: String,
    /// When it was first published.
    pub date: Option<Date>,
    /// A few words of it.
    pub excerpt: Option<String>,
    /// How long reading takes, where a plugin or author said so.
    pub reading_minutes: Option<u64>,
}

impl HomePage {
    /// The list from its beginning, or after a cursor; `older` is the cursor of the next part.
    pub fn new(
        site: SiteContext,
        entries: Vec<EntrySummary>,
        after: Option<&str>,
        older: Option<&str>,
    ) -> Self {
        let path = after.map_or_else(|| urls::HOME.to_owned(), urls::home_after);
        let page = PageContext {
            title: site.title.clone(),
            description: Some(site.description.clone()).filter(|it| !it.is_empty()),
            canonical: Some(site.absolute(&path)),
            linked_data: if after.is_none() { linked_data::of_site(&site) } else { Value::Null },
            path,
        };
        let older = older.map(urls::home_after);
        Self { site, page, is_first: after.is_none(), entries, older }
    }

    /// What `home.html` must be able to show.
    pub fn samples() -> Vec<Self> {
        let site = SiteContext::sample;
        let entry = EntrySummary {
            title: "A <b>bold</b> & quiet title".to_owned(),
            url: "/posts/a".to_owned(),
            date: Some(Date {
                machine: "2026-11-22T10:00:00Z".to_owned(),
                human: "22 November 2026".to_owned(),
            }),
            excerpt: Some("The first words".to_owned()),
            reading_minutes: Some(4),
        };
        let bare =
            EntrySummary { date: None, excerpt: None, reading_minutes: None, ..entry.clone() };
        vec![
            Self::new(site(), Vec::new(), None, None),
            Self::new(site(), vec![entry.clone(), bare], None, Some("p01")),
            Self::new(site(), vec![entry], Some("p01"), None),
        ]
    }
}

impl EntrySummary {
    /// The public state of an entry in a list of a site of this language.
    pub fn new(
        definition: &CollectionDefinition,
        live: &Live,
        first_published_at: Option<Timestamp>,
        language: &str,
    ) -> Self {
        Self {
            title: title_of(definition, live),
            url: urls::entry(definition, &live.slug),
            date: Some(Date::new(first_published_at.unwrap_or(live.published_at), language)),
            excerpt: excerpt(definition, &live.fields),
            reading_minutes: reading_minutes(live),
        }
    }
}

/// What `reading_minutes` says, when it is a count.
pub(crate) fn reading_minutes(live: &Live) -> Option<u64> {
    live.fields.get("reading_minutes")?.as_u64().filter(|it| *it > 0)
}
