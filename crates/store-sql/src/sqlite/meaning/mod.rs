//! What entries mean: vectors in the file, and beside it their shorter form in memory, which is scanned.
//!
//! The file is what counts. What is in memory follows a log of changes, also those of other processes; what it finds is
//! read from the file before it is an answer, so that nothing is found that has left the site meanwhile.

mod follow;
mod keep;
mod load;
mod near;
mod scan;
mod segments;

use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use smartcms_app::ports::{
    ChangedMeanings, MeaningCounts, MeaningPlace, MeaningStore, Measured, NearEntry, NearestQuery,
    StoreError, Unmeasured,
};
use smartcms_domain::entries::EntryId;

pub(super) use self::keep::{changed, forget, forget_all};
use self::load::Loaded;
use super::SqliteStore;
use super::rows::{all, first};

const WAITING: &str = "SELECT e.id, m.digest FROM (SELECT number FROM meaning_waiting ORDER BY number LIMIT ?1) AS w \
    JOIN entries AS e ON e.number = w.number LEFT JOIN meaning_entries AS m \
    ON m.number = w.number AND m.model = (SELECT name FROM meaning_model)";
const VECTORS_OF: &str = "SELECT v.vector FROM entries AS e JOIN meaning_entries AS m ON m.number = e.number \
    JOIN meaning_vectors AS v ON v.place BETWEEN e.number * 32 AND e.number * 32 + 31 \
    WHERE e.id = ?1 AND e.live_revision IS NOT NULL AND m.model = ?2";
const COUNT: &str = "SELECT count(*), coalesce(sum(parts), 0), (SELECT count(*) FROM meaning_waiting) \
    FROM meaning_entries WHERE model = ?1";

/// How many places there are for the parts of one entry. The statements say it in figures.
const PARTS: i64 = 32;
const _: () = assert!(smartcms_app::ports::MEANING_PARTS_MAX == PARTS as usize);

/// What is in memory of the vectors of the model that was asked for last.
#[derive(Default)]
pub(super) struct Meanings(Mutex<Option<Loaded>>);

impl Meanings {
    fn lock(&self) -> MutexGuard<'_, Option<Loaded>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl MeaningStore for SqliteStore {
    async fn measure_by(&self, model: &str) -> Result<(), StoreError> {
        let model = model.to_owned();
        let action = format!("let the model {model} measure");
        self.writer.write(action, move |db| Ok(keep::measure_by(db, &model)?)).await
    }

    async fn unmeasured(&self, limit: u32) -> Result<Vec<Unmeasured>, StoreError> {
        let action = || "list the entries that wait to be measured".to_owned();
        self.readers.read(action, |db| {
            all(db, WAITING, [limit], |mut row| {
                let entry = EntryId::new(row.uuid()?);
                Ok(Unmeasured { entry, digest: row.next()? })
            })
        })
    }

    async fn keep_meanings(&self, measured: Vec<Measured>) -> Result<(), StoreError> {
        if measured.is_empty() {
            return Ok(());
        }
        let action = format!("store the meaning of {} entries", measured.len());
        self.writer.write(action, move |db| Ok(keep::keep(db, &measured)?)).await
    }

    async fn nearest(&self, query: &NearestQuery) -> Result<Vec<NearEntry>, StoreError> {
        let action = || format!("look for what is near by the model {}", query.model);
        let Some(snapshot) = self
            .readers
            .read(action, |db| load::fresh(&mut self.meanings.lock(), db, &query.model))?
        else {
            return Ok(Vec::new());
        };
        let candidates = scan::candidates(&snapshot, query).await;
        self.readers.read(action, |db| near::entries(db, query, candidates))
    }

    async fn meaning_of(
        &self,
        entry: EntryId,
        model: &str,
    ) -> Result<Option<Vec<f32>>, StoreError> {
        let action = || format!("read the meaning of entry {entry}");
        let params = (entry.as_uuid().as_bytes(), model);
        let vectors = self.readers.read(action, |db| {
            all(db, VECTORS_OF, params, |mut row| Ok(near::floats(&row.next::<Vec<u8>>()?)))
        })?;
        Ok(middle(&vectors))
    }

    async fn changed_meanings(
        &self,
        after: Option<MeaningPlace>,
    ) -> Result<ChangedMeanings, StoreError> {
        let action = || "look for changed meanings".to_owned();
        self.readers.read(action, |db| follow::changed(db, after))
    }

    async fn count_meanings(&self, model: &str) -> Result<MeaningCounts, StoreError> {
        let action = || "count what is measured".to_owned();
        let counts = self.readers.read(action, |db| {
            first(db, COUNT, [model], |mut row| {
                let (entries, vectors) = (row.count()?, row.count()?);
                Ok(MeaningCounts { entries, vectors, waiting: row.count()? })
            })
        })?;
        Ok(counts.unwrap_or_default())
    }
}

/// The middle of vectors, of length 1; `None` of none, and of those that cancel one another out.
fn middle(vectors: &[Vec<f32>]) -> Option<Vec<f32>> {
    let mut sum = vec![0.0_f32; vectors.first()?.len()];
    for vector in vectors {
        sum.iter_mut().zip(vector).for_each(|(sum, more)| *sum += more);
    }
    let length = sum.iter().map(|it| it * it).sum::<f32>().sqrt();
    (length > f32::EPSILON).then(|| sum.iter().map(|it| it / length).collect())
}
