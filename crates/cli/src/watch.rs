//! What goes on beside the requests: noticing what other processes changed.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use smartcms_app::collections::{recompute_stale, refresh};
use smartcms_app::ports::{ChangeListener, EventCursor, MeaningPlace, MenuGeneration};
use smartcms_app::{App, OpContext};
use smartcms_domain::actors::Actor;
use smartcms_domain::assets::AssetId;
use smartcms_domain::collections::CollectionName;
use smartcms_domain::events::Event;
use smartcms_domain::with_causes;
use smartcms_http::PageCache;
use smartcms_plugin_host::PluginHost;
use tokio::sync::Notify;
use uuid::Uuid;

/// How soon a change by another process is noticed.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How many events one look reads.
const EVENTS_PER_LOOK: u32 = 1_000;
/// How many events of our own are remembered until the look has passed them.
const OWN_EVENTS_MAX: usize = 10_000;

/// Hears of this process's own changes: drops stale pages, and wakes who looks for events.
pub(crate) struct OwnChanges {
    cache: Arc<PageCache>,
    seen: Mutex<VecDeque<Uuid>>,
    menus: Mutex<BTreeSet<MenuGeneration>>,
    wake: Notify,
    deliveries: Arc<Notify>,
    measuring: Arc<Notify>,
}

impl OwnChanges {
    pub(crate) fn new(cache: Arc<PageCache>) -> Self {
        Self {
            cache,
            seen: Mutex::default(),
            menus: Mutex::default(),
            wake: Notify::new(),
            deliveries: Arc::default(),
            measuring: Arc::default(),
        }
    }

    /// Notified of every event of our own, for those who deliver them.
    pub(crate) fn deliveries(&self) -> Arc<Notify> {
        Arc::clone(&self.deliveries)
    }

    /// The same for what measures.
    pub(crate) fn measuring(&self) -> Arc<Notify> {
        Arc::clone(&self.measuring)
    }

    /// Whether an event was our own; each is asked about once.
    fn forget(&self, id: Uuid) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let found = seen.iter().position(|it| *it == id);
        found.and_then(|at| seen.remove(at)).is_some()
    }

    /// Whether every change of menus after one generation and up to another was our own; each is asked about once.
    fn made_menus(&self, after: MenuGeneration, until: MenuGeneration) -> bool {
        let mut own = self.menus.lock().unwrap_or_else(PoisonError::into_inner);
        let later = own.split_off(&MenuGeneration(until.0.saturating_add(1)));
        let made = std::mem::replace(&mut *own, later);
        let wanted = until.0.saturating_sub(after.0);
        made.iter().filter(|it| **it > after).count() as u64 == wanted
    }
}

impl ChangeListener for OwnChanges {
    fn redefined(&self) {
        self.cache.redefined();
    }

    fn committed(&self, event: &Event) {
        self.cache.committed(event);
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() == OWN_EVENTS_MAX {
            seen.pop_front();
        }
        seen.push_back(event.id);
        drop(seen);
        self.wake.notify_one();
        self.deliveries.notify_one();
        self.measuring.notify_one();
    }

    fn menus_changed(&self, generation: MenuGeneration) {
        self.cache.menus_changed(generation);
        self.menus.lock().unwrap_or_else(PoisonError::into_inner).insert(generation);
    }

    fn asset_changed(&self, asset: AssetId) {
        self.cache.asset_changed(asset);
    }
}

/// Looks until the server ends.
pub(crate) struct Watcher {
    pub(crate) app: App,
    pub(crate) host: Arc<PluginHost>,
    pub(crate) cache: Arc<PageCache>,
    pub(crate) own: Arc<OwnChanges>,
    pub(crate) menus: MenuGeneration,
    pub(crate) meanings: Meanings,
}

/// What was seen of meanings, whoever measured them.
pub(crate) struct Meanings {
    seen: MeaningPlace,
    /// Collections whose pages are stale, and are not told so before the measuring rests.
    changed: BTreeSet<CollectionName>,
}

