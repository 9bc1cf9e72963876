//! The schema: every migration that was ever released, in order, with the hash of its text.
//!
//! A database remembers what was applied to it. One that remembers anything else than the program knows is refused.

use std::io::Read as _;

use flate2::read::DeflateDecoder;
use rusqlite::{Connection, TransactionBehavior, params};

use super::OpenProblem;

/// Marks the file as ours: "SCMS".
const APPLICATION_ID: i32 = 0x5343_4d53;

/// In the order of their names; `build.rs` writes the list.
const MIGRATIONS: &[Migration] = include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

/// Their texts, one after the other.
const PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/migrations.pack"));

const CREATE_TABLE: &str = "CREATE TABLE IF NOT EXISTS migrations (
    version INTEGER PRIMARY KEY, name TEXT NOT NULL, hash TEXT NOT NULL
) STRICT";

/// One step of the schema; never changed once released.
#[derive(Debug, Clone, Copy)]
struct Migration {
    /// The name of its file.
    name: &'static str,
    /// The number its name begins with: when it was written.
    version: i64,
    /// That of its text.
    hash: &'static str,
    /// Where its text is among all.
    start: usize,
    end: usize,
}

struct Applied {
    version: i64,
    name: String,
    hash: String,
}

/// Whether nothing was ever stored in a database.
pub(super) fn is_new(db: &Connection) -> rusqlite::Result<bool> {
    db.query_row("SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema)", [], |row| row.get(0))
}

/// Refuses a file that holds something, but nothing of ours.
pub(super) fn require_ours(db: &Connection) -> Result<(), OpenProblem> {
    // In this order: another process that makes the database between the two looks is found to be ours.
    let is_new = is_new(db)?;
    let id: i32 = db.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if is_new || id == APPLICATION_ID { Ok(()) } else { Err(OpenProblem::NotOurs) }
}

/// Refuses a database that is not exactly as the program's migrations make it.
pub(super) fn check(db: &Connection) -> Result<(), OpenProblem> {
    require_ours(db)?;
    let pending = pending(MIGRATIONS, &applied(db)?)?;
    if pending.is_empty() {
        return Ok(());
    }
    Err(OpenProblem::Pending(pending.iter().map(|it| it.name.to_owned()).collect()))
}

/// Applies what is missing, all or nothing; the names of what was applied.
pub(super) fn apply(db: &Connection) -> Result<Vec<String>, OpenProblem> {
    // Immediate: of two processes that start on a new file, one applies and the other finds it done.
    let change = rusqlite::Transaction::new_unchecked(db, TransactionBehavior::Immediate)?;
    require_ours(db)?;
    let pending = pending(MIGRATIONS, &applied(db)?)?;
    change.execute_batch(CREATE_TABLE)?;
    change.pragma_update(None, "application_id", APPLICATION_ID)?;
    let texts = if pending.is_empty() { String::new() } else { texts() };
    for migration in &pending {
        apply_one(&change, migration, &texts)
            .map_err(|source| OpenProblem::Migration { name: migration.name, source })?;
    }
    change.commit()?;
    Ok(pending.iter().map(|it| it.name.to_owned()).collect())
}

/// Unpacks the texts of all. They are a part of the executable: a test sees to it that they can be read.
fn texts() -> String {
    let mut texts = String::new();
    let _ = DeflateDecoder::new(PACKED).read_to_string(&mut texts);
    texts
}

fn apply_one(db: &Connection, migration: &Migration, texts: &str) -> rusqlite::Result<()> {
    db.execute_batch(migration.sql(texts))?;
    let row = params![migration.version, migration.name, migration.hash];
    db.execute("INSERT INTO migrations (version, name, hash) VALUES (?1, ?2, ?3)", row)?;
    Ok(())
}

