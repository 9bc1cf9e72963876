//! The page of an entry: `entry.html`.

use serde::Serialize;
use smartcms_domain::Timestamp;
use smartcms_domain::collections::CollectionDefinition;
use smartcms_domain::entries::Live;

use crate::body::readable;
use crate::dates::Date;
use crate::excerpt::{excerpt, written_excerpt};
use crate::head::{Alternate, PageContext, PageImage};
use crate::headings::Heading;
use crate::linked_data::{self, Article};
use crate::site::{NavigationLink, SiteContext, title_of};
use crate::summary::{EntrySummary, reading_minutes};
use crate::urls;

/// The most related entries of a page.
pub const RELATED_LEN_MAX: usize = 3;

/// The context of `entry.html`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EntryPage {
    /// The site.
    pub site: SiteContext,
    /// The page.
    pub page: PageContext,
    /// The entry.
    pub entry: EntryContent,
    /// What readers of this one may like too.
    pub related: Vec<EntrySummary>,
    /// The entry before this one.
    pub older: Option<NavigationLink>,
    /// The entry after this one.
    pub newer: Option<NavigationLink>,
}

/// An entry on its own page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EntryContent {
    /// Its title.
    pub title: String,
    /// The name of its collection.
    pub collection: String,
    /// The list of its collection, where it has one.
    pub list: Option<NavigationLink>,
    /// When it was first published; `None` in collections that are not listed by date.
    pub date: Option<Date>,
    /// When this state was published.
    pub changed: Date,
    /// The excerpt that the author wrote.
    pub lead: Option<String>,
    /// How long reading takes.
    pub reading_minutes: Option<u64>,
    /// Who wrote it.
    pub authors: Vec<NavigationLink>,
    /// What it is about.
    pub terms: Vec<NavigationLink>,
    /// The image at its beginning.
    pub image: Option<PageImage>,
    /// The table of contents; empty where it would not help.
    pub contents: Vec<Heading>,
    /// The body as HTML that is safe to show.
    pub body: String,
}

/// Where an entry's page is, and its language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryPlace {
    /// The path of the page.
    pub path: String,
    /// A BCP 47 tag.
    pub language: String,
    /// How the language is written: `ltr` or `rtl`.
    pub direction: &'static str,
}

/// What an entry's page shows beside the entry itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntrySurroundings {
    /// Who wrote it.
    pub authors: Vec<NavigationLink>,
    /// What it is about.
    pub terms: Vec<NavigationLink>,
    /// The image at its beginning.
    pub image: Option<PageImage>,
    /// The same image as others show it beside a link to the page.
    pub card: Option<PageImage>,
    /// The same entry in all its languages; empty where it has one.
    pub alternates: Vec<Alternate>,
    /// What readers of this one may like too; cut at [`RELATED_LEN_MAX`].
    pub related: Vec<EntrySummary>,
    /// The entry before this one.
    pub older: Option<NavigationLink>,
    /// The entry after this one.
    pub newer: Option<NavigationLink>,
}

impl EntryPage {
    /// The public state of an entry, with its rendered and sanitised body.
    pub fn new(
        site: SiteContext,
        definition: &CollectionDefinition,
        live: &Live,
        first_published_at: Option<Timestamp>,
        body: &str,
        (place, surroundings): (EntryPlace, EntrySurroundings),
    ) -> Self {
        let first = first_published_at.unwrap_or(live.published_at);
        let body = readable(body, surroundings.image.is_some());
        let list = urls::collection(definition).filter(|_| definition.listed);
        let entry = EntryContent {
            title: title_of(definition, live),
            collection: definition.name.to_string(),
            list: list.map(|url| NavigationLink::new(definition.label.clone(), url)),
            date: definition.listed.then(|| Date::new(first, &place.language)),
            changed: Date::new(live.published_at, &place.language),
            lead: written_excerpt(&live.fields),
            reading_minutes: reading_minutes(definition, live),
            authors: Vec::new(),
            terms: Vec::new(),
            image: None,
            contents: body.contents,
            body: body.html,
        };
        let description = excerpt(definition, &live.fields);
        Self::joined(site, entry, surroundings, description, place)
    }

    fn joined(
        site: SiteContext,
        mut entry: EntryContent,
        around: EntrySurroundings,
        description: Option<String>,
        place: EntryPlace,
    ) -> Self {
        entry.authors = around.authors;
        entry.terms = around.terms;
        entry.image = around.image;
        let mut page = PageContext::new(&site, entry.title.clone(), place.path);
        page.description = description;
        page.language = place.language;
        page.direction = place.direction;
        page.image = around.card;
        page.alternates = around.alternates;
        let above: Vec<NavigationLink> = entry.list.iter().cloned().collect();
        page.linked_data = linked_data::of_entry(
            &site,
            &Article {
                title: &entry.title,
                description: page.description.as_deref(),
                url: page.canonical.as_deref().unwrap_or_default(),
                published: entry.date.as_ref(),
                changed: &entry.changed,
                language: &page.language,
                image: page.image.as_ref().map(|it| it.absolute_url.as_str()),
                authors: &entry.authors,
                keywords: &entry.terms,
                above: &above,
            },
        );
        let mut related = around.related;
        related.truncate(RELATED_LEN_MAX);
        Self { site, page, entry, related, older: around.older, newer: around.newer }
    }

    /// What `entry.html` must be able to show.
    pub fn samples() -> Vec<Self> {
        let body = readable("<p>The <em>body</em></p><h2>One</h2><h3>Two</h3><h2>Three</h2>", true);
        let full = EntryContent {
            title: "A <b>bold</b> & quiet title".to_owned(),
            collection: "posts".to_owned(),
            list: Some(NavigationLink::new("Posts", "/posts")),
            date: Some(Date::sample(21)),
            changed: Date::sample(22),
            lead: Some("The first words".to_owned()),
            reading_minutes: Some(4),
            authors: Vec::new(),
            terms: Vec::new(),
            image: None,
            contents: body.contents,
            body: body.html,
        };
        let bare = EntryContent {
            list: None,
            date: None,
            lead: None,
            reading_minutes: None,
            contents: Vec::new(),
            body: "<p>The <em>body</em></p>".to_owned(),
            ..full.clone()
        };
        let site = SiteContext::full_sample();
        let around = EntrySurroundings::sample(&site);
        let description = full.lead.clone();
        let place = |language: &str, direction| EntryPlace {
            path: "/posts/a".to_owned(),
            language: language.to_owned(),
            direction,
        };
        vec![
            Self::joined(site, full, around, description, place("en", "ltr")),
            Self::joined(
                SiteContext::sample(),
                bare,
                EntrySurroundings::default(),
                None,
                place("ar", "rtl"),
            ),
        ]
    }
}

impl EntrySurroundings {
    fn sample(site: &SiteContext) -> Self {
        Self {
            authors: vec![NavigationLink::new("Ada & Co", "/authors/ada")],
            terms: vec![NavigationLink::new("Soil", "/tags/soil")],
            image: Some(PageImage::sample(site)),
            card: Some(PageImage::sample(site)),
            alternates: Alternate::samples(site),
            related: EntrySummary::samples().to_vec(),
            older: Some(NavigationLink::new("Before <this>", "/posts/before")),
            newer: Some(NavigationLink::new("After this", "/posts/after")),
        }
    }
}
