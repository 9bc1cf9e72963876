//! A process that ends anywhere in a commit leaves all of it or nothing.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use smartcms_keyed::{COMMITS_BETWEEN_SWEEPS, MemoryKeys, ORPHAN_AGE_SECONDS};

use crate::{NOW, number, open, system};

const CHANGE: &str = "BEGIN IMMEDIATE;
    UPDATE t SET b = b || 'x';
    INSERT INTO t (b) SELECT hex(randomblob(3000)) FROM t LIMIT 6;
    DELETE FROM t WHERE a = 2;
    COMMIT;";

/// Forty rows of several pages, with an index and a full text.
fn filled() -> Arc<MemoryKeys> {
    let keys = Arc::new(MemoryKeys::default());
    let db = open(&system(&keys)).unwrap();
    db.execute_batch(
        "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT); CREATE INDEX i ON t (b);
         CREATE VIRTUAL TABLE f USING fts5 (b);
         WITH RECURSIVE n (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < 40)
         INSERT INTO t (b) SELECT 'row ' || k || hex(zeroblob(400)) FROM n;
         INSERT INTO f (b) SELECT b FROM t;",
    )
    .unwrap();
    keys
}

#[test]
fn after_every_write_that_was_the_last_the_database_is_the_old_or_the_new_one() {
    let keys = filled();
    let whole = Arc::new((*keys).clone());
    let before = whole.writes();
    open(&system(&whole)).unwrap().execute_batch(CHANGE).unwrap();
    let writes = whole.writes() - before;
    assert!(writes > 10, "{writes} writes are a commit of several pages");
    let (mut old, mut new) = (0, 0);
    for stop in 0..=writes {
        let torn = Arc::new((*keys).clone());
        torn.stop_after(stop);
        let told = open(&system(&torn)).unwrap().execute_batch(CHANGE).is_ok();
        torn.go_on();
        let db = open(&system(&torn)).unwrap();
        let check: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(check, "ok", "after {stop} writes");
        let rows = number(&db, "SELECT count(*) FROM t");
        let changed = number(&db, "SELECT count(*) FROM t WHERE b LIKE '%x'");
        match (rows, changed) {
            (40, 0) => old += 1,
            (45, 39) => new += 1,
            other => panic!("after {stop} writes there is a half: {other:?}"),
        }
        assert!(!told || changed == 39, "what was acknowledged is there, after {stop} writes");
        // It can be gone on with.
        db.execute_batch(CHANGE).unwrap();
    }
    assert!(old > 10 && new >= 1, "{old} old, {new} new");
}

#[test]
fn what_ended_commits_left_is_taken_away_when_it_is_old() {
    let keys = filled();
    let pages = keys.values_len();
    let db = open(&system(&keys)).unwrap();
    keys.stop_after(5);
    db.execute_batch(CHANGE).unwrap_err();
    drop(db);
    keys.go_on();
    assert_eq!(keys.values_len(), pages + 5);
    let db = open(&system(&keys)).unwrap();
    for at in 0..=i64::try_from(COMMITS_BETWEEN_SWEEPS).unwrap() {
        NOW.fetch_add(ORPHAN_AGE_SECONDS / 100, Ordering::Relaxed);
        db.execute("UPDATE t SET b = ?1 WHERE a = 1", [at]).unwrap();
    }
    drop(db);
    let needed = number(&open(&system(&keys)).unwrap(), "PRAGMA page_count");
    let kept = i64::try_from(keys.values_len()).unwrap();
    // What the newest commits replaced is kept for those who still read it.
    assert!((needed..needed + 60).contains(&kept), "{kept} values for {needed} pages");
}
