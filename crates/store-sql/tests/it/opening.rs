//! Which files open.

use std::os::unix::fs::PermissionsExt as _;

use smartcms_store_sql::{OpenProblem, SqliteSettings, SqliteStore};

use crate::Folder;

#[test]
fn a_new_file_gets_the_schema_and_is_for_its_owner_alone() {
    let folder = Folder::new().unwrap();
    drop(folder.open().unwrap());
    let mode = std::fs::metadata(folder.path()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    SqliteStore::check(&folder.path(), &SqliteSettings::default()).unwrap();
    let applied = SqliteStore::migrate(&folder.path(), &SqliteSettings::default()).unwrap();
    assert!(applied.is_empty(), "nothing is missing");
}

#[test]
fn a_newer_schema_is_refused_with_what_to_do() {
    let folder = Folder::new().unwrap();
    drop(folder.open().unwrap());
    let db = rusqlite::Connection::open(folder.path()).unwrap();
    db.execute("INSERT INTO migrations VALUES (300001010000, 'x', 'y')", []).unwrap();
    let error = folder.open().err().unwrap();
    let said = error.problem.to_string();
    assert!(said.starts_with("its schema is of a newer version 300001010000, this program knows "));
    assert!(said.ends_with("; use a newer smartcms"), "{said}");
    let path = folder.path();
    assert_eq!(error.to_string(), format!("could not open the database {}", path.display()));
}

#[test]
fn a_schema_that_was_made_otherwise_is_refused() {
    let folder = Folder::new().unwrap();
    drop(folder.open().unwrap());
    let db = rusqlite::Connection::open(folder.path()).unwrap();
    db.execute("UPDATE migrations SET hash = '00'", []).unwrap();
    let error = folder.open().err().unwrap();
    assert!(matches!(error.problem, OpenProblem::Changed(_)), "{error:?}");
}

#[test]
fn a_missing_migration_is_refused_until_it_is_applied() {
    let folder = Folder::new().unwrap();
    let db = rusqlite::Connection::open(folder.path()).unwrap();
    db.execute_batch(
        "PRAGMA application_id = 0x53434d53;
         CREATE TABLE migrations (version INTEGER PRIMARY KEY, name TEXT, hash TEXT);",
    )
    .unwrap();
    let error = folder.open().err().unwrap();
    assert!(error.problem.to_string().contains("run `smartcms migrate`"), "{error:?}");
    let applied = SqliteStore::migrate(&folder.path(), &SqliteSettings::default()).unwrap();
    assert_eq!(applied.first().map(String::as_str), Some("202611220000_initial"));
    assert!(applied.is_sorted(), "{applied:?}");
    folder.open().unwrap();
}

#[test]
fn what_is_not_our_database_is_left_alone() {
    let folder = Folder::new().unwrap();
    let db = rusqlite::Connection::open(folder.path()).unwrap();
    db.execute_batch("CREATE TABLE recipes (name TEXT)").unwrap();
    drop(db);
    refuses_unchanged(&folder);

    let folder = Folder::new().unwrap();
    std::fs::write(folder.path(), "a text that is long enough to be taken for a header ".repeat(3))
        .unwrap();
    refuses_unchanged(&folder);

    #[track_caller]
    fn refuses_unchanged(folder: &Folder) {
        let before = std::fs::read(folder.path()).unwrap();
        let error = folder.open().err().unwrap();
        assert!(matches!(error.problem, OpenProblem::NotOurs), "{error:?}");
        assert!(SqliteStore::migrate(&folder.path(), &SqliteSettings::default()).is_err());
        assert!(SqliteStore::check(&folder.path(), &SqliteSettings::default()).is_err());
        assert!(std::fs::read(folder.path()).unwrap() == before, "the file was changed");
    }
}

#[test]
fn a_check_makes_no_file() {
    let folder = Folder::new().unwrap();
    let error = SqliteStore::check(&folder.path(), &SqliteSettings::default()).unwrap_err();
    assert!(matches!(error.problem, OpenProblem::Missing));
    assert!(!folder.path().exists());
}

#[test]
fn two_processes_that_start_on_a_new_file_both_open_it() {
    let folder = Folder::new().unwrap();
    std::thread::scope(|scope| {
        let starts: Vec<_> = (0..4).map(|_| scope.spawn(|| folder.open().map(drop))).collect();
        for start in starts {
            start.join().unwrap().unwrap();
        }
    });
}
