//! Definitions in memory.

use std::collections::BTreeMap;

use async_trait::async_trait;
use smartcms_app::ports::{
    DefinitionRecord, DefinitionStore, Duplicate, EntryRewrite, KnownDefinitions, Origin,
    RedefineError, Redefinition, Side, StagedEntry, StoreError,
};
use smartcms_domain::collections::{CollectionDefinition, CollectionName, FieldName};
use smartcms_domain::entries::{EntryId, Fields, Revision, RevisionRecord, Slug};
use uuid::Uuid;

use super::{MemoryStore, State};
use crate::builders::at;

impl MemoryStore {
    /// Remembers definitions as if they had been applied before, and counts no change.
    pub fn seed_definitions(&self, definitions: &[std::sync::Arc<CollectionDefinition>]) {
        let record = |definition: &std::sync::Arc<CollectionDefinition>| DefinitionRecord {
            definition: (**definition).clone(),
            origin: Origin::Database,
            revision: Revision::FIRST,
            changed_at: at(0),
            changed_by: "test".to_owned(),
        };
        let mut records: Vec<DefinitionRecord> = definitions.iter().map(record).collect();
        records.sort_by(|a, b| a.definition.name.cmp(&b.definition.name));
        self.lock().definitions.records = records;
    }
}

#[async_trait]
impl DefinitionStore for MemoryStore {
    async fn definitions(&self) -> Result<KnownDefinitions, StoreError> {
        Ok(self.lock().definitions.clone())
    }

    async fn generation(&self) -> Result<u64, StoreError> {
        Ok(self.lock().definitions.generation)
    }

    async fn stage(
        &self,
        change: Uuid,
        looked_at: Vec<EntryId>,
        staged: Vec<StagedEntry>,
    ) -> Result<(), StoreError> {
        let mut state = self.lock();
        state.staged.retain(|(of, entry), _| *of != change || !looked_at.contains(entry));
        for entry in staged {
            let id = match &entry {
                StagedEntry::Rewrite(it) => it.entry.id,
                StagedEntry::Purge(it) => it.id,
            };
            state.staged.insert((change, id), entry);
        }
        Ok(())
    }

    async fn forget_staged(&self) -> Result<(), StoreError> {
        self.lock().staged.clear();
        Ok(())
    }

    async fn redefine(&self, change: Redefinition) -> Result<u64, RedefineError> {
        let mut state = self.lock();
        let before = state.clone();
        let outcome = redefine(&mut state, change);
        if outcome.is_err() {
            *state = before;
        }
        outcome
    }
}

fn redefine(state: &mut State, change: Redefinition) -> Result<u64, RedefineError> {
    if state.definitions.generation != change.generation {
        return Err(RedefineError::Stale);
    }
    let seen = usize::try_from(change.seen.0).unwrap();
    let mut later = state.events.iter().skip(seen);
    if later.any(|it| change.looked_at.contains(&it.collection)) {
        return Err(RedefineError::Moved);
    }
    for ((of, id), staged) in std::mem::take(&mut state.staged) {
        if of != change.change {
            continue;
        }
        let stored = state.entries.get(&id).map(|it| it.revision);
        match staged {
            StagedEntry::Rewrite(it) if stored == Some(it.previous) => rewrite(state, *it),
            StagedEntry::Purge(it) if stored == Some(it.previous) => {
                state.entries.remove(&id);
                state.facts.remove(&id);
                state.search_pending.remove(&id);
                state.revisions.retain(|(of, _), _| *of != id);
                state.events.push(it.event);
            }
            _ => return Err(RedefineError::Moved),
        }
    }
    let gone = |it: &DefinitionRecord| {
        let name = &it.definition.name;
        change.removed.contains(name) || change.records.iter().any(|it| it.definition.name == *name)
    };
    state.definitions.records.retain(|it| !gone(it));
    state.definitions.records.extend(change.records);
    state.definitions.records.sort_by(|a, b| a.definition.name.cmp(&b.definition.name));
    state.definitions.computed.retain(|(it, _)| change.computed.iter().all(|(id, _)| id != it));
    state.definitions.computed.extend(change.computed);
    state.definitions.computed.sort();
    for definition in &change.all {
        for field in definition.fields.iter().filter(|it| it.unique) {
            if !duplicates(state, &definition.name, &field.name).is_empty() {
                let (collection, field) = (definition.name.to_string(), field.name.to_string());
                return Err(RedefineError::NotUnique { collection, field });
            }
        }
    }
    state.definitions.generation += 1;
    Ok(state.definitions.generation)
}

fn rewrite(state: &mut State, rewrite: EntryRewrite) {
    let entry = &rewrite.entry;
    let record = |revision: Revision, slug: &Slug, fields: &Fields| RevisionRecord {
        revision,
        change: rewrite.event.kind,
        slug: slug.clone(),
        fields: fields.clone(),
        author: rewrite.author.clone(),
        message: Some(rewrite.message.clone()),
        help: Vec::new(),
        at: entry.updated_at,
    };
    let newest = record(entry.revision, &entry.slug, &entry.fields);
    let live = entry.live.as_ref().filter(|it| it.revision > rewrite.previous);
    let live = live.map(|it| record(it.revision, &it.slug, &it.fields));
    for record in live.into_iter().chain([newest]) {
        state.revisions.insert((entry.id, record.revision), record);
    }
    state.search_pending.insert(entry.id);
    state.facts.insert(entry.id, rewrite.facts);
    state.events.push(rewrite.event);
    state.entries.insert(rewrite.entry.id, rewrite.entry);
}

pub(super) fn duplicates(
    state: &State,
    collection: &CollectionName,
    field: &FieldName,
) -> Vec<Duplicate> {
    let mut found: BTreeMap<(bool, String, String), Vec<EntryId>> = BTreeMap::new();
    for entry in state.entries.values().filter(|it| it.collection == *collection) {
        let newest = Some(&entry.fields).filter(|_| entry.trashed_at.is_none());
        let live = entry.live.as_ref().map(|it| &it.fields);
        for (is_live, fields) in [(false, newest), (true, live)] {
            let Some(value) = fields.and_then(|it| it.get(field.as_str())) else { continue };
            let key = (is_live, entry.locale.to_string(), value.to_string());
            found.entry(key).or_default().push(entry.id);
        }
    }
    let shared = found.into_iter().filter(|(_, entries)| entries.len() > 1);
    shared
        .map(|((is_live, locale, value), entries)| duplicate(is_live, &locale, &value, entries))
        .collect()
}

fn duplicate(is_live: bool, locale: &str, value: &str, entries: Vec<EntryId>) -> Duplicate {
    Duplicate {
        side: if is_live { Side::Live } else { Side::Newest },
        locale: crate::builders::locale(locale),
        value: serde_json::from_str(value).unwrap(),
        entries,
    }
}
