//! SQLite on keys: what was committed is there, whatever happened in between.

#![cfg(test)]

mod crashes;
mod moments;
mod writers;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::{Connection, OpenFlags};
use smartcms_app::ports::BlobStore as _;
use smartcms_keyed::{Ground, KeyBlobs, KeyedDatabase, Keys, MemoryKeys, VALUE_LEN_MAX};
use smartcms_testkit::suites;

static NOW: AtomicU64 = AtomicU64::new(1_000_000);
static CHANCE: AtomicU64 = AtomicU64::new(1);

/// Registers a file system on these keys, under a name of its own.
fn system(keys: &Arc<MemoryKeys>) -> KeyedDatabase {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let ground = Ground {
        keys: Arc::clone(keys) as Arc<dyn Keys>,
        now_seconds: || NOW.load(Ordering::Relaxed),
        chance: || CHANCE.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed),
    };
    let name = format!("keys-{}", NEXT.fetch_add(1, Ordering::Relaxed));
    KeyedDatabase::register(&name, ground).unwrap()
}

fn open(system: &KeyedDatabase) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags_and_vfs("db", flags, system.name())?;
    db.execute_batch(
        "PRAGMA page_size = 4096; PRAGMA journal_mode = memory; PRAGMA temp_store = memory;
         PRAGMA synchronous = full;",
    )?;
    Ok(db)
}

fn number(db: &Connection, sql: &str) -> i64 {
    db.query_row(sql, [], |row| row.get(0)).unwrap()
}

#[test]
fn what_one_connection_committed_the_next_one_reads() {
    let keys = Arc::new(MemoryKeys::default());
    let db = open(&system(&keys)).unwrap();
    db.execute_batch("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)").unwrap();
    for at in 0..200 {
        db.execute("INSERT INTO t (b) VALUES (?1)", [format!("{at}").repeat(100)]).unwrap();
    }
    drop(db);
    let db = open(&system(&keys)).unwrap();
    assert_eq!(number(&db, "SELECT count(*) FROM t"), 200);
    db.execute_batch("DELETE FROM t WHERE a > 3; VACUUM").unwrap();
    let check: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(check, "ok");
    assert_eq!(number(&open(&system(&keys)).unwrap(), "SELECT count(*) FROM t"), 3);
}

#[test]
fn a_transaction_that_is_rolled_back_writes_nothing() {
    let keys = Arc::new(MemoryKeys::default());
    let db = open(&system(&keys)).unwrap();
    db.execute_batch("CREATE TABLE t (a TEXT)").unwrap();
    let writes = keys.writes();
    db.execute_batch("BEGIN; INSERT INTO t VALUES (hex(randomblob(9000))); ROLLBACK").unwrap();
    assert_eq!(keys.writes(), writes);
    assert_eq!(number(&db, "SELECT count(*) FROM t"), 0);
}

#[test]
fn a_transaction_asks_for_no_page_that_is_held() {
    let keys = Arc::new(MemoryKeys::default());
    let (db, other) = (open(&system(&keys)).unwrap(), open(&system(&keys)).unwrap());
    db.execute_batch("CREATE TABLE t (a); INSERT INTO t VALUES (1)").unwrap();
    assert_eq!(number(&db, "SELECT sum(a) FROM t"), 1);
    let reads = keys.reads();
    for _ in 0..10 {
        assert_eq!(number(&db, "SELECT sum(a) FROM t"), 1);
    }
    assert_eq!(keys.reads(), reads);
    other.execute_batch("INSERT INTO t VALUES (2)").unwrap();
    assert_eq!(number(&db, "SELECT sum(a) FROM t"), 3);
    assert!(keys.reads() > reads);
}

#[tokio::test]
async fn files_pass_the_suite() {
    let keys = Arc::new(MemoryKeys::default());
    suites::blobs(&KeyBlobs::new(keys, "media")).await;
}

#[tokio::test]
async fn a_large_file_is_kept_in_pieces_and_leaves_none_behind() {
    let keys = Arc::new(MemoryKeys::default());
    let blobs = KeyBlobs::new(Arc::clone(&keys) as _, "media");
    let bytes = bytes::Bytes::from(vec![7; 2 * VALUE_LEN_MAX + 1]);
    let digest = blobs.put(bytes.clone()).await.unwrap();
    assert_eq!(keys.values_len(), 4, "three pieces, and that it is there");
    assert_eq!(blobs.get(&digest).await.unwrap(), Some(bytes));
    assert!(blobs.remove(&digest).await.unwrap());
    assert_eq!(keys.values_len(), 0);
}
