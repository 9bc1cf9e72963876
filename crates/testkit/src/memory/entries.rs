//! Entries in memory.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use serde_json::Value;
use smartcms_app::ports::{
    Cursor, Dangling, Duplicate, EntryChanges, EntryPage, EntryQuery, EntryStore, Listing,
    NearEntries, NearQuery, PAGE_LEN_MAX, REVISIONS_KEPT_MIN, Referrer, Side, StoreError,
    WriteError,
};
use smartcms_domain::Timestamp;
use smartcms_domain::assets::AssetId;
use smartcms_domain::collections::{CollectionDefinition, CollectionName, FieldName, Target};
use smartcms_domain::entries::{Entry, EntryId, Revision, RevisionRecord, Slug};
use smartcms_domain::locales::Locale;
use smartcms_domain::queries::{Filter, Path, Test};

use super::{MemoryStore, State, near, redirects};

#[async_trait]
impl EntryStore for MemoryStore {
    async fn find(&self, id: EntryId) -> Result<Option<Entry>, StoreError> {
        Ok(self.lock().entries.get(&id).cloned())
    }

    async fn find_by_slug(
        &self,
        collection: &CollectionName,
        locale: &Locale,
        slug: &Slug,
        side: Side,
    ) -> Result<Option<Entry>, StoreError> {
        let state = self.lock();
        let mut entries = state
            .entries
            .values()
            .filter(|it| it.collection == *collection && it.locale == *locale);
        Ok(entries.find(|it| slug_on(it, side) == Some(slug)).cloned())
    }

    async fn list(&self, query: &EntryQuery) -> Result<EntryPage, StoreError> {
        let state = self.lock();
        let mut found: Vec<(Cursor, &Entry)> =
            state.entries.values().filter_map(|it| Some((place(it, query)?, it))).collect();
        found.retain(|(_, it)| is_best(&state, it, query));
        found.retain(|(_, it)| query.author.as_ref().is_none_or(|author| it.created_by == *author));
        found.retain(|(_, it)| {
            query.filter.as_ref().is_none_or(|filter| holds(&state, it, query, filter))
        });
        found.sort_by_key(|(place, _)| Reverse((place.time(), place.id)));
        if let Some(after) = &query.after {
            found.retain(|(place, _)| (place.time(), place.id) < (after.time(), after.id));
        }
        let limit = query.limit.clamp(1, PAGE_LEN_MAX) as usize;
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(|(place, _)| place.clone());
        Ok(EntryPage { entries: found.into_iter().map(|(_, it)| it.clone()).collect(), next })
    }

    async fn near(&self, query: &NearQuery) -> Result<NearEntries, StoreError> {
        Ok(near::near(&self.lock(), query))
    }

    async fn find_many(&self, ids: &[EntryId]) -> Result<Vec<Entry>, StoreError> {
        let state = self.lock();
        Ok(ids.iter().filter_map(|it| state.entries.get(it).cloned()).collect())
    }

    async fn translations(&self, group: EntryId) -> Result<Vec<Entry>, StoreError> {
        let state = self.lock();
        let found =
            state.entries.values().filter(|it| it.group == group && it.trashed_at.is_none());
        Ok(found.cloned().collect())
    }

    async fn translations_of(&self, groups: &[EntryId]) -> Result<Vec<Entry>, StoreError> {
        let state = self.lock();
        let there = state.entries.values().filter(|it| it.trashed_at.is_none());
        Ok(there.filter(|it| groups.contains(&it.group)).cloned().collect())
    }

    async fn referrers(&self, target: Target, limit: u32) -> Result<Vec<Referrer>, StoreError> {
        let state = self.lock();
        let pointing = |entry: &Entry| {
            let facts = state.facts.get(&entry.id)?;
            let sides = [&facts.newest, &facts.live].into_iter().flatten();
            let references = sides.flat_map(|it| &it.references).filter(|it| it.target == target);
            let fields: BTreeSet<String> = references.map(|it| it.field.clone()).collect();
            let entry = entry.clone();
            (!fields.is_empty()).then(|| Referrer { entry, fields: fields.into_iter().collect() })
        };
        let entries = state.entries.values().filter(|it| it.trashed_at.is_none());
        Ok(entries.filter_map(pointing).take(limit as usize).collect())
    }

    async fn dangling(
        &self,
        after: Option<EntryId>,
        limit: u32,
    ) -> Result<Vec<Dangling>, StoreError> {
        let state = self.lock();
        let is_lost = |target: &Target| match target {
            Target::Entry(id) => !state.entries.contains_key(id),
            Target::Asset(id) => !state.assets.contains_key(&AssetId::new(*id)),
            Target::File(_) => false,
        };
        let mut lost: BTreeMap<EntryId, BTreeSet<Dangling>> = BTreeMap::new();
        let later = state.facts.iter().filter(|(id, _)| after.is_none_or(|after| **id > after));
        for (entry, facts) in later {
            let sides = [&facts.newest, &facts.live].into_iter().flatten();
            for reference in sides.flat_map(|it| &it.references).filter(|it| is_lost(&it.target)) {
                let (field, target) = (reference.field.clone(), reference.target);
                lost.entry(*entry).or_default().insert(Dangling { entry: *entry, field, target });
            }
        }
        Ok(lost.into_values().take(limit as usize).flatten().collect())
    }

