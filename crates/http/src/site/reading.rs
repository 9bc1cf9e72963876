//! What pages read of the content, always as a reader without credentials.

use std::sync::Arc;

use smartcms_app::entries::{ContentError, ListEntries, list_entries};
use smartcms_app::ports::{Cursor, Listing};
use smartcms_app::{App, OpContext};
use smartcms_domain::Timestamp;
use smartcms_domain::actors::Actor;
use smartcms_domain::collections::CollectionDefinition;
use smartcms_domain::entries::{Entry, Live};
use smartcms_pages::{NavigationLink, SiteContext};

use super::answer::PageError;
use crate::page_cache::Tag;

/// The collection whose public entries are the site's navigation.
const NAVIGATION_COLLECTION: &str = "pages";
/// How many of them are read.
const NAVIGATION_LEN_MAX: u32 = 12;

/// A public entry with what it needs to be shown.
pub(super) struct PublicEntry {
    pub(super) definition: Arc<CollectionDefinition>,
    pub(super) entry: Entry,
    pub(super) live: Live,
}

/// Public entries of every listed collection together.
pub(super) struct Newest {
    pub(super) entries: Vec<PublicEntry>,
    /// Where the list goes on.
    pub(super) next: Option<Cursor>,
}

impl PublicEntry {
    /// An entry that is public, of a collection that is there.
    pub(super) fn new(app: &App, mut entry: Entry) -> Option<Self> {
        let definition = app.collections.get(&entry.collection)?;
        let live = entry.live.take()?;
        Some(Self { definition, entry, live })
    }

    /// The date of the entry, which lists sort by.
    pub(super) fn published_at(&self) -> Timestamp {
        self.entry.first_published_at.unwrap_or(self.live.published_at)
    }

    fn place(&self) -> Cursor {
        Cursor::at(self.published_at(), self.entry.id)
    }
}

/// Everything is read as a reader without credentials would.
pub(super) fn reader(app: &App) -> OpContext<'_> {
    OpContext::new(app, &Actor::Anonymous)
}

/// What every page shows: the site and its navigation, the oldest page first.
pub(super) async fn site_context(app: &App) -> Result<SiteContext, PageError> {
    let Some(definition) = app.collections.find(NAVIGATION_COLLECTION) else {
        return Ok(SiteContext::new(&app.site, Vec::new()));
    };
    let page = published(app, &definition, NAVIGATION_LEN_MAX, None).await?;
    let lives = page.iter().rev().map(|it| &it.live);
    let links = lives.map(|live| NavigationLink::to_entry(&definition, live));
    Ok(SiteContext::new(&app.site, links.collect()))
}

/// The tags of [`site_context`].
pub(super) fn site_tags(app: &App) -> Vec<Tag> {
    let navigation = app.collections.find(NAVIGATION_COLLECTION);
    navigation.map(|it| Tag::Collection(it.name.clone())).into_iter().collect()
}

/// The collections that show on the home page and in the feed.
pub(super) fn listed(app: &App) -> Vec<Arc<CollectionDefinition>> {
    app.collections.all().iter().filter(|it| it.listed).cloned().collect()
}

/// Public entries of the listed collections after a place, the first published last.
pub(super) async fn newest(
    app: &App,
    limit: u32,
    after: Option<Cursor>,
) -> Result<Newest, ContentError> {
    let mut entries = Vec::new();
    for definition in listed(app) {
        // One more than asked for: it tells whether the list goes on.
        entries.extend(published(app, &definition, limit + 1, after.clone()).await?);
    }
    entries.sort_by_key(|it| {
        let place = it.place();
        std::cmp::Reverse((place.time(), place.id))
    });
    let more = entries.len() > limit as usize;
    entries.truncate(limit as usize);
    let next = entries.last().filter(|_| more).map(PublicEntry::place);
    Ok(Newest { entries, next })
}

/// Public entries of one collection.
pub(super) async fn published(
    app: &App,
    definition: &CollectionDefinition,
    limit: u32,
    after: Option<Cursor>,
) -> Result<Vec<PublicEntry>, ContentError> {
    let collection = definition.name.to_string();
    let locale = Some(app.site.locales.default().clone());
    let first = ListEntries::first(collection, Listing::Published, limit);
    let query = ListEntries { locale, after, ..first };
    let page = list_entries(&reader(app), query).await?.page;
    Ok(page.entries.into_iter().filter_map(|it| PublicEntry::new(app, it)).collect())
}
