//! Saves in SQLite without anything of ours: the same tables, the same settings, rows of the same size, one connection.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, params};

/// A connection that writes.
pub struct RawStore {
    db: Connection,
    next: u128,
}

const INSERT_ENTRY: &str = "INSERT INTO entries (id, collection, locale, translation_group, \
    revision, slug, created_at, updated_at, created_by, fields) \
    VALUES (?1, 'posts', 'en', ?1, 1, ?2, ?3, ?3, 'token bench', ?4)";
const INSERT_REVISION: &str = "INSERT INTO revisions (entry, revision, change, slug, author, at, \
    fields) VALUES (?1, 1, 'entry.created', ?2, 'token bench', ?3, ?4)";
const INSERT_EVENT: &str = "INSERT INTO outbox (id, kind, at, collection, entry, revision) \
    VALUES (?1, 'entry.created', ?2, 'posts', ?1, 1)";

impl RawStore {
    /// Opens a database that has its tables already.
    pub fn open(path: &Path) -> rusqlite::Result<Self> {
        let db = Connection::open(path)?;
        db.busy_timeout(Duration::from_secs(5))?;
        db.set_prepared_statement_cache_capacity(64);
        for (name, value) in [("journal_mode", "wal"), ("synchronous", "full")] {
            db.pragma_update(None, name, value)?;
        }
        db.pragma_update(None, "foreign_keys", true)?;
        db.pragma_update(None, "cache_size", -4096)?;
        Ok(Self { db, next: 1 })
    }

    /// Saves `saves` new entries, `group` of them in each transaction; how many a second.
    pub fn saves_per_second(
        &mut self,
        saves: usize,
        group: usize,
        document: &[u8],
    ) -> rusqlite::Result<f64> {
        let begun = Instant::now();
        let mut left = saves;
        while left > 0 {
            let count = left.min(group);
            let transaction = self.db.transaction()?;
            for _ in 0..count {
                save(&transaction, self.next, document)?;
                self.next += 1;
            }
            transaction.commit()?;
            left -= count;
        }
        Ok(saves as f64 / begun.elapsed().as_secs_f64())
    }
}

fn save(db: &Connection, number: u128, document: &[u8]) -> rusqlite::Result<()> {
    let id = number.to_be_bytes();
    let slug = format!("entry-{number}");
    let at = i64::try_from(number).unwrap_or_default();
    db.prepare_cached(INSERT_ENTRY)?.execute(params![id, slug, at, document])?;
    db.prepare_cached(INSERT_REVISION)?.execute(params![id, slug, at, document])?;
    db.prepare_cached(INSERT_EVENT)?.execute(params![id, at])?;
    Ok(())
}
