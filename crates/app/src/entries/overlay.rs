//! Changes that are not stored yet, over a store that knows nothing of them: what a batch reads is what it did.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use smartcms_domain::Timestamp;
use smartcms_domain::collections::{CollectionDefinition, CollectionName, FieldName, Target};
use smartcms_domain::entries::{Entry, EntryId, Revision, RevisionRecord, Slug};
use smartcms_domain::locales::Locale;
use smartcms_domain::redirects::RedirectSource;
use smartcms_domain::sorting::set_of;

use crate::ports::{
    AddressChanges, Dangling, Duplicate, EntryChanges, EntryFacts, EntryPage, EntryQuery,
    EntryStore, EntryWrite, Listing, NearEntries, NearQuery, PAGE_LEN_MAX, Referrer, Side,
    StoreError, WriteError,
};

/// A store, and changes over it. Single entries, their history, translations and referrers are seen through the changes;
/// lists and what a whole site is asked for are those of the store.
pub(super) struct Overlay {
    base: Arc<dyn EntryStore>,
    pending: Mutex<Pending>,
}

#[derive(Default)]
struct Pending {
    changes: EntryChanges,
    /// The newest state of each entry that changed; `None` for one that goes.
    entries: BTreeMap<EntryId, Option<(Entry, EntryFacts)>>,
    /// The operation that is being done, and those that touched an entry.
    operation: usize,
    touched: BTreeMap<EntryId, usize>,
}

impl Overlay {
    pub(super) fn new(base: Arc<dyn EntryStore>) -> Self {
        Self { base, pending: Mutex::default() }
    }

    /// What follows is the work of the operation at this place.
    pub(super) fn begin(&self, operation: usize) {
        self.lock().operation = operation;
    }

    /// The operation that touched an entry last.
    pub(super) fn operation_on(&self, id: EntryId) -> Option<usize> {
        self.lock().touched.get(&id).copied()
    }

    /// Whether an entry was changed here.
    pub(super) fn has_changed(&self, id: EntryId) -> bool {
        self.lock().entries.contains_key(&id)
    }

