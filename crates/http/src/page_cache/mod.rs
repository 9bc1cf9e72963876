//! Whole pages, compressed, with exact invalidation.
//!
//! Changes are counted. A page remembers the count at which its rendering began, and each thing on the site (an
//! entry, a collection, the site itself) remembers the count of its last change. A page is good while nothing it
//! shows has changed since its rendering began: not even a change that was committed while it was rendered can be
//! missed. Changes are heard after their commit and before their operation answers, so whoever got an answer to a
//! write finds it on the site.

mod generations;
mod kept_page;
mod stored_page;

use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use smartcms_app::ports::{ChangeListener, MenuGeneration};
use smartcms_domain::assets::AssetId;
use smartcms_domain::collections::CollectionName;
use smartcms_domain::events::Event;

use generations::Generations;
pub(crate) use generations::{Began, Tag};
pub use kept_page::{KeptPage, Listed};
pub(crate) use stored_page::{Page, StoredPage};

/// How much all pages together may hold, in bytes: headers and every coding of their bodies.
pub const CACHE_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// The largest page that is kept, in bytes of its body.
pub const PAGE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// The longest key that is kept, in bytes.
const KEY_LEN_MAX: usize = 512;
/// How many pages the cache makes room for at its start.
const PAGES_ESTIMATE: usize = 1_000;

/// The pages that were rendered and are still good.
pub struct PageCache {
    pages: Cache<Box<str>, Arc<StoredPage>, ByBytes>,
    generations: Generations,
}

#[derive(Clone)]
struct ByBytes;

impl Weighter<Box<str>, Arc<StoredPage>> for ByBytes {
    fn weight(&self, key: &Box<str>, page: &Arc<StoredPage>) -> u64 {
        (key.len() + page.weight_bytes()) as u64
    }
}

impl PageCache {
    /// An empty cache of [`CACHE_BYTES_MAX`].
    pub fn new() -> Self {
        Self::with_capacity(CACHE_BYTES_MAX)
    }

    /// An empty cache that holds this many bytes.
    pub fn with_capacity(bytes_max: u64) -> Self {
        let pages = Cache::with_weighter(PAGES_ESTIMATE, bytes_max, ByBytes);
        Self { pages, generations: Generations::new() }
    }

    /// Makes every page stale: after a change of plugins, theme or settings.
    pub fn invalidate_all(&self) {
        self.generations.changed(&[Tag::Site]);
    }

    /// Call before anything is read for a page.
    pub(crate) fn begin(&self) -> Began {
        self.generations.begin()
    }

    /// The page under a key, if it is still good.
    pub(crate) fn find(&self, key: &str) -> Option<Arc<StoredPage>> {
        let page = self.pages.get(key)?;
        self.generations.still_good(page.began(), page.slots()).then_some(page)
    }

    /// Keeps a page, unless it is too large.
    pub(crate) fn keep(&self, key: &str, page: Arc<StoredPage>) {
        if key.len() <= KEY_LEN_MAX && page.body_len() <= PAGE_BYTES_MAX {
            self.pages.insert(key.into(), page);
        }
    }
}

impl Default for PageCache {
    fn default() -> Self {
        Self::new()
    }
}

impl ChangeListener for PageCache {
    fn redefined(&self) {
        self.invalidate_all();
    }

    fn committed(&self, event: &Event) {
        if event.kind.changes_the_site() {
            self.generations
                .changed(&[Tag::Entry(event.entry), Tag::Collection(event.collection.clone())]);
        }
    }

    fn measured(&self, collections: &[CollectionName]) {
        let tags: Vec<Tag> = collections.iter().cloned().map(Tag::Collection).collect();
        self.generations.changed(&tags);
    }

    fn menus_changed(&self, _: MenuGeneration) {
        self.generations.changed(&[Tag::Menus]);
    }

