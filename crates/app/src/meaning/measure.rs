//! Measuring what waits, in the background.

use std::collections::{BTreeSet, HashMap};

use smartcms_domain::collections::CollectionName;
use smartcms_domain::entries::{Entry, EntryId};

use super::{Meaning, Passages, passages};
use crate::App;
use crate::entries::facts_of;
use crate::ports::{MEANING_DIMENSIONS_MAX, Measured, ModelError, StoreError, Unmeasured};

/// How many entries are looked at in one step.
const STEP_ENTRIES: u32 = 32;
/// How many texts a model gets at once.
const STEP_TEXTS: usize = 64;

/// What one step did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Measuring {
    /// Entries whose text was measured.
    pub measured: u64,
    /// Entries whose text was the same as before.
    pub unchanged: u64,
    /// Entries that the model cannot measure. They are looked at again when they change.
    pub refused: u64,
    /// The collections of those that were measured.
    pub collections: BTreeSet<CollectionName>,
}

impl Measuring {
    /// Whether anything waited.
    pub fn is_idle(&self) -> bool {
        *self == Self::default()
    }
}

/// Why a step was not done. What waited goes on waiting.
#[derive(Debug, thiserror::Error)]
pub enum MeasureError {
    /// The model gave no vectors.
    #[error("the model {model} did not measure the text of {entries} entries")]
    Model {
        /// Which.
        model: String,
        /// How many entries it was asked about.
        entries: usize,
        /// Why.
        #[source]
        source: ModelError,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An entry and what is to be measured of it.
struct Wanted {
    entry: Entry,
    passages: Passages,
}

/// Measures some of the entries that wait, and keeps what came of it: a process that ends loses one step at most. Text
/// that was measured before by the same model is not measured again.
pub async fn measure_some(app: &App) -> Result<Measuring, MeasureError> {
    let done = step(app).await;
    let meaning = &app.meaning;
    match &done {
        Ok(done) => {
            meaning.note(&meaning.done.measured, done.measured);
            meaning.note(&meaning.done.unchanged, done.unchanged);
        }
        Err(_) => meaning.note(&meaning.done.failures, 1),
    }
    done
}

async fn step(app: &App) -> Result<Measuring, MeasureError> {
    let meaning = &app.meaning;
    let waiting = meaning.store.unmeasured(STEP_ENTRIES).await?;
    if waiting.is_empty() {
        return Ok(Measuring::default());
    }
    let known: HashMap<EntryId, Option<[u8; 32]>> =
        waiting.iter().map(|Unmeasured { entry, digest }| (*entry, *digest)).collect();
    let ids: Vec<EntryId> = waiting.iter().map(|it| it.entry).collect();
    let entries = app.entries.find_many(&ids).await?;
    let (mut same, mut wanted) = (Vec::new(), Vec::new());
    for entry in entries {
        let passages = passages_of(app, meaning, &entry);
        if known.get(&entry.id).copied().flatten() == Some(passages.digest) {
            same.push(kept(meaning, &entry, &passages, None));
        } else {
            wanted.push(Wanted { entry, passages });
        }
    }
    let mut done = Measuring { unchanged: same.len() as u64, ..Measuring::default() };
    meaning.store.keep_meanings(same).await?;
    for batch in batches(wanted) {
        done.collections.extend(batch.iter().map(|it| it.entry.collection.clone()));
        let (measured, refused) = measured(meaning, &batch).await?;
        done.measured += batch.len() as u64 - refused;
        done.refused += refused;
        meaning.store.keep_meanings(measured).await?;
    }
    Ok(done)
}

/// Entries whose texts go to the model together.
fn batches(wanted: Vec<Wanted>) -> Vec<Vec<Wanted>> {
    let mut batches: Vec<Vec<Wanted>> = Vec::new();
    let mut texts = 0;
    for one in wanted {
        let more = one.passages.parts.len();
        match batches.last_mut() {
            Some(batch) if texts + more <= STEP_TEXTS => {
                texts += more;
                batch.push(one);
            }
            _ => {
                texts = more;
                batches.push(vec![one]);
            }
        }
    }
    batches
}

/// What the model says about some entries, and how many of them it refuses. Where it refuses several together, they are
/// asked about one by one: a text that it cannot take keeps no other waiting.
async fn measured(
    meaning: &Meaning,
    batch: &[Wanted],
) -> Result<(Vec<Measured>, u64), MeasureError> {
    match vectors(meaning, batch).await {
        Ok(vectors) => {
            let kept = batch.iter().zip(vectors);
            let kept = kept.map(|(it, vectors)| kept_with(meaning, it, Some(vectors)));
            Ok((kept.collect(), 0))
        }
        Err(error) if !is_about_the_text(&error) => {
            let (model, entries) = (meaning.model.name.clone(), batch.len());
            Err(MeasureError::Model { model, entries, source: error })
        }
        Err(error) => {
            let [one] = batch else {
                let (mut all, mut refused) = (Vec::new(), 0);
                for one in batch {
                    let (measured, more) =
                        Box::pin(measured(meaning, std::slice::from_ref(one))).await?;
                    all.extend(measured);
                    refused += more;
                }
                return Ok((all, refused));
            };
            tracing::warn!(
                entry.id = %one.entry.id, model = meaning.model.name, %error,
                "the text of an entry cannot be measured; it is not found by its meaning"
            );
            Ok((vec![kept_with(meaning, one, Some(Vec::new()))], 1))
        }
    }
}

/// Whether another text would have been measured.
fn is_about_the_text(error: &ModelError) -> bool {
    matches!(error, ModelError::Invalid(_) | ModelError::Refused(_))
}

/// The vectors of each entry's parts; those that say nothing are zeros.
async fn vectors(meaning: &Meaning, batch: &[Wanted]) -> Result<Vec<Vec<Vec<f32>>>, ModelError> {
    let parts = batch.iter().flat_map(|it| &it.passages.parts);
    let texts: Vec<String> = parts.filter(|it| !it.is_empty()).cloned().collect();
    let asked = texts.len();
    let vectors =
        if texts.is_empty() { Vec::new() } else { meaning.embedder.embed(&texts).await? };
    let len = vectors.first().map_or(0, Vec::len);
    if vectors.len() != asked || vectors.iter().any(|it| it.len() != len) {
        let given = vectors.len();
        return Err(ModelError::Unfit(format!("{given} vectors for {asked} texts")));
    }
    if len > MEANING_DIMENSIONS_MAX {
        let most = MEANING_DIMENSIONS_MAX;
        return Err(ModelError::Unfit(format!("vectors of {len} numbers, more than {most}")));
    }
    let mut vectors = vectors.into_iter();
    let mut of_part = |part: &String| match part.is_empty() {
        true => Vec::new(),
        false => vectors.next().unwrap_or_default(),
    };
    Ok(batch.iter().map(|it| it.passages.parts.iter().map(&mut of_part).collect()).collect())
}

fn passages_of(app: &App, meaning: &Meaning, entry: &Entry) -> Passages {
    let definition = app.collections.get(&entry.collection);
    let facts = definition.and_then(|it| facts_of(&it, entry).live).unwrap_or_default();
    passages(&facts, meaning.model.passage_chars)
}

fn kept_with(meaning: &Meaning, wanted: &Wanted, vectors: Option<Vec<Vec<f32>>>) -> Measured {
    kept(meaning, &wanted.entry, &wanted.passages, vectors)
}

fn kept(
    meaning: &Meaning,
    entry: &Entry,
    passages: &Passages,
    vectors: Option<Vec<Vec<f32>>>,
) -> Measured {
    Measured {
        entry: entry.id,
        revision: entry.revision,
        model: meaning.model.name.clone(),
        digest: passages.digest,
        vectors,
    }
}
