//! An entry in a list.

use serde::Serialize;
use smartcms_domain::Timestamp;
use smartcms_domain::collections::CollectionDefinition;
use smartcms_domain::entries::Live;

use crate::dates::Date;
use crate::excerpt::excerpt;
use crate::head::PageImage;
use crate::site::{NavigationLink, SiteContext, title_of};
use crate::urls;

/// How many words people read in a minute.
const WORDS_PER_MINUTE: usize = 220;

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
    /// How long reading takes.
    pub reading_minutes: Option<u64>,
    /// The image it is shown with.
    pub image: Option<PageImage>,
    /// What it is about.
    pub terms: Vec<NavigationLink>,
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
            reading_minutes: reading_minutes(definition, live),
            image: None,
            terms: Vec::new(),
        }
    }

    /// An entry with all that it can have, and one with the least.
    pub(crate) fn samples() -> [Self; 2] {
        let full = Self {
            title: "A <b>bold</b> & quiet title".to_owned(),
            url: "/posts/a".to_owned(),
            date: Some(Date::sample(22)),
            excerpt: Some("The first words".to_owned()),
            reading_minutes: Some(4),
            image: Some(PageImage::sample(&SiteContext::sample())),
            terms: vec![NavigationLink::new("Soil & <b>bold</b>", "/tags/soil")],
        };
        let bare = Self {
            date: None,
            excerpt: None,
            reading_minutes: None,
            image: None,
            terms: Vec::new(),
            ..full.clone()
        };
        [full, bare]
    }
}

/// What `reading_minutes` says, when it is a count; else what the words of the body take.
pub(crate) fn reading_minutes(definition: &CollectionDefinition, live: &Live) -> Option<u64> {
    let said = live.fields.get("reading_minutes").and_then(serde_json::Value::as_u64);
    said.filter(|it| *it > 0).or_else(|| {
        let body = live.fields.text(definition.body.as_ref()?.as_str());
        let body = body.filter(|_| definition.listed)?;
        let words = body.split_ascii_whitespace().count();
        (words >= WORDS_PER_MINUTE / 2).then(|| words.div_ceil(WORDS_PER_MINUTE) as u64)
    })
}