impl Meanings {
    /// Everything up to this place was seen.
    pub(crate) fn seen(seen: MeaningPlace) -> Self {
        Self { seen, changed: BTreeSet::new() }
    }
}

impl Watcher {
    pub(crate) async fn watch(mut self, from: EventCursor) {
        let mut cursor = from;
        let mut computed = None;
        loop {
            let _ = tokio::time::timeout(LOOK_EVERY, self.own.wake.notified()).await;
            cursor = self.look_at_events(cursor).await;
            self.look_at_menus().await;
            self.look_at_meanings().await;
            self.look_at_definitions().await;
            self.look_at_plugins().await;
            computed = self.look_at_computed(computed).await;
        }
    }

    /// Computes values again where a plugin is another one; the state of the registry that this was done for.
    async fn look_at_computed(&self, seen: Option<u64>) -> Option<u64> {
        let now = match self.app.plugin_store.generation().await {
            Ok(now) if seen == Some(now) => return seen,
            Ok(now) => now,
            Err(_) => return seen, // Was told when the plugins were looked at.
        };
        match recompute_stale(&OpContext::new(&self.app, &Actor::Operator)).await {
            Ok(plans) => {
                for plan in plans {
                    let entries: u64 = plan.steps.iter().map(|it| it.entries).sum();
                    let invalid: u64 = plan.steps.iter().map(|it| it.invalid).sum();
                    tracing::info!(
                        collection = %plan.collection, entries, invalid,
                        "computed values again by another version of a plugin"
                    );
                }
            }
            Err(error) => tracing::warn!(
                error = with_causes(&error),
                "could not compute values again; they stay until plugins change or the server starts"
            ),
        }
        Some(now)
    }

    /// Drops the pages that changes of other processes made stale.
    async fn look_at_events(&self, mut cursor: EventCursor) -> EventCursor {
        match self.app.outbox.after(cursor, EVENTS_PER_LOOK).await {
            Ok(recorded) => {
                for recorded in recorded {
                    cursor = recorded.cursor;
                    if !self.own.forget(recorded.event.id) {
                        self.cache.committed(&recorded.event);
                    }
                }
            }
            Err(error) => tracing::warn!(%error, "could not look for changes"),
        }
        cursor
    }

    /// Drops the pages whose menus another process changed.
    async fn look_at_menus(&mut self) {
        match self.app.menus.menu_generation().await {
            Ok(now) if now > self.menus => {
                if !self.own.made_menus(self.menus, now) {
                    self.cache.menus_changed(now);
                }
                self.menus = now;
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "could not look for changed menus"),
        }
    }

    /// Drops the pages whose related entries are others now, whichever process measured them: once nothing more came, so
    /// that a site that is measured anew renders its pages once and not with every step.
    async fn look_at_meanings(&mut self) {
        let Meanings { seen, changed } = &mut self.meanings;
        match self.app.meaning.store.changed_meanings(Some(*seen)).await {
            Ok(found) if found.now != *seen => {
                *seen = found.now;
                changed.extend(found.collections);
            }
            Ok(_) if changed.is_empty() => {}
            Ok(_) => {
                let collections: Vec<CollectionName> =
                    std::mem::take(changed).into_iter().collect();
                self.cache.measured(&collections);
            }
            Err(error) => tracing::warn!(%error, "could not look for changed meanings"),
        }
    }

    /// Takes over the definitions that another process applied.
    async fn look_at_definitions(&self) {
        match refresh(&self.app).await {
            Ok(true) => tracing::info!("the collections were loaded anew"),
            Ok(false) => {}
            Err(error) => tracing::warn!(
                error = with_causes(&error),
                "could not look for changed collections"
            ),
        }
    }

    /// Loads what the operator changed: plugins come, go, and are granted more or less.
    async fn look_at_plugins(&self) {
        match self.host.refresh().await {
            Ok(true) => {
                self.cache.invalidate_all();
                tracing::info!("the plugins were loaded anew");
            }
            Ok(false) => {}
            Err(error) => {
                tracing::warn!(error = with_causes(&error), "could not look for changed plugins");
            }
        }
    }
}