    async fn due(&self, now: Timestamp, limit: u32) -> Result<Vec<Entry>, StoreError> {
        let state = self.lock();
        let due = state.entries.values().filter_map(|it| Some((next_of(it)?, it)));
        let mut due: Vec<_> = due.filter(|(at, _)| *at <= now).collect();
        due.sort_by_key(|(at, entry)| (*at, entry.id));
        Ok(due.into_iter().take(limit as usize).map(|(_, it)| it.clone()).collect())
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.lock().entries.values().filter_map(next_of).min())
    }

    async fn trashed_before(
        &self,
        before: Timestamp,
        after: Option<(Timestamp, EntryId)>,
        limit: u32,
    ) -> Result<Vec<Entry>, StoreError> {
        let state = self.lock();
        let places = state.entries.values().filter_map(|it| Some(((it.trashed_at?, it.id), it)));
        let mut found: Vec<_> = places
            .filter(|(place, _)| place.0 < before && after.is_none_or(|after| *place > after))
            .collect();
        found.sort_by_key(|(place, _)| *place);
        Ok(found.into_iter().take(limit as usize).map(|(_, it)| it.clone()).collect())
    }

    async fn drop_revisions(&self, keep: u64, limit: u32) -> Result<u64, StoreError> {
        let keep = keep.max(REVISIONS_KEPT_MIN);
        let mut state = self.lock();
        let goes = |(id, revision): &&(EntryId, Revision)| {
            state.entries.get(id).is_some_and(|entry| {
                let live = entry.live.as_ref().map(|it| it.revision);
                revision.number() + keep <= entry.revision.number() && live != Some(*revision)
            })
        };
        let going: Vec<_> =
            state.revisions.keys().filter(goes).take(limit as usize).copied().collect();
        for key in &going {
            state.revisions.remove(key);
        }
        Ok(going.len() as u64)
    }

    async fn has_more_than(
        &self,
        collection: &CollectionName,
        listing: Listing,
        len: u32,
    ) -> Result<bool, StoreError> {
        let state = self.lock();
        let of_collection = state.entries.values().filter(|it| it.collection == *collection);
        let found = of_collection.filter(|it| time_in(it, listing).is_some()).count();
        Ok(found > len as usize)
    }

    async fn duplicates(
        &self,
        collection: &CollectionName,
        field: &FieldName,
        limit: u32,
    ) -> Result<Vec<Duplicate>, StoreError> {
        let mut found = super::definitions::duplicates(&self.lock(), collection, field);
        found.truncate(limit as usize);
        Ok(found)
    }

    async fn prepare(&self, _: &[Arc<CollectionDefinition>]) -> Result<(), StoreError> {
        Ok(())
    }

    async fn write(&self, changes: EntryChanges) -> Result<(), WriteError> {
        let mut state = self.lock();
        let before = state.clone();
        let outcome = apply(&mut state, changes);
        if outcome.is_err() {
            *state = before;
        }
        outcome
    }

    async fn revisions(
        &self,
        id: EntryId,
        before: Option<Revision>,
        limit: u32,
    ) -> Result<Vec<RevisionRecord>, StoreError> {
        let state = self.lock();
        let end = before.unwrap_or(Revision::new(u64::MAX));
        let found = state.revisions.range((id, Revision::new(0))..(id, end)).rev();
        let limit = limit.clamp(1, PAGE_LEN_MAX) as usize;
        Ok(found.take(limit).map(|(_, record)| record.clone()).collect())
    }

    async fn revision(
        &self,
        id: EntryId,
        revision: Revision,
    ) -> Result<Option<RevisionRecord>, StoreError> {
        Ok(self.lock().revisions.get(&(id, revision)).cloned())
    }
}

fn apply(state: &mut State, changes: EntryChanges) -> Result<(), WriteError> {
    if changes.generation.is_some_and(|it| it != state.definitions.generation) {
        return Err(WriteError::Redefined);
    }
    for (id, revision) in changes.unchanged {
        if state.entries.get(&id).map(|it| it.revision) != Some(revision) {
            return Err(WriteError::Stale(id));
        }
    }
    for write in changes.writes {
        let stored = state.entries.get(&write.entry.id).map(|it| it.revision);
        if stored != write.previous {
            return Err(WriteError::Stale(write.entry.id));
        }
        if takes_a_slug(state, &write.entry) {
            return Err(WriteError::SlugTaken(write.entry.id));
        }
        state.revisions.insert((write.entry.id, write.record.revision), write.record);
        state.search_pending.remove(&write.entry.id);
        state.facts.insert(write.entry.id, write.facts);
        state.entries.insert(write.entry.id, write.entry);
        state.events.push(write.event);
    }
    for purge in changes.purges {
        if state.entries.get(&purge.id).map(|it| it.revision) != Some(purge.previous) {
            return Err(WriteError::Stale(purge.id));
        }
        state.entries.remove(&purge.id);
        state.facts.remove(&purge.id);
        state.search_pending.remove(&purge.id);
        state.revisions.retain(|(id, _), _| *id != purge.id);
        redirects::forget(state, purge.id);
        state.working_copies.retain(|(id, _), _| *id != purge.id);
        state.events.push(purge.event);
    }
    redirects::apply(state, changes.addresses);
    for copy in &changes.saved_copies {
        state.working_copies.remove(copy);
    }
    state.audit.extend(changes.audit);
    Ok(())
}

