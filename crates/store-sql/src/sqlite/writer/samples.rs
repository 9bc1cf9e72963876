//! Writes and lines for the tests of the writer.

use rusqlite::Connection;
use smartcms_app::ports::{LogLevel, LogLine, StoreError};
use smartcms_testkit::builders::{at, plugin};
use tokio::sync::oneshot;

use super::group::Job;
use super::{Refusal, Write};
use crate::sqlite::migrations;
use crate::sqlite::rows::run;

pub(super) type Answer = oneshot::Receiver<Result<(), StoreError>>;

/// A database with a rule that is checked at once and one that is checked by the commit.
pub(super) fn db() -> Connection {
    let db = Connection::open_in_memory().unwrap();
    db.execute_batch(
        "PRAGMA foreign_keys = ON; CREATE TABLE marks (name TEXT PRIMARY KEY);
         CREATE TABLE claims (mark TEXT REFERENCES marks (name) DEFERRABLE INITIALLY DEFERRED);",
    )
    .unwrap();
    add_log_table(&db);
    db
}

/// The table that the group's log lines go to.
fn add_log_table(db: &Connection) {
    let other = Connection::open_in_memory().unwrap();
    migrations::apply(&other).unwrap();
    let sql = "SELECT sql FROM sqlite_schema WHERE name = 'plugin_log'";
    let table: String = other.query_row(sql, [], |row| row.get(0)).unwrap();
    db.execute_batch(&table).unwrap();
}

/// A write of several marks.
pub(super) fn mark(names: &'static [&str]) -> (Box<dyn Job>, Answer) {
    job(move |db| {
        for name in names {
            run(db, "INSERT INTO marks (name) VALUES (?1)", [name])?;
        }
        Ok(())
    })
}

pub(super) fn job<F>(work: F) -> (Box<dyn Job>, Answer)
where
    F: FnOnce(&Connection) -> Result<(), Refusal<StoreError>> + Send + 'static,
{
    let (answer, answered) = oneshot::channel();
    let action = "mark".to_owned();
    (Box::new(Write { action, work: Some(work), result: None, answer }), answered)
}

pub(super) fn line(text: &str) -> LogLine {
    LogLine {
        plugin: plugin("loud"),
        at: at(1),
        level: LogLevel::Info,
        source: "stdout".to_owned(),
        text: text.to_owned(),
    }
}
