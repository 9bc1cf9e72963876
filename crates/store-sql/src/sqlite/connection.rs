//! How connections are opened.

mod enabled;

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::{OpenProblem, SqliteSettings, migrations};

/// Statements that a connection keeps prepared: more than there are.
const STATEMENTS_MAX: usize = 64;

/// The size of a page that is a value under a key: each costs a call of the host, and a commit writes those it touches.
const KEYED_PAGE_LEN: u32 = 8 * 1024;

/// How long to wait before turning the log on is tried again, in milliseconds.
const PAUSE_MS: u32 = 10;

/// The size that the write-ahead log is cut back to after a burst.
const LOG_BYTES_KEPT: i64 = 16 * 1024 * 1024;

/// Makes the file, readable for its owner alone, if it is not there. The write-ahead log takes its rights over.
pub(super) fn create_file(path: &Path) -> Result<(), OpenProblem> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    enabled::for_the_owner_alone(&mut options);
    match options.open(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(OpenProblem::Create(error)),
        _ => Ok(()),
    }
}

/// The connection that writes.
pub(super) fn for_writing(
    path: &Path,
    settings: &SqliteSettings,
) -> Result<Connection, OpenProblem> {
    let db = open(path, settings, settings.writer_cache_kib)?;
    // Before anything is changed: the next line writes into the file.
    migrations::require_ours(&db)?;
    let mode = turn_log_on(&db, settings)?;
    if mode != "wal" {
        return Err(OpenProblem::NoWriteAheadLog(mode));
    }
    // With NORMAL a commit returns before it is on disk: a power cut would lose acknowledged writes.
    db.pragma_update(None, "synchronous", "full")?;
    db.pragma_update(None, "foreign_keys", true)?;
    db.pragma_update(None, "journal_size_limit", LOG_BYTES_KEPT)?;
    Ok(db)
}

/// Turns the write-ahead log on; the mode that there is then.
///
/// SQLite does not wait here where another process does the same to a new file at this moment, so we do.
fn turn_log_on(db: &Connection, settings: &SqliteSettings) -> rusqlite::Result<String> {
    let mut pauses = settings.busy_timeout_ms / PAUSE_MS;
    loop {
        match db.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0)) {
            Err(error)
                if pauses > 0 && error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) =>
            {
                pauses -= 1;
                std::thread::sleep(Duration::from_millis(PAUSE_MS.into()));
            }
            done => return done,
        }
    }
}

/// A connection that reads.
///
/// It is opened for writing and then forbidden to: only so can it mend the index of the write-ahead log
/// when another process was killed while it wrote.
pub(super) fn for_reading(path: &Path, settings: &SqliteSettings) -> rusqlite::Result<Connection> {
    let db = open(path, settings, settings.reader_cache_kib)?;
    db.pragma_update(None, "query_only", true)?;
    Ok(db)
}

/// The one connection of a database on another file system of SQLite, whose commits are whole by themselves.
pub(super) fn on_file_system(
    file_system: &str,
    name: &str,
    settings: &SqliteSettings,
) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags_and_vfs(name, flags, file_system)?;
    set_up(&db, settings, settings.writer_cache_kib)?;
    db.pragma_update(None, "page_size", KEYED_PAGE_LEN)?;
    // What a transaction replaced is needed until it ends, by nobody else.
    db.pragma_update_and_check(None, "journal_mode", "memory", |_| Ok(()))?;
    // The file system stores a commit where it is asked for the disk: never before, and always then.
    db.pragma_update(None, "cache_spill", false)?;
    db.pragma_update(None, "synchronous", "full")?;
    db.pragma_update(None, "foreign_keys", true)?;
    Ok(db)
}

fn open(path: &Path, settings: &SqliteSettings, cache_kib: u32) -> rusqlite::Result<Connection> {
    // Each connection is used by one thread at a time, so SQLite need not lock it; and a path is never a URI.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags)?;
    set_up(&db, settings, cache_kib)?;
    // No memory map: a failing disk would end the process by a signal instead of an error.
    db.pragma_update(None, "mmap_size", 0)?;
    Ok(db)
}

fn set_up(db: &Connection, settings: &SqliteSettings, cache_kib: u32) -> rusqlite::Result<()> {
    db.busy_timeout(Duration::from_millis(settings.busy_timeout_ms.into()))?;
    db.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    db.pragma_update(None, "cache_size", -i64::from(cache_kib))?;
    db.pragma_update(None, "temp_store", "memory")?;
    db.pragma_update(None, "trusted_schema", false)
}