/// What was applied to a database of ours, in order.
fn applied(db: &Connection) -> Result<Vec<Applied>, OpenProblem> {
    if is_new(db)? {
        return Ok(Vec::new());
    }
    let mut statement =
        db.prepare("SELECT version, name, hash FROM migrations ORDER BY version")?;
    let rows = statement.query_map([], |row| {
        Ok(Applied { version: row.get(0)?, name: row.get(1)?, hash: row.get(2)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Compares what was applied with what the program knows; what is missing.
fn pending(known: &[Migration], applied: &[Applied]) -> Result<Vec<Migration>, OpenProblem> {
    let newest = known.iter().map(|it| it.version).max().unwrap_or_default();
    for done in applied {
        match known.iter().find(|it| it.version == done.version) {
            Some(same) if same.hash == done.hash => {}
            None if done.version > newest => {
                let found = applied.iter().map(|it| it.version).max().unwrap_or_default();
                return Err(OpenProblem::Newer { found, known: newest });
            }
            _ => return Err(OpenProblem::Changed(done.name.clone())),
        }
    }
    let missing = |it: &&Migration| applied.iter().all(|done| done.version != it.version);
    Ok(known.iter().filter(missing).copied().collect())
}

impl Migration {
    fn sql<'a>(&self, texts: &'a str) -> &'a str {
        texts.get(self.start..self.end).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rusqlite::Connection;

    use super::{Applied, MIGRATIONS, Migration, OpenProblem, apply, check, pending, texts};

    const FIRST: Migration =
        Migration { name: "1_first", version: 1, hash: "a1", start: 0, end: 0 };
    const SECOND: Migration =
        Migration { name: "2_second", version: 2, hash: "b2", start: 0, end: 0 };

    fn done(migration: &Migration) -> Applied {
        Applied {
            version: migration.version,
            name: migration.name.to_owned(),
            hash: migration.hash.to_owned(),
        }
    }

    #[test]
    fn what_is_missing_is_applied_in_order() {
        let names = |applied: &[Applied]| {
            let pending = pending(&[FIRST, SECOND], applied).unwrap();
            pending.iter().map(|it| it.name).collect::<Vec<_>>()
        };
        assert_eq!(names(&[]), ["1_first", "2_second"]);
        assert_eq!(names(&[done(&FIRST)]), ["2_second"]);
        assert!(names(&[done(&FIRST), done(&SECOND)]).is_empty());
    }

    #[test]
    fn a_newer_schema_is_refused_with_both_versions() {
        let refused = pending(&[FIRST], &[done(&FIRST), done(&SECOND)]);
        assert!(matches!(refused, Err(OpenProblem::Newer { found: 2, known: 1 })), "{refused:?}");
    }

    #[test]
    fn a_changed_or_removed_migration_is_refused() {
        let changed = Applied { hash: "00".to_owned(), ..done(&FIRST) };
        assert!(matches!(pending(&[FIRST], &[changed]), Err(OpenProblem::Changed(_))));
        let refused = pending(&[SECOND], &[done(&FIRST), done(&SECOND)]);
        assert!(matches!(refused, Err(OpenProblem::Changed(name)) if name == "1_first"));
    }

    #[test]
    fn a_second_run_applies_nothing() {
        let db = Connection::open_in_memory().unwrap();
        assert!(matches!(check(&db), Err(OpenProblem::Pending(_))));
        assert_eq!(apply(&db).unwrap().len(), MIGRATIONS.len());
        assert!(apply(&db).unwrap().is_empty());
        check(&db).unwrap();
    }

    #[test]
    fn a_foreign_database_is_left_alone() {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch("CREATE TABLE recipes (name TEXT)").unwrap();
        assert!(matches!(apply(&db), Err(OpenProblem::NotOurs)));
        assert!(matches!(check(&db), Err(OpenProblem::NotOurs)));
    }

    #[test]
    fn an_index_of_both_sides_becomes_one_of_what_differs() {
        let db = Connection::open_in_memory().unwrap();
        let texts = texts();
        let once = MIGRATIONS.iter().position(|it| it.name.ends_with("search_once")).unwrap();
        for migration in &MIGRATIONS[..once] {
            db.execute_batch(migration.sql(&texts)).unwrap();
        }
        for (table, number, body) in [
            ("live", 1, "same"),
            ("newest", 1, "same"),
            ("live_english", 2, "public"),
            ("newest_english", 2, "draft"),
            ("newest", 3, "draft"),
            ("live", 4, "public"),
        ] {
            let insert = format!(
                "INSERT INTO search_{table} (rowid, title, body, scope) VALUES (?1, 't', ?2, 's')"
            );
            db.execute(&insert, (number, body)).unwrap();
        }
        db.execute_batch(MIGRATIONS[once].sql(&texts)).unwrap();
        let numbers = |sql: &str| -> Vec<i64> {
            let mut statement = db.prepare(sql).unwrap();
            let rows = statement.query_map([], |row| row.get(0)).unwrap();
            rows.collect::<Result<_, _>>().unwrap()
        };
        let found = |table: &str, word: &str| {
            numbers(&format!("SELECT rowid FROM {table} WHERE {table} MATCH '{word}'"))
        };
        assert_eq!(numbers("SELECT number FROM search_changed"), [2, 4]);
        assert_eq!(found("search_live", "same"), [1]);
        assert_eq!(found("search_live", "public"), [4]);
        assert_eq!(found("search_newest", "same OR public"), [0; 0]);
        assert_eq!(found("search_newest", "draft"), [3]);
        assert_eq!(found("search_live_english", "public"), [2]);
        assert_eq!(found("search_newest_english", "draft"), [2]);
    }

    #[test]
    fn every_file_is_embedded_as_it_is_and_sorts_by_its_version() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/sqlite");
        let files = std::fs::read_dir(folder).unwrap();
        let files: BTreeSet<String> =
            files.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
        let embedded: Vec<String> =
            MIGRATIONS.iter().map(|it| format!("{}.sql", it.name)).collect();
        assert_eq!(files.into_iter().collect::<Vec<_>>(), embedded);
        let texts = texts();
        for migration in MIGRATIONS {
            assert!(migration.name.starts_with(&format!("{}_", migration.version)));
            let file = std::fs::read(format!("{folder}/{}.sql", migration.name)).unwrap();
            assert_eq!(migration.sql(&texts).as_bytes(), file, "{}", migration.name);
            assert_eq!(migration.hash, blake3::hash(&file).to_hex().as_str());
        }
    }
}