    fn asset_changed(&self, asset: AssetId) {
        self.generations.changed(&[Tag::Asset(asset)]);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Page, PageCache, StoredPage, Tag};
    use smartcms_app::ports::ChangeListener;
    use smartcms_domain::entries::Revision;
    use smartcms_domain::events::{Event, EventKind};
    use smartcms_testkit::builders::{at, collection, entry_id};

    fn event(number: u128, kind: EventKind) -> Event {
        Event {
            id: *entry_id(number).as_uuid(),
            kind,
            at: at(0),
            collection: collection("posts"),
            entry: entry_id(number),
            revision: Revision::FIRST,
        }
    }

    fn page(tags: &[Tag], body_len: usize) -> Page {
        Page::new("text/html", "no-cache", "x".repeat(body_len).into()).tagged(tags)
    }

    fn kept(cache: &PageCache, key: &str, tags: &[Tag]) {
        let began = cache.begin();
        cache.keep(key, Arc::new(StoredPage::new(page(tags, 10), began)));
    }

    #[test]
    fn a_change_makes_stale_what_shows_it_and_nothing_else() {
        let cache = PageCache::new();
        let posts = collection("posts");
        let pages = collection("pages");
        kept(&cache, "/a", &[Tag::Entry(entry_id(1))]);
        kept(&cache, "/b", &[Tag::Entry(entry_id(2))]);
        kept(&cache, "/", &[Tag::Collection(posts.clone())]);
        kept(&cache, "/about", &[Tag::Collection(pages.clone())]);
        cache.committed(&event(1, EventKind::EntryPublished));
        let found = ["/a", "/b", "/", "/about"].map(|key| cache.find(key).is_some());
        assert_eq!(found, [false, true, false, true]);
        cache.invalidate_all();
        assert!(cache.find("/b").is_none() && cache.find("/about").is_none());
    }

    #[test]
    fn what_is_measured_anew_makes_the_pages_of_its_collection_stale() {
        let cache = PageCache::new();
        let (posts, pages) = (collection("posts"), collection("pages"));
        kept(&cache, "/a", &[Tag::Entry(entry_id(1)), Tag::Collection(posts.clone())]);
        kept(&cache, "/about", &[Tag::Collection(pages)]);
        cache.measured(&[posts]);
        assert!(cache.find("/a").is_none() && cache.find("/about").is_some());
    }

    #[test]
    fn a_draft_makes_nothing_stale() {
        let cache = PageCache::new();
        kept(&cache, "/a", &[Tag::Entry(entry_id(1))]);
        for kind in [EventKind::EntryCreated, EventKind::EntryUpdated, EventKind::EntryRestored] {
            cache.committed(&event(1, kind));
        }
        assert!(cache.find("/a").is_some());
    }

    #[test]
    fn a_page_that_was_rendered_while_its_entry_changed_is_not_shown_again() {
        let cache = PageCache::new();
        let began = cache.begin();
        cache.committed(&event(1, EventKind::EntryPublished));
        let rendered = StoredPage::new(page(&[Tag::Entry(entry_id(1))], 10), began);
        cache.keep("/a", Arc::new(rendered));
        assert!(cache.find("/a").is_none());
    }

    #[test]
    fn pages_past_their_limit_are_not_kept_and_all_together_stay_in_theirs() {
        let cache = PageCache::with_capacity(1_000_000);
        let began = cache.begin();
        let large = page(&[], super::PAGE_BYTES_MAX + 1);
        cache.keep("/large", Arc::new(StoredPage::new(large, began)));
        assert!(cache.find("/large").is_none());
        for number in 0..100 {
            let body: Vec<u8> =
                (0..50_000u32).map(|it| (it.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
            let page = Page::new("image/png", "no-cache", body.into());
            cache.keep(&format!("/{number}"), Arc::new(StoredPage::new(page, began)));
        }
        let kept = (0..100).filter(|it| cache.find(&format!("/{it}")).is_some()).count();
        assert!((5..20).contains(&kept), "{kept} pages of 50 KB");
    }
}
