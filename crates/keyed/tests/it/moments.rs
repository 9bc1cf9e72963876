//! Within a moment the host is asked once, and nobody is misled by it.

use std::sync::Arc;

use smartcms_keyed::MemoryKeys;

use crate::{number, open, system};

#[test]
fn in_a_moment_the_host_is_asked_once_and_after_it_what_others_did_is_seen() {
    let keys = Arc::new(MemoryKeys::default());
    let system_of_one = system(&keys);
    let (one, other) = (open(&system_of_one).unwrap(), open(&system(&keys)).unwrap());
    one.execute_batch("CREATE TABLE t (a); INSERT INTO t VALUES (1)").unwrap();
    let sum = || number(&one, "SELECT sum(a) FROM t");
    assert_eq!(sum(), 1);
    let moment = system_of_one.moment();
    let looks = keys.looks();
    for _ in 0..5 {
        assert_eq!(sum(), 1);
    }
    assert_eq!(keys.looks(), looks + 1);
    drop(moment);
    other.execute_batch("INSERT INTO t VALUES (2)").unwrap();
    let moment = system_of_one.moment();
    assert_eq!(sum(), 3);
    drop(moment);
    let looks = keys.looks();
    assert_eq!((sum(), sum()), (3, 3));
    assert_eq!(keys.looks(), looks + 2, "outside of a moment each transaction asks");
}

#[test]
fn who_writes_in_a_moment_writes_onto_what_others_committed_in_it() {
    let keys = Arc::new(MemoryKeys::default());
    let system_of_one = system(&keys);
    let (one, other) = (open(&system_of_one).unwrap(), open(&system(&keys)).unwrap());
    one.execute_batch("CREATE TABLE t (a); INSERT INTO t VALUES (1)").unwrap();
    let moment = system_of_one.moment();
    assert_eq!(number(&one, "SELECT sum(a) FROM t"), 1);
    other.execute_batch("INSERT INTO t VALUES (2)").unwrap();
    assert_eq!(number(&one, "SELECT sum(a) FROM t"), 1, "as it was when the moment began");
    one.execute_batch("INSERT INTO t VALUES (4)").unwrap();
    for db in [&one, &other] {
        assert_eq!(number(db, "SELECT sum(a) FROM t"), 7);
    }
    drop(moment);
    let check: String = one.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(check, "ok");
}

#[test]
fn what_others_replaced_is_counted_and_what_was_written_here_is_not() {
    let keys = Arc::new(MemoryKeys::default());
    let system_of_one = system(&keys);
    let counted = || system_of_one.replaced_by_others("db").unwrap();
    assert_eq!(counted(), None, "nothing was read yet");
    let (one, other) = (open(&system_of_one).unwrap(), open(&system(&keys)).unwrap());
    one.execute_batch("CREATE TABLE t (a); INSERT INTO t VALUES (1)").unwrap();
    let before = counted().unwrap();
    one.execute_batch("INSERT INTO t VALUES (2)").unwrap();
    assert_eq!(counted(), Some(before));
    other.execute_batch("INSERT INTO t VALUES (3)").unwrap();
    assert_eq!(counted(), None);
    assert_eq!(number(&one, "SELECT sum(a) FROM t"), 6);
    assert_eq!(counted(), Some(before + 1));
    let _moment = system_of_one.moment();
    let looks = keys.looks();
    assert_eq!((counted(), number(&one, "SELECT count(*) FROM t")), (Some(before + 1), 3));
    assert_eq!(keys.looks(), looks + 1, "the question that was asked is not asked again");
}
