//! The search by meaning among 100,000 vectors: how long it takes, and how many of the nearest it finds.

use std::path::Path;
use std::time::Instant;

use anyhow::Context as _;
use rusqlite::{Connection, params};
use smartcms_app::ports::{MeaningStore as _, NearestQuery};
use smartcms_store_sql::{SqliteSettings, SqliteStore};

use super::Bench;
use crate::rounds::Rounds;
use crate::table::{Goal, Row, Unit};
use crate::words::Chance;

/// How many vectors. A debug build is for trying the bench out.
const VECTORS: usize = if cfg!(debug_assertions) { 5_000 } else { 100_000 };
const DIMENSIONS: usize = 384;
/// How many queries are timed in one round, and for how many the nearest are found out exactly.
const QUERIES: usize = 500;
const COMPARED: usize = 50;
/// How many of the nearest are looked for.
const NEAREST: u32 = 10;
/// The percentile that is shown.
const SHARE: f64 = 0.99;
/// About how many things the texts of a site are.
const CLUSTERS: usize = 500;
const MODEL: &str = "bench/vectors";

/// Where vectors point.
#[derive(Clone, Copy)]
enum Shape {
    /// Anywhere: the hardest for whoever leaves something out.
    Anywhere,
    /// As those of texts do, of which many are about the same.
    Clustered,
}

/// Vectors of both shapes.
pub fn rows(bench: &Bench) -> anyhow::Result<Vec<Row>> {
    let mut rows = Vec::new();
    for (shape, name) in [(Shape::Clustered, "as of texts"), (Shape::Anywhere, "anywhere")] {
        let folder = tempfile::tempdir_in(&bench.work)?;
        let path = folder.path().join("site.db");
        let mut made = Made::new(shape);
        let vectors: Vec<Vec<f32>> = (0..VECTORS).map(|_| made.vector()).collect();
        drop(SqliteStore::open(&path, &SqliteSettings::default())?);
        fill(&path, &vectors)?;
        let store = SqliteStore::open(&path, &SqliteSettings::default())?;
        let queries: Vec<Vec<f32>> = (0..QUERIES).map(|_| made.vector()).collect();
        let found = bench.runtime.block_on(nearest(&store, &made.vector()))?;
        anyhow::ensure!(!found.is_empty(), "nothing is near");
        let (mut slow, mut usual) = (Vec::new(), Vec::new());
        for _ in 0..bench.rounds {
            let times = bench.runtime.block_on(round(&store, &queries))?;
            slow.push(percentile(&times, SHARE) * 1e3);
            usual.push(percentile(&times, 0.5) * 1e3);
        }
        let times = Rounds::of(slow, usual);
        let recall = bench.runtime.block_on(recall(&store, &vectors, &queries))?;
        let of = format!("{VECTORS} vectors of {DIMENSIONS}, {name}");
        let time = format!("search by meaning, {of}, p99");
        rows.push(Row::figure_beside(time, "its p50", Unit::Millis, &times, Goal::AtMost(20.0)));
        let share = format!("the ten nearest that it finds, {of}");
        rows.push(Row::figure(share, Unit::Percent, &[recall], Goal::AtLeast(95.0)));
    }
    Ok(rows)
}

/// Makes vectors of length 1.
struct Made {
    chance: Chance,
    centres: Vec<Vec<f32>>,
}

impl Made {
    fn new(shape: Shape) -> Self {
        let mut made = Self { chance: Chance::new(7), centres: Vec::new() };
        if matches!(shape, Shape::Clustered) {
            made.centres = (0..CLUSTERS).map(|_| made.direction()).collect();
        }
        made
    }

    fn vector(&mut self) -> Vec<f32> {
        let mut vector = self.direction();
        let clusters = self.centres.len() as u64;
        if clusters > 0 {
            let at = usize::try_from(self.chance.below(clusters)).unwrap_or_default();
            let centre = self.centres.get(at).into_iter().flatten();
            vector.iter_mut().zip(centre).for_each(|(it, centre)| *it += centre);
        }
        unit(vector)
    }

