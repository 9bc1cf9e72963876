//! Moving a site in, beside SQLite with the same settings, tables and sizes of rows.

use std::time::Instant;

use smartcms_store_sql::{SqliteSettings, SqliteStore};

use super::Bench;
use crate::references::raw_sqlite::RawStore;
use crate::rounds::Rounds;
use crate::site::Site;
use crate::table::{Goal, Row, Unit};
use crate::wordpress;

const POSTS: usize = 10_000;
/// What the reference commits together.
const GROUP: usize = 100;
/// The document of a post of the export, in bytes.
const DOCUMENT_BYTES: usize = 2_400;
/// Each round makes a site.
const ROUNDS_MAX: usize = 3;

/// `smartcms import wxr` from its start to its end.
pub fn rows(bench: &Bench) -> anyhow::Result<Vec<Row>> {
    let folder = tempfile::tempdir_in(&bench.work)?;
    let export = folder.path().join("export.xml");
    wordpress::write(&export, POSTS)?;
    let raw_path = folder.path().join("raw.db");
    SqliteStore::migrate(&raw_path, &SqliteSettings::default())?;
    let mut raw = RawStore::open(&raw_path)?;
    let document = vec![b'x'; DOCUMENT_BYTES];
    let rounds = Rounds::measure(
        bench.rounds.min(ROUNDS_MAX),
        || {
            let site = Site::make(&bench.smartcms, &bench.work)?;
            let begun = Instant::now();
            site.import("wxr", &export)?;
            Ok(POSTS as f64 / begun.elapsed().as_secs_f64())
        },
        || Ok(raw.saves_per_second(POSTS, GROUP, &document)?),
    )?;
    let (name, against) = ("import of 10000 posts, WXR", "raw SQLite, 100 a commit");
    let goal = Goal::AtLeast(2_000.0);
    Ok(vec![Row::figure_beside(name, against, Unit::PerSecond, &rounds, goal)])
}
