//! Entries in memory.

use std::cmp::Reverse;

use async_trait::async_trait;
use smartcms_app::ports::{
    Cursor, EntryPage, EntryQuery, EntryStore, EntryWrite, Listing, PAGE_LEN_MAX, Side, StoreError,
    WriteError,
};
use smartcms_domain::collections::CollectionName;
use smartcms_domain::entries::{Entry, EntryId, Revision, RevisionRecord, Slug};

use super::{MemoryStore, State};

#[async_trait]
impl EntryStore for MemoryStore {
    async fn find(&self, id: EntryId) -> Result<Option<Entry>, StoreError> {
        Ok(self.lock().entries.get(&id).cloned())
    }

    async fn find_by_slug(
        &self,
        collection: &CollectionName,
        slug: &Slug,
        side: Side,
    ) -> Result<Option<Entry>, StoreError> {
        let state = self.lock();
        let mut entries = state.entries.values().filter(|it| it.collection == *collection);
        Ok(entries.find(|it| slug_on(it, side) == Some(slug)).cloned())
    }

    async fn list(&self, query: &EntryQuery) -> Result<EntryPage, StoreError> {
        let state = self.lock();
        let mut found: Vec<(Cursor, &Entry)> =
            state.entries.values().filter_map(|it| Some((place(it, query)?, it))).collect();
        found.sort_by_key(|(place, _)| Reverse((place.at, place.id)));
        if let Some(after) = query.after {
            found.retain(|(place, _)| (place.at, place.id) < (after.at, after.id));
        }
        let limit = query.limit.clamp(1, PAGE_LEN_MAX) as usize;
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(|(place, _)| *place);
        Ok(EntryPage { entries: found.into_iter().map(|(_, it)| it.clone()).collect(), next })
    }

    async fn write(&self, write: EntryWrite) -> Result<(), WriteError> {
        let mut state = self.lock();
        let stored = state.entries.get(&write.entry.id).map(|it| it.revision);
        if stored != write.previous {
            return Err(WriteError::Stale);
        }
        if takes_a_slug(&state, &write.entry) {
            return Err(WriteError::SlugTaken);
        }
        state.revisions.insert((write.entry.id, write.record.revision), write.record);
        state.entries.insert(write.entry.id, write.entry);
        state.events.push(write.event);
        Ok(())
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

fn slug_on(entry: &Entry, side: Side) -> Option<&Slug> {
    match side {
        Side::Live => entry.live.as_ref().map(|live| &live.slug),
        Side::Newest => Some(&entry.slug).filter(|_| entry.trashed_at.is_none()),
    }
}

fn takes_a_slug(state: &State, entry: &Entry) -> bool {
    let others = state.entries.values();
    let mut others = others.filter(|it| it.collection == entry.collection && it.id != entry.id);
    others.any(|other| {
        [Side::Live, Side::Newest]
            .into_iter()
            .any(|side| slug_on(entry, side).is_some_and(|slug| slug_on(other, side) == Some(slug)))
    })
}

/// Where an entry stands in a listing; `None` when it is not in it.
fn place(entry: &Entry, query: &EntryQuery) -> Option<Cursor> {
    let trashed = entry.trashed_at.is_some();
    let at = match query.listing {
        Listing::Published if entry.live.is_some() => entry.first_published_at?,
        Listing::Newest(None) if !trashed => entry.created_at,
        Listing::Newest(Some(status)) if !trashed && status == entry.status() => entry.created_at,
        Listing::Trashed if trashed => entry.created_at,
        _ => return None,
    };
    (entry.collection == query.collection).then_some(Cursor { at, id: entry.id })
}
