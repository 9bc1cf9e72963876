//! The page of an entry: `entry.html`.

use serde::Serialize;
use smartcms_domain::Timestamp;
use smartcms_domain::collections::CollectionDefinition;
use smartcms_domain::entries::Live;

use crate::dates::Date;
use crate::excerpt::{excerpt, written_excerpt};
use crate::home::reading_minutes;
use crate::linked_data::{self, Article};
use crate::site::{PageContext, SiteContext, title_of};
use crate::urls;

/// The context of `entry.html`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EntryPage {
    /// The site.
    pub site: SiteContext,
    /// The page.
    pub page: PageContext,
    /// The entry.
    pub entry: EntryContent,
}

/// An entry on its own page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EntryContent {
    /// Its title.
    pub title: String,
    /// The name of its collection.
    pub collection: String,
    /// When it was first published; `None` in collections that are not listed by date.
    pub date: Option<Date>,
    /// When this state was published.
    pub changed: Date,
    /// The excerpt that the author wrote.
    pub lead: Option<String>,
    /// How long reading takes, where a plugin or author said so.
    pub reading_minutes: Option<u64>,
    /// The body as HTML that is safe to show.
    pub body: String,
}

impl EntryPage {
    /// The public state of an entry, with its rendered and sanitised body.
    pub fn new(
        site: SiteContext,
        definition: &CollectionDefinition,
        live: &Live,
        first_published_at: Option<Timestamp>,
        body: &str,
    ) -> Self {
        let first = first_published_at.unwrap_or(live.published_at);
        let entry = EntryContent {
            title: title_of(definition, live),
            collection: definition.name.to_string(),
            date: definition.listed.then(|| Date::new(first, &site.language)),
            changed: Date::new(live.published_at, &site.language),
            lead: written_excerpt(&live.fields),
            reading_minutes: reading_minutes(live),
            body: accessible(body),
        };
        let path = urls::entry(definition, &live.slug);
        let url = site.absolute(&path);
        let description = excerpt(definition, &live.fields);
        let article = Article {
            title: &entry.title,
            description: description.as_deref(),
            url: &url,
            published: entry.date.as_ref(),
            changed: &entry.changed,
        };
        let linked_data = linked_data::of_entry(&site, &article);
        let title = entry.title.clone();
        let page = PageContext { title, description, path, canonical: Some(url), linked_data };
        Self { site, page, entry }
    }

    /// What `entry.html` must be able to show.
    pub fn samples() -> Vec<Self> {
        let date = |day: u8| Date {
            machine: format!("2026-11-{day}T10:00:00Z"),
            human: format!("{day} November 2026"),
        };
        let entry = EntryContent {
            title: "A <b>bold</b> & quiet title".to_owned(),
            collection: "posts".to_owned(),
            date: Some(date(21)),
            changed: date(22),
            lead: Some("The first words".to_owned()),
            reading_minutes: Some(4),
            body: "<p>The <em>body</em></p>".to_owned(),
        };
        let bare = EntryContent { date: None, lead: None, reading_minutes: None, ..entry.clone() };
        let page = |entry: EntryContent| {
            let site = SiteContext::sample();
            let url = site.absolute("/posts/a");
            let article = Article {
                title: &entry.title,
                description: None,
                url: &url,
                published: entry.date.as_ref(),
                changed: &entry.changed,
            };
            let linked_data = linked_data::of_entry(&site, &article);
            let title = entry.title.clone();
            let description = entry.lead.clone();
            let path = "/posts/a".to_owned();
            let page = PageContext { title, description, path, canonical: Some(url), linked_data };
            Self { site, page, entry }
        };
        vec![page(entry), page(bare)]
    }
}

/// Markdown's own HTML, for everyone: code that is wider than the screen can be scrolled by those who use no mouse,
/// and the boxes of task lists say what they mean to those who do not see them.
fn accessible(html: &str) -> String {
    html.replace("<pre>", "<pre tabindex=\"0\">")
        .replace(
            "<input type=\"checkbox\" checked",
            "<input type=\"checkbox\" aria-label=\"Done\" checked",
        )
        .replace(
            "<input type=\"checkbox\" disabled",
            "<input type=\"checkbox\" aria-label=\"Not done\" disabled",
        )
}
