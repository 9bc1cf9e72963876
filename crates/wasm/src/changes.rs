//! Noticing what other instances changed.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use smartcms_app::App;
use smartcms_app::collections::refresh;
use smartcms_domain::with_causes;
use smartcms_http::PageCache;
use smartcms_keyed::KeyedDatabase;
use smartcms_store_sql::SqliteStore;

use crate::site::DATABASE;

/// A count that was never told.
const NONE: u64 = u64::MAX;

/// Looks before each request: an instance that somebody else's request reaches next shows what this one changed.
pub(crate) struct Changes {
    database: KeyedDatabase,
    store: Arc<SqliteStore>,
    cache: Arc<PageCache>,
    /// How often others had replaced what was read, when this looked last.
    counted: AtomicU64,
    seen: AtomicI64,
}

impl Changes {
    pub(crate) fn new(
        database: KeyedDatabase,
        store: Arc<SqliteStore>,
        cache: Arc<PageCache>,
    ) -> Self {
        let (counted, seen) = (AtomicU64::new(NONE), AtomicI64::new(-1));
        Self { database, store, cache, counted, seen }
    }

    /// Whether nobody else changed anything, as far as can be seen without a transaction: nearly always nobody did, and what
    /// cannot be seen is asked by [`Changes::notice`].
    pub(crate) fn are_none(&self) -> bool {
        self.is_known(self.count())
    }

    /// The version of the database that everything here was read from, if nobody changed it since.
    pub(crate) fn version(&self) -> Option<String> {
        let (version, count) = self.database.newest(DATABASE).ok().flatten()?;
        self.is_known(Some(count)).then_some(version)
    }

    fn count(&self) -> Option<u64> {
        self.database.replaced_by_others(DATABASE).ok().flatten()
    }

    fn is_known(&self, count: Option<u64>) -> bool {
        count.is_some_and(|it| it == self.counted.load(Ordering::Relaxed))
    }

    /// Drops every page that was kept, and takes changed collections over, where others changed anything.
    pub(crate) async fn notice(&self, app: &App) {
        let count = self.count();
        if self.is_known(count) {
            return;
        }
        let now = match self.store.others_changes() {
            Ok(now) => now,
            Err(error) => {
                // Pages may be stale then, and a request that reads fails by itself.
                self.cache.invalidate_all();
                tracing::warn!(error = with_causes(&error), "could not look for changes");
                return;
            }
        };
        // The count from before: what others did in between is looked at once more.
        self.counted.store(count.unwrap_or(NONE), Ordering::Relaxed);
        if self.seen.swap(now, Ordering::Relaxed) == now {
            return;
        }
        self.cache.invalidate_all();
        // Boxed, as everything that few requests do: each of them would carry the room for it.
        if let Err(error) = Box::pin(refresh(app)).await {
            tracing::warn!(error = with_causes(&error), "could not look for changed collections");
        }
    }
}
