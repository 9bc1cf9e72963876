//! Several connections on the same keys, as several instances of a component are.

use std::sync::Arc;
use std::time::Duration;

use rusqlite::ErrorCode;
use smartcms_keyed::{Keys as _, MemoryKeys};

use crate::{number, open, system};

#[test]
fn a_reader_sees_what_was_there_when_it_began() {
    let keys = Arc::new(MemoryKeys::default());
    let (reader, writer) = (open(&system(&keys)).unwrap(), open(&system(&keys)).unwrap());
    writer.execute_batch("CREATE TABLE t (a); INSERT INTO t VALUES (1)").unwrap();
    reader.execute_batch("BEGIN").unwrap();
    assert_eq!(number(&reader, "SELECT count(*) FROM t"), 1);
    writer.execute_batch("INSERT INTO t VALUES (2); DELETE FROM t WHERE a = 1").unwrap();
    writer.execute_batch("INSERT INTO t VALUES (3)").unwrap();
    assert_eq!(number(&reader, "SELECT sum(a) FROM t"), 1);
    reader.execute_batch("COMMIT").unwrap();
    assert_eq!(number(&reader, "SELECT sum(a) FROM t"), 5);
}

#[test]
fn a_second_writer_is_told_to_wait() {
    let keys = Arc::new(MemoryKeys::default());
    let (first, second) = (open(&system(&keys)).unwrap(), open(&system(&keys)).unwrap());
    first.execute_batch("CREATE TABLE t (a)").unwrap();
    first.execute_batch("BEGIN IMMEDIATE; INSERT INTO t VALUES (1)").unwrap();
    second.busy_timeout(Duration::ZERO).unwrap();
    let refused = second.execute_batch("BEGIN IMMEDIATE").unwrap_err();
    assert_eq!(refused.sqlite_error_code(), Some(ErrorCode::DatabaseBusy));
    first.execute_batch("COMMIT").unwrap();
    second.execute_batch("BEGIN IMMEDIATE; INSERT INTO t VALUES (2); COMMIT").unwrap();
    assert_eq!(number(&first, "SELECT sum(a) FROM t"), 3);
}

#[test]
fn of_two_writers_without_a_lock_the_second_is_refused_and_harms_nothing() {
    let keys = Arc::new(MemoryKeys::default());
    let (first, second) = (open(&system(&keys)).unwrap(), open(&system(&keys)).unwrap());
    first.execute_batch("CREATE TABLE t (a)").unwrap();
    first.execute_batch("BEGIN IMMEDIATE; INSERT INTO t VALUES (1)").unwrap();
    // As when the lock ended by itself.
    keys.unlock("db/root").unwrap();
    second.execute_batch("INSERT INTO t VALUES (2)").unwrap();
    let refused = first.execute_batch("COMMIT").unwrap_err();
    assert_eq!(refused.sqlite_error_code(), Some(ErrorCode::DatabaseBusy));
    first.execute_batch("ROLLBACK").unwrap();
    assert_eq!(number(&first, "SELECT sum(a) FROM t"), 2);
    first.execute_batch("INSERT INTO t VALUES (3)").unwrap();
    assert_eq!(number(&second, "SELECT sum(a) FROM t"), 5);
}
