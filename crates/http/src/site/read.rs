//! What pages read of the content, always as a reader without credentials.

use std::sync::Arc;

use smartcms_app::entries::{AskedCondition, ContentError, ListEntries, list_entries};
use smartcms_app::ports::{Cursor, Listing};
use smartcms_app::{App, OpContext};
use smartcms_domain::Timestamp;
use smartcms_domain::actors::Actor;
use smartcms_domain::collections::CollectionDefinition;
use smartcms_domain::entries::{Entry, EntryId, Live};
use smartcms_domain::locales::Locale;
use smartcms_pages::{EntrySummary, NavigationLink};

use crate::page_cache::Tag;

/// No entry of the same instant comes after it.
const SMALLEST_ID: &str = "00000000000000000000000000000000";

/// A public entry with what it needs to be shown.
pub(super) struct PublicEntry {
    pub(super) definition: Arc<CollectionDefinition>,
    pub(super) entry: Entry,
    pub(super) live: Live,
    /// The path of its page; empty where its collection has no pages.
    pub(super) path: String,
}

/// A part of a list.
pub(super) struct Part {
    pub(super) entries: Vec<PublicEntry>,
    /// Where the list goes on.
    pub(super) next: Option<Cursor>,
}

impl PublicEntry {
    /// An entry that is public, of a collection that is there.
    pub(super) fn new(app: &App, mut entry: Entry) -> Option<Self> {
        let definition = app.collections.get(&entry.collection)?;
        let live = entry.live.take()?;
        let path = definition.path(&app.site.locales, &entry.locale, &live.slug);
        Some(Self { path: path.unwrap_or_default(), definition, entry, live })
    }

    /// The date of the entry, which lists sort by.
    pub(super) fn published_at(&self) -> Timestamp {
        self.entry.first_published_at.unwrap_or(self.live.published_at)
    }

    /// The entry in a list of a site of this language.
    pub(super) fn summary(&self, language: &str) -> EntrySummary {
        let first = Some(self.published_at());
        let summary = EntrySummary::new(&self.definition, &self.live, first, language);
        EntrySummary { url: self.path.clone(), ..summary }
    }

    /// A link to its page.
    pub(super) fn link(&self) -> NavigationLink {
        let link = NavigationLink::to_entry(&self.definition, &self.live);
        NavigationLink { url: self.path.clone(), ..link }
    }

    /// Where a list goes on after this entry.
    pub(super) fn place(&self) -> Cursor {
        Cursor::at(self.published_at(), self.entry.id)
    }
}

/// The place in a list after which everything was published before this instant.
pub(super) fn place_before(at: Timestamp) -> Option<Cursor> {
    Some(Cursor::at(at, EntryId::parse(SMALLEST_ID).ok()?))
}

/// Everything is read as a reader without credentials would.
pub(super) fn reader(app: &App) -> OpContext<'_> {
    OpContext::new(app, &Actor::Anonymous)
}

/// The collections that show on the home page and in the feed.
pub(super) fn listed(app: &App) -> Vec<Arc<CollectionDefinition>> {
    app.collections.all().iter().filter(|it| it.listed).cloned().collect()
}

/// The tags of what [`listed`] gives.
pub(super) fn listed_tags(app: &App) -> Vec<Tag> {
    listed(app).iter().map(|it| Tag::Collection(it.name.clone())).collect()
}

/// Public entries of the listed collections after a place, the first published last.
pub(super) async fn newest(
    app: &App,
    limit: u32,
    after: Option<Cursor>,
) -> Result<Part, ContentError> {
    let mut entries = Vec::new();
    for definition in listed(app) {
        // One more than asked for: it tells whether the list goes on.
        entries.extend(published(app, &definition, limit + 1, after.clone()).await?);
    }
    Ok(cut(entries, limit))
}

/// A list that was read with one entry more than is shown of each collection.
pub(super) fn cut(mut entries: Vec<PublicEntry>, limit: u32) -> Part {
    smartcms_domain::sorting::sort_by_key(&mut entries, |it| {
        std::cmp::Reverse((it.published_at(), it.entry.id))
    });
    let more = entries.len() > limit as usize;
    entries.truncate(limit as usize);
    let next = entries.last().filter(|_| more).map(PublicEntry::place);
    Part { entries, next }
}

/// Public entries of one collection in the language of the site, the first published last.
pub(super) async fn published(
    app: &App,
    definition: &CollectionDefinition,
    limit: u32,
    after: Option<Cursor>,
) -> Result<Vec<PublicEntry>, ContentError> {
    let locale = app.site.locales.default();
    published_in(app, definition, locale, Vec::new(), (limit, after)).await
}

/// Those that pass conditions, for readers of a language: each in it, or in the best that it falls back to.
pub(super) async fn published_in(
    app: &App,
    definition: &CollectionDefinition,
    locale: &Locale,
    conditions: Vec<AskedCondition>,
    (limit, after): (u32, Option<Cursor>),
) -> Result<Vec<PublicEntry>, ContentError> {
    let collection = definition.name.to_string();
    let locale = Some(locale.clone());
    let first = ListEntries::first(collection, Listing::Published, limit);
    let query = ListEntries { after, locale, fallback: true, conditions, ..first };
    let page = list_entries(&reader(app), query).await?.page;
    Ok(page.entries.into_iter().filter_map(|it| PublicEntry::new(app, it)).collect())
}