    /// Everything that is to be stored.
    pub(super) fn changes(&self) -> EntryChanges {
        self.lock().changes.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The states that changed and pass a rule, and the ids of all that changed.
    fn changed(
        &self,
        rule: impl Fn(&Entry, &EntryFacts) -> bool,
    ) -> (Vec<Entry>, BTreeSet<EntryId>) {
        let pending = self.lock();
        let states = pending.entries.values().flatten().filter(|(entry, facts)| rule(entry, facts));
        let states = states.map(|(entry, _)| entry.clone()).collect();
        (states, pending.entries.keys().copied().collect())
    }

    /// Why a state cannot be stored: others have its slug, on one side or the other.
    async fn slug_taken(&self, entry: &Entry) -> Result<bool, StoreError> {
        for side in [Side::Live, Side::Newest] {
            let Some(slug) = slug_on(entry, side) else { continue };
            let found = self.find_by_slug(&entry.collection, &entry.locale, slug, side).await?;
            if found.is_some_and(|it| it.id != entry.id) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn take(&self, write: EntryWrite) -> Result<(), WriteError> {
        let id = write.entry.id;
        let stored = self.find(id).await?.map(|it| it.revision);
        let gone = matches!(self.lock().entries.get(&id), Some(None));
        if stored != write.previous || gone {
            return Err(WriteError::Stale(id));
        }
        if self.slug_taken(&write.entry).await? {
            return Err(WriteError::SlugTaken(id));
        }
        let mut pending = self.lock();
        let state = (write.entry.clone(), write.facts.clone());
        pending.entries.insert(id, Some(state));
        let operation = pending.operation;
        pending.touched.insert(id, operation);
        pending.changes.writes.push(write);
        Ok(())
    }
}

#[async_trait]
impl EntryStore for Overlay {
    async fn find(&self, id: EntryId) -> Result<Option<Entry>, StoreError> {
        if let Some(state) = self.lock().entries.get(&id) {
            return Ok(state.as_ref().map(|(entry, _)| entry.clone()));
        }
        self.base.find(id).await
    }

    async fn find_many(&self, ids: &[EntryId]) -> Result<Vec<Entry>, StoreError> {
        let (mut found, changed) = self.changed(|entry, _| ids.contains(&entry.id));
        let others: Vec<EntryId> = ids.iter().copied().filter(|it| !changed.contains(it)).collect();
        if !others.is_empty() {
            found.extend(self.base.find_many(&others).await?);
        }
        Ok(found)
    }

    async fn find_by_slug(
        &self,
        collection: &CollectionName,
        locale: &Locale,
        slug: &Slug,
        side: Side,
    ) -> Result<Option<Entry>, StoreError> {
        let (found, changed) = self.changed(|it, _| {
            it.collection == *collection && it.locale == *locale && slug_on(it, side) == Some(slug)
        });
        if let Some(entry) = found.into_iter().next() {
            return Ok(Some(entry));
        }
        let stored = self.base.find_by_slug(collection, locale, slug, side).await?;
        Ok(stored.filter(|it| !changed.contains(&it.id)))
    }

    async fn translations(&self, group: EntryId) -> Result<Vec<Entry>, StoreError> {
        let (mut found, changed) =
            self.changed(|it, _| it.group == group && it.trashed_at.is_none());
        let stored = self.base.translations(group).await?;
        found.extend(stored.into_iter().filter(|it| !changed.contains(&it.id)));
        Ok(found)
    }

    async fn translations_of(&self, groups: &[EntryId]) -> Result<Vec<Entry>, StoreError> {
        let (mut found, changed) =
            self.changed(|it, _| groups.contains(&it.group) && it.trashed_at.is_none());
        let stored = self.base.translations_of(groups).await?;
        found.extend(stored.into_iter().filter(|it| !changed.contains(&it.id)));
        Ok(found)
    }

    async fn list(&self, query: &EntryQuery) -> Result<EntryPage, StoreError> {
        self.base.list(query).await
    }

    async fn near(&self, query: &NearQuery) -> Result<NearEntries, StoreError> {
        self.base.near(query).await
    }

    async fn referrers(&self, target: Target, limit: u32) -> Result<Vec<Referrer>, StoreError> {
        let changed = set_of(self.lock().entries.keys().copied());
        let room = u32::try_from(changed.len()).unwrap_or(u32::MAX);
        let stored = self.base.referrers(target, limit.saturating_add(room)).await?;
        let stored = stored.into_iter().filter(|it| !changed.contains(&it.entry.id));
        let pending = self.lock();
        let states = pending.entries.values().flatten();
        let here =
            states.filter(|(entry, _)| entry.trashed_at.is_none()).filter_map(|(entry, facts)| {
                let sides = [&facts.newest, &facts.live].into_iter().flatten();
                let pointing = sides.flat_map(|it| &it.references).filter(|it| it.target == target);
                let fields = set_of(pointing.map(|it| it.field.clone()));
                let fields: Vec<String> = fields.into_iter().collect();
                (!fields.is_empty()).then(|| Referrer { entry: entry.clone(), fields })
            });
        Ok(stored.chain(here).take(limit as usize).collect())
    }

    async fn dangling(
        &self,
        after: Option<EntryId>,
        limit: u32,
    ) -> Result<Vec<Dangling>, StoreError> {
        self.base.dangling(after, limit).await
    }

    async fn due(&self, now: Timestamp, limit: u32) -> Result<Vec<Entry>, StoreError> {
        self.base.due(now, limit).await
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        self.base.next_due().await
    }

    async fn trashed_before(
        &self,
        before: Timestamp,
        after: Option<(Timestamp, EntryId)>,
        limit: u32,
    ) -> Result<Vec<Entry>, StoreError> {
        self.base.trashed_before(before, after, limit).await
    }

    async fn drop_revisions(&self, keep: u64, limit: u32) -> Result<u64, StoreError> {
        self.base.drop_revisions(keep, limit).await
    }

    /// Takes changes over the store: all of them or none.
    async fn write(&self, changes: EntryChanges) -> Result<(), WriteError> {
        let before = {
            let pending = self.lock();
            (pending.changes.clone(), pending.entries.clone(), pending.touched.clone())
        };
        let outcome = self.take_all(changes).await;
        if outcome.is_err() {
            let mut pending = self.lock();
            (pending.changes, pending.entries, pending.touched) = before;
        }
        outcome
    }

    async fn revisions(
        &self,
        id: EntryId,
        before: Option<Revision>,
        limit: u32,
    ) -> Result<Vec<RevisionRecord>, StoreError> {
        let limit = limit.clamp(1, PAGE_LEN_MAX);
        let older = |it: &&EntryWrite| {
            it.entry.id == id && before.is_none_or(|before| it.record.revision < before)
        };
        let mut records: Vec<RevisionRecord> = {
            let pending = self.lock();
            if matches!(pending.entries.get(&id), Some(None)) {
                return Ok(Vec::new());
            }
            pending.changes.writes.iter().filter(older).map(|it| it.record.clone()).collect()
        };
        records.reverse();
        records.extend(self.base.revisions(id, before, limit).await?);
        records.truncate(limit as usize);
        Ok(records)
    }

    async fn revision(
        &self,
        id: EntryId,
        revision: Revision,
    ) -> Result<Option<RevisionRecord>, StoreError> {
        {
            let pending = self.lock();
            if matches!(pending.entries.get(&id), Some(None)) {
                return Ok(None);
            }
            let mut writes = pending.changes.writes.iter();
            let here = writes.find(|it| it.entry.id == id && it.record.revision == revision);
            if let Some(write) = here {
                return Ok(Some(write.record.clone()));
            }
        }
        self.base.revision(id, revision).await
    }

    async fn has_more_than(
        &self,
        collection: &CollectionName,
        listing: Listing,
        len: u32,
    ) -> Result<bool, StoreError> {
        self.base.has_more_than(collection, listing, len).await
    }

    async fn duplicates(
        &self,
        collection: &CollectionName,
        field: &FieldName,
        limit: u32,
    ) -> Result<Vec<Duplicate>, StoreError> {
        self.base.duplicates(collection, field, limit).await
    }

    async fn prepare(&self, collections: &[Arc<CollectionDefinition>]) -> Result<(), StoreError> {
        self.base.prepare(collections).await
    }
}

impl Overlay {
    async fn take_all(&self, changes: EntryChanges) -> Result<(), WriteError> {
        for write in changes.writes {
            self.take(write).await?;
        }
        for purge in changes.purges {
            if self.find(purge.id).await?.map(|it| it.revision) != Some(purge.previous) {
                return Err(WriteError::Stale(purge.id));
            }
            let mut pending = self.lock();
            pending.entries.insert(purge.id, None);
            let operation = pending.operation;
            pending.touched.insert(purge.id, operation);
            pending.changes.purges.push(purge);
        }
        let mut pending = self.lock();
        // All of a batch is checked by the definitions that it began with.
        pending.changes.generation = changes.generation.or(pending.changes.generation);
        join_addresses(&mut pending.changes.addresses, changes.addresses);
        pending.changes.saved_copies.extend(changes.saved_copies);
        pending.changes.audit.extend(changes.audit);
        Ok(())
    }
}

/// What later operations do to addresses stands over what earlier ones did.
fn join_addresses(before: &mut AddressChanges, later: AddressChanges) {
    let source = RedirectSource::exact;
    for left in later.left {
        before.taken.retain(|it| source(it.clone()) != left.source);
        before.left.retain(|it| it.source != left.source);
        before.left.push(left);
    }
    for taken in later.taken {
        before.left.retain(|it| it.source != source(taken.clone()));
        before.taken.retain(|it| *it != taken);
        before.taken.push(taken);
    }
}

fn slug_on(entry: &Entry, side: Side) -> Option<&Slug> {
    match side {
        Side::Live => entry.live.as_ref().map(|live| &live.slug),
        Side::Newest => Some(&entry.slug).filter(|_| entry.trashed_at.is_none()),
    }
}