    /// A direction that is as likely as every other: sums of many numbers by chance are about normal.
    fn direction(&mut self) -> Vec<f32> {
        let mut number = || (0..6).map(|_| self.chance.below(1 << 20) as f32).sum::<f32>();
        unit((0..DIMENSIONS).map(|_| number() / (1 << 20) as f32 - 3.0).collect())
    }
}

fn unit(mut vector: Vec<f32>) -> Vec<f32> {
    let length = vector.iter().map(|it| it * it).sum::<f32>().sqrt();
    vector.iter_mut().for_each(|it| *it /= length);
    vector
}

/// Puts entries with one vector each into a site's file.
fn fill(path: &Path, vectors: &[Vec<f32>]) -> anyhow::Result<()> {
    let mut db = Connection::open(path)?;
    let write = db.transaction()?;
    for (number, vector) in (1_i64..).zip(vectors) {
        let id = u128::from(number.unsigned_abs()).to_be_bytes();
        let entry = "INSERT INTO entries (number, id, collection, locale, translation_group, revision, slug, \
            live_revision, live_slug, live_published_at, first_published_at, created_at, updated_at, created_by, \
            fields, live_fields) VALUES (?1, ?2, 'posts', 'en', ?2, 1, ?3, 1, ?3, 1, 1, 1, 1, 't', \
            jsonb('{}'), jsonb('{}'))";
        write.prepare_cached(entry)?.execute(params![number, id, number.to_string()])?;
        let measured =
            "INSERT INTO meaning_entries (number, model, digest, parts) VALUES (?1, ?2, ?3, 1)";
        write.prepare_cached(measured)?.execute(params![number, MODEL, [0_u8; 32]])?;
        let bytes: Vec<u8> = vector.iter().flat_map(|it| it.to_le_bytes()).collect();
        let stored = "INSERT INTO meaning_vectors (place, vector) VALUES (?1, ?2)";
        write.prepare_cached(stored)?.execute(params![number * 32, bytes])?;
    }
    write.commit().context("could not fill the site")
}

/// The numbers of the entries that are nearest.
async fn nearest(store: &SqliteStore, vector: &[f32]) -> anyhow::Result<Vec<usize>> {
    let query = NearestQuery {
        vector: vector.to_vec(),
        model: MODEL.to_owned(),
        collections: None,
        locale: None,
        except: None,
        similarity_min: -1.0,
        limit: NEAREST,
    };
    let found = store.nearest(&query).await?;
    found.iter().map(|it| Ok(usize::try_from(it.entry.as_uuid().as_u128())?)).collect()
}

/// How long each query takes, in seconds, the fastest first.
async fn round(store: &SqliteStore, queries: &[Vec<f32>]) -> anyhow::Result<Vec<f64>> {
    let mut times = Vec::new();
    for query in queries {
        let begun = Instant::now();
        nearest(store, query).await?;
        times.push(begun.elapsed().as_secs_f64());
    }
    times.sort_by(f64::total_cmp);
    Ok(times)
}

fn percentile(times: &[f64], share: f64) -> f64 {
    let at = (times.len() as f64 * share) as usize;
    times.get(at.min(times.len().saturating_sub(1))).copied().unwrap_or_default()
}

/// How many of a hundred that are nearest are found.
async fn recall(
    store: &SqliteStore,
    vectors: &[Vec<f32>],
    queries: &[Vec<f32>],
) -> anyhow::Result<f64> {
    let (mut found, mut all) = (0, 0);
    for query in queries.iter().take(COMPARED) {
        let mut exact: Vec<(f32, usize)> =
            (1..).zip(vectors).map(|(number, it)| (cosine(it, query), number)).collect();
        exact.sort_by(|a, b| b.0.total_cmp(&a.0));
        let near = nearest(store, query).await?;
        all += NEAREST as usize;
        found += exact.iter().take(NEAREST as usize).filter(|it| near.contains(&it.1)).count();
    }
    Ok(found as f64 * 100.0 / all as f64)
}

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
