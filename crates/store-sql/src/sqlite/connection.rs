//! How connections are opened.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::{OpenProblem, SqliteSettings, migrations};

/// Statements that a connection keeps prepared: more than there are.
const STATEMENTS_MAX: usize = 64;

/// The size that the write-ahead log is cut back to after a burst.
const LOG_BYTES_KEPT: i64 = 16 * 1024 * 1024;

/// Makes the file, readable for its owner alone, if it is not there. The write-ahead log takes its rights over.
pub(super) fn create_file(path: &Path) -> Result<(), OpenProblem> {
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    match made {
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
    let mode: String = db.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))?;
    if mode != "wal" {
        return Err(OpenProblem::NoWriteAheadLog(mode));
    }
    // With NORMAL a commit returns before it is on disk: a power cut would lose acknowledged writes.
    db.pragma_update(None, "synchronous", "full")?;
    db.pragma_update(None, "foreign_keys", true)?;
    db.pragma_update(None, "journal_size_limit", LOG_BYTES_KEPT)?;
    Ok(db)
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

fn open(path: &Path, settings: &SqliteSettings, cache_kib: u32) -> rusqlite::Result<Connection> {
    // Each connection is used by one thread at a time, so SQLite need not lock it; and a path is never a URI.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags)?;
    db.busy_timeout(Duration::from_millis(settings.busy_timeout_ms.into()))?;
    db.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    db.pragma_update(None, "cache_size", -i64::from(cache_kib))?;
    db.pragma_update(None, "temp_store", "memory")?;
    db.pragma_update(None, "trusted_schema", false)?;
    // No memory map: a failing disk would end the process by a signal instead of an error.
    db.pragma_update(None, "mmap_size", 0)?;
    Ok(db)
}
