//! The count of changes, and when each thing last changed.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};

use smartcms_domain::assets::AssetId;
use smartcms_domain::collections::CollectionName;
use smartcms_domain::entries::EntryId;

/// How many counts there are for collections, for entries and for assets. Things that share one by chance go stale together,
/// which costs a rendering and never shows a stale page; and memory stays the same however many entries there are.
const COLLECTION_SLOTS: u64 = 256;
const ENTRY_SLOTS: u64 = 16_384;
const ASSET_SLOTS: u64 = 4_096;

/// What a page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Tag {
    /// Settings, theme and plugins.
    Site,
    /// The menus of every page.
    Menus,
    /// Which entries a collection has, and what they are called.
    Collection(CollectionName),
    /// One entry.
    Entry(EntryId),
    /// What is said about an asset, and in which formats it is there.
    Asset(AssetId),
}

/// The count of changes at which a rendering began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Began(u64);

/// When each thing last changed.
pub(super) struct Generations {
    changes: AtomicU64,
    last_change: Box<[AtomicU64]>,
}

impl Tag {
    /// The place of a tag's count: the site first, then menus, collections, entries and assets.
    pub(super) fn slot(&self) -> u32 {
        let place = match self {
            Self::Site => 0,
            Self::Menus => 1,
            Self::Collection(name) => 2 + hash(name) % COLLECTION_SLOTS,
            Self::Entry(id) => 2 + COLLECTION_SLOTS + hash(id) % ENTRY_SLOTS,
            Self::Asset(id) => 2 + COLLECTION_SLOTS + ENTRY_SLOTS + hash(id) % ASSET_SLOTS,
        };
        u32::try_from(place).unwrap_or_default() // At most 20,737.
    }
}

impl Generations {
    pub(super) fn new() -> Self {
        let slots = 0..COLLECTION_SLOTS + ENTRY_SLOTS + ASSET_SLOTS + 2;
        Self { changes: AtomicU64::new(0), last_change: slots.map(|_| AtomicU64::new(0)).collect() }
    }

    pub(super) fn begin(&self) -> Began {
        Began(self.changes.load(Ordering::SeqCst))
    }

    /// Counts one change of these things.
    ///
    /// A rendering that begins between the two steps reads the store after the commit that is told here, so its
    /// page is right to be good.
    pub(super) fn changed(&self, tags: &[Tag]) {
        let number = self.changes.fetch_add(1, Ordering::SeqCst) + 1;
        for slot in tags.iter().filter_map(|tag| self.slot(tag.slot())) {
            slot.fetch_max(number, Ordering::SeqCst);
        }
    }

    /// Whether none of these things changed since.
    pub(super) fn still_good(&self, began: Began, slots: &[u32]) -> bool {
        let unchanged = |slot: &AtomicU64| slot.load(Ordering::SeqCst) <= began.0;
        slots.iter().all(|slot| self.slot(*slot).is_some_and(unchanged))
    }

    fn slot(&self, slot: u32) -> Option<&AtomicU64> {
        self.last_change.get(slot as usize)
    }
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
