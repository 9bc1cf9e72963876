//! The storing ports in memory. Each operation holds one lock, so that it is all or nothing.

mod assets;
mod assist;
mod audit;
mod blobs;
mod definitions;
mod entries;
mod idempotency;
mod key_value;
mod meaning;
mod menus;
mod near;
mod outbox;
mod people;
mod plugin_health;
mod plugin_log;
mod plugin_store;
mod redirects;
mod roles;
mod search;
mod tasks;
mod tokens;
mod views;
mod webhooks;
mod working_copies;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use smartcms_app::ports::{
    AuditRecord, Claim, Digest, EntryFacts, EventCursor, Heard, KeptAnswer, KeySpace,
    KnownDefinitions, LogLine, ParkedEvent, PluginRecord, ReplacedVersion, RequestKey, RoleRecord,
    SavedView, StagedEntry, TokenRecord, VariantRecord,
};
use smartcms_domain::actors::RoleName;
use smartcms_domain::assets::{Asset, AssetId};
use smartcms_domain::collections::CollectionName;
use smartcms_domain::entries::{Entry, EntryId, Revision, RevisionRecord, WorkingCopy};
use smartcms_domain::events::Event;
use smartcms_domain::plugins::PluginId;
use smartcms_domain::redirects::Redirect;
use uuid::Uuid;

/// Every storing port, in memory.
#[derive(Debug, Default)]
pub struct MemoryStore {
    state: Mutex<State>,
}

#[derive(Debug, Clone, Default)]
struct State {
    entries: BTreeMap<EntryId, Entry>,
    facts: BTreeMap<EntryId, EntryFacts>,
    revisions: BTreeMap<(EntryId, Revision), RevisionRecord>,
    working_copies: BTreeMap<(EntryId, String), WorkingCopy>,
    events: Vec<Event>,
    /// How many events were before those.
    events_forgotten: u64,
    heard: BTreeMap<PluginId, Heard>,
    parked: BTreeMap<(PluginId, EventCursor), ParkedEvent>,
    tokens: BTreeMap<String, TokenRecord>,
    roles: BTreeMap<RoleName, RoleRecord>,
    audit: Vec<AuditRecord>,
    assist: assist::Assist,
    meanings: meaning::Meanings,
    plugins: BTreeMap<PluginId, PluginRecord>,
    /// By whom each was replaced, and as what.
    replaced: BTreeMap<PluginId, (Digest, ReplacedVersion)>,
    generation: u64,
    keys: BTreeMap<KeySpace, BTreeMap<String, Bytes>>,
    log: BTreeMap<PluginId, Vec<LogLine>>,
    blobs: BTreeMap<Digest, Bytes>,
    requests: BTreeMap<RequestKey, (Claim, Option<KeptAnswer>)>,
    webhooks: webhooks::Webhooks,
    views: Vec<SavedView>,
    people: people::People,
    tasks: tasks::Tasks,
    health: plugin_health::Health,
    assets: BTreeMap<AssetId, Asset>,
    variants: BTreeMap<(AssetId, String), VariantRecord>,
    asset_reads: u64,
    search_definitions: BTreeMap<CollectionName, String>,
    search_pending: BTreeSet<EntryId>,
    redirects: Vec<Redirect>,
    menus: menus::Menus,
    definitions: KnownDefinitions,
    staged: BTreeMap<(Uuid, EntryId), StagedEntry>,
}

impl MemoryStore {
    /// How often assets and their variants were read so far.
    pub fn asset_reads(&self) -> u64 {
        self.lock().asset_reads
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::MemoryStore;
    use crate::suites;

    #[tokio::test]
    async fn memory_passes_the_suite_of_every_port() {
        let store = MemoryStore::default();
        suites::entries(&store).await;
        suites::search(&store, &store).await;
        suites::working_copies(&store, &store).await;
        suites::definitions(&MemoryStore::default()).await;
        suites::outbox(&store).await;
        suites::tokens(&store).await;
        suites::roles(&store, &store).await;
        suites::audit(&MemoryStore::default()).await;
        suites::people(&store).await;
        suites::idempotency(&store).await;
        suites::webhooks(&store).await;
        suites::plugins(&store).await;
        suites::tasks(&store).await;
        suites::plugin_health(&store).await;
        suites::key_value(&store).await;
        suites::plugin_log(&store).await;
        suites::blobs(&store).await;
        suites::assets(&store).await;
        suites::redirects(&store).await;
        suites::asset_uses(&store, &store).await;
        suites::menus(&store).await;
        suites::views(&store).await;
        suites::assist(&store).await;
        suites::meaning(&store).await;
    }
}
