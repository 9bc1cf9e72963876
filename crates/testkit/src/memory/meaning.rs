//! Meanings in memory: every vector is compared exactly.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use smartcms_app::ports::{
    ChangedMeanings, MeaningCounts, MeaningPlace, MeaningStore, Measured, NearEntry, NearestQuery,
    StoreError, Unmeasured,
};
use smartcms_domain::entries::{Entry, EntryId};

use super::MemoryStore;

#[derive(Debug, Clone, Default)]
pub(super) struct Meanings {
    model: Option<String>,
    measured: BTreeMap<EntryId, Measured>,
    /// Whose vectors changed, in that order.
    log: Vec<EntryId>,
}

impl Meanings {
    pub(super) fn forget(&mut self, entry: EntryId) {
        if self.measured.remove(&entry).is_some() {
            self.log.push(entry);
        }
    }

    fn of(&self, entry: EntryId, model: &str) -> Option<&Measured> {
        self.measured.get(&entry).filter(|it| it.model == model)
    }

    fn waits(&self, entry: &Entry) -> bool {
        let kept = self.of(entry.id, self.model.as_deref().unwrap_or_default());
        entry.live.is_some() && kept.is_none_or(|it| it.revision != entry.revision)
    }
}

#[async_trait]
impl MeaningStore for MemoryStore {
    async fn measure_by(&self, model: &str) -> Result<(), StoreError> {
        self.lock().meanings.model = Some(model.to_owned());
        Ok(())
    }

    async fn unmeasured(&self, limit: u32) -> Result<Vec<Unmeasured>, StoreError> {
        let state = self.lock();
        let model = state.meanings.model.clone().unwrap_or_default();
        let waiting = state.entries.values().filter(|it| state.meanings.waits(it));
        let unmeasured = waiting.map(|it| Unmeasured {
            entry: it.id,
            digest: state.meanings.of(it.id, &model).map(|it| it.digest),
        });
        Ok(unmeasured.take(limit as usize).collect())
    }

    async fn keep_meanings(&self, measured: Vec<Measured>) -> Result<(), StoreError> {
        let state = &mut *self.lock();
        for mut one in measured {
            let entry = state.entries.get(&one.entry);
            if entry.is_some_and(|it| it.revision == one.revision && it.live.is_some()) {
                let before = state.meanings.measured.remove(&one.entry);
                if one.vectors.is_some() {
                    state.meanings.log.push(one.entry);
                }
                one.vectors = one.vectors.or_else(|| before?.vectors);
                state.meanings.measured.insert(one.entry, one);
            }
        }
        Ok(())
    }

    async fn nearest(&self, query: &NearestQuery) -> Result<Vec<NearEntry>, StoreError> {
        let state = self.lock();
        let entries = state.entries.values().filter(|it| is_in(it, query));
        let mut found: Vec<NearEntry> = entries
            .filter_map(|it| best(state.meanings.of(it.id, &query.model)?, &query.vector))
            .filter(|it| it.similarity >= query.similarity_min)
            .collect();
        found.sort_by(|a, b| b.similarity.total_cmp(&a.similarity).then(b.entry.cmp(&a.entry)));
        found.truncate(query.limit as usize);
        Ok(found)
    }

    async fn meaning_of(
        &self,
        entry: EntryId,
        model: &str,
    ) -> Result<Option<Vec<f32>>, StoreError> {
        let state = self.lock();
        let is_live = state.entries.get(&entry).is_some_and(|it| it.live.is_some());
        let kept = state.meanings.of(entry, model).filter(|_| is_live);
        let vectors = kept.and_then(|it| it.vectors.clone()).unwrap_or_default();
        Ok(middle(vectors.into_iter().filter(|it| !it.is_empty()).collect()))
    }

    async fn changed_meanings(
        &self,
        after: Option<MeaningPlace>,
    ) -> Result<ChangedMeanings, StoreError> {
        let state = self.lock();
        let log = &state.meanings.log;
        let seen = after.map_or(log.len(), |it| usize::try_from(it.0).unwrap_or(usize::MAX));
        let changed = log.iter().skip(seen).filter_map(|it| state.entries.get(it));
        let collections: BTreeSet<_> = changed.map(|it| it.collection.clone()).collect();
        let now = MeaningPlace(log.len() as u64);
        Ok(ChangedMeanings { now, collections: collections.into_iter().collect() })
    }

    async fn count_meanings(&self, model: &str) -> Result<MeaningCounts, StoreError> {
        let state = self.lock();
        let live = state.entries.values().filter(|it| it.live.is_some());
        let kept: Vec<&Measured> = live.filter_map(|it| state.meanings.of(it.id, model)).collect();
        let parts = kept.iter().flat_map(|it| it.vectors.iter().flatten());
        Ok(MeaningCounts {
            entries: kept.len() as u64,
            vectors: parts.filter(|it| !it.is_empty()).count() as u64,
            waiting: state.entries.values().filter(|it| state.meanings.waits(it)).count() as u64,
        })
    }
}

fn is_in(entry: &Entry, query: &NearestQuery) -> bool {
    entry.live.is_some()
        && Some(entry.id) != query.except
        && query.collections.as_ref().is_none_or(|it| it.contains(&entry.collection))
        && query.locale.as_ref().is_none_or(|it| *it == entry.locale)
}

fn best(kept: &Measured, vector: &[f32]) -> Option<NearEntry> {
    let vectors = kept.vectors.iter().flatten().enumerate().filter(|it| !it.1.is_empty());
    let near = vectors.map(|(part, it)| NearEntry {
        entry: kept.entry,
        part: u32::try_from(part).unwrap_or_default(),
        similarity: it.iter().zip(vector).map(|(a, b)| a * b).sum(),
    });
    near.max_by(|a, b| a.similarity.total_cmp(&b.similarity).then(b.part.cmp(&a.part)))
}

fn middle(vectors: Vec<Vec<f32>>) -> Option<Vec<f32>> {
    let mut sum = vec![0.0; vectors.first()?.len()];
    for vector in &vectors {
        sum.iter_mut().zip(vector).for_each(|(sum, more)| *sum += more);
    }
    let length = sum.iter().map(|it| it * it).sum::<f32>().sqrt();
    Some(sum.iter().map(|it| it / length).collect())
}
