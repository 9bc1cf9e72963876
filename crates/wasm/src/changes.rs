//! Noticing what other instances changed.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use smartcms_app::App;
use smartcms_app::collections::refresh;
use smartcms_http::PageCache;
use smartcms_store_sql::SqliteStore;

/// Looks before each request: an instance that somebody else's request reaches next shows what this one changed.
pub(crate) struct Changes {
    store: Arc<SqliteStore>,
    cache: Arc<PageCache>,
    seen: AtomicI64,
}

impl Changes {
    pub(crate) fn new(store: Arc<SqliteStore>, cache: Arc<PageCache>) -> Self {
        Self { store, cache, seen: AtomicI64::new(-1) }
    }

    /// Drops every page that was kept, and takes changed collections over, where others changed anything.
    pub(crate) async fn notice(&self, app: &App) {
        let now = match self.store.others_changes() {
            Ok(now) => now,
            Err(error) => {
                // Pages may be stale then, and a request that reads fails by itself.
                self.cache.invalidate_all();
                tracing::warn!(error = &error as &dyn Error, "could not look for changes");
                return;
            }
        };
        if self.seen.swap(now, Ordering::Relaxed) == now {
            return;
        }
        self.cache.invalidate_all();
        if let Err(error) = refresh(app).await {
            tracing::warn!(error = &error as &dyn Error, "could not look for changed collections");
        }
    }
}