/// When the schedule of an entry says that something happens next.
fn next_of(entry: &Entry) -> Option<Timestamp> {
    [entry.schedule.publish_at, entry.schedule.unpublish_at].into_iter().flatten().min()
}

fn slug_on(entry: &Entry, side: Side) -> Option<&Slug> {
    match side {
        Side::Live => entry.live.as_ref().map(|live| &live.slug),
        Side::Newest => Some(&entry.slug).filter(|_| entry.trashed_at.is_none()),
    }
}

fn takes_a_slug(state: &State, entry: &Entry) -> bool {
    let others = state.entries.values();
    let same = |it: &&Entry| it.collection == entry.collection && it.locale == entry.locale;
    let mut others = others.filter(same).filter(|it| it.id != entry.id);
    others.any(|other| {
        [Side::Live, Side::Newest]
            .into_iter()
            .any(|side| slug_on(entry, side).is_some_and(|slug| slug_on(other, side) == Some(slug)))
    })
}

/// Where an entry stands in a listing; `None` when it is not in it.
/// Whether an entry passes a filter. Here only conditions on what an entry points to
/// are looked at, and whether a field has a value; all others hold.
fn holds(state: &State, entry: &Entry, query: &EntryQuery, filter: &Filter) -> bool {
    let condition = match filter {
        Filter::All(all) => return all.iter().all(|it| holds(state, entry, query, it)),
        Filter::Any(any) => return any.iter().any(|it| holds(state, entry, query, it)),
        Filter::Not(one) => return !holds(state, entry, query, one),
        Filter::Is(condition) => condition,
    };
    if let (Path::Field(names), Test::Eq(value)) = (&condition.path, &condition.test) {
        let fields = match query.listing.side() {
            Side::Live => entry.live.as_ref().map(|it| &it.fields),
            Side::Newest => Some(&entry.fields),
        };
        return match names.as_slice() {
            [name] => fields.and_then(|it| it.get(name)) == Some(value),
            _ => true,
        };
    }
    let Path::Relation(field) = &condition.path else { return true };
    let facts = state.facts.get(&entry.id);
    let side = facts.and_then(|it| match query.listing.side() {
        Side::Live => it.live.as_ref(),
        Side::Newest => it.newest.as_ref(),
    });
    let references = side.map(|it| it.references.as_slice()).unwrap_or_default();
    let points_to = |value: &Value| {
        references.iter().filter(|it| it.field == *field).any(|it| match it.target {
            Target::Entry(id) => value.as_str() == Some(id.to_string().as_str()),
            Target::Asset(id) => value.as_str() == Some(id.to_string().as_str()),
            Target::File(_) => false,
        })
    };
    match &condition.test {
        Test::Eq(value) | Test::Contains(value) => points_to(value),
        Test::In(values) => values.iter().any(points_to),
        _ => true,
    }
}

/// Whether no translation of an entry is in a better one of the languages that are asked for.
pub(super) fn is_best(state: &State, entry: &Entry, query: &EntryQuery) -> bool {
    let wanted: Vec<&Locale> = query.locale.iter().chain(&query.fallbacks).collect();
    let rank = |it: &Entry| wanted.iter().position(|locale| **locale == it.locale);
    let is_listed = |it: &Entry| match query.listing {
        Listing::Published => it.live.is_some(),
        Listing::Newest(_) => it.trashed_at.is_none(),
        Listing::Trashed => it.trashed_at.is_some(),
    };
    let others = state
        .entries
        .values()
        .filter(|it| it.group == entry.group && it.collection == entry.collection && is_listed(it));
    query.fallbacks.is_empty() || others.filter_map(rank).min() == rank(entry)
}

pub(super) fn place(entry: &Entry, query: &EntryQuery) -> Option<Cursor> {
    let at = time_in(entry, query.listing)?;
    let asked = entry.collection == query.collection
        && query
            .locale
            .as_ref()
            .is_none_or(|it| *it == entry.locale || query.fallbacks.contains(&entry.locale));
    asked.then(|| Cursor::at(at, entry.id))
}

/// What a listing sorts an entry by; `None` for one that it does not have.
fn time_in(entry: &Entry, listing: Listing) -> Option<Timestamp> {
    let trashed = entry.trashed_at.is_some();
    match listing {
        Listing::Published if entry.live.is_some() => entry.first_published_at,
        Listing::Newest(None) if !trashed => Some(entry.created_at),
        Listing::Newest(Some(status)) if !trashed && status == entry.status() => {
            Some(entry.created_at)
        }
        Listing::Trashed if trashed => Some(entry.created_at),
        _ => None,
    }
}
