//! The two files of a console: one is written, and the site's is read.

use std::path::Path;
use std::time::Duration;

use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};

use super::SITE;
use crate::sqlite::OpenProblem;

/// The longest statement for SQLite, in bytes; modules of functions do not count.
const STATEMENT_BYTES_MAX: i32 = 1024 * 1024;
/// The longest value, in bytes.
const VALUE_BYTES_MAX: i32 = 64 * 1024 * 1024;
/// The deepest expression.
const EXPRESSION_DEPTH_MAX: i32 = 200;
/// The page cache, in KiB.
const CACHE_KIB: i64 = 8 * 1024;
/// How long to wait for another process that writes to the same file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Opens the file that is written, with that of the site beside it.
pub(super) fn open(own: &Path, site: &Path) -> Result<Connection, OpenProblem> {
    // Our own file is written; that of the site is attached read-only, which SQLite holds whatever the guard says.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let own = std::path::absolute(own).map_err(OpenProblem::Create)?;
    let site = std::path::absolute(site).map_err(OpenProblem::Create)?;
    let db = Connection::open_with_flags(&own, flags)?;
    db.busy_timeout(BUSY_TIMEOUT)?;
    db.pragma_update(None, "cache_size", -CACHE_KIB)?;
    db.pragma_update(None, "temp_store", "memory")?;
    db.pragma_update(None, "trusted_schema", false)?;
    db.pragma_update(None, "mmap_size", 0)?;
    db.execute("ATTACH ?1 AS site", [read_only(&site)])?;
    db.pragma_update(Some(SITE), "cache_size", -CACHE_KIB)?;
    for (limit, value) in [
        (Limit::SQLITE_LIMIT_SQL_LENGTH, STATEMENT_BYTES_MAX),
        (Limit::SQLITE_LIMIT_LENGTH, VALUE_BYTES_MAX),
        (Limit::SQLITE_LIMIT_EXPR_DEPTH, EXPRESSION_DEPTH_MAX),
        (Limit::SQLITE_LIMIT_ATTACHED, 1),
        (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
    ] {
        db.set_limit(limit, value)?;
    }
    Ok(db)
}

/// The tables of the site.
pub(super) fn tables(db: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement = db.prepare("SELECT name FROM site.sqlite_schema WHERE type = 'table'")?;
    statement.query_map([], |row| row.get(0))?.collect()
}

/// The address of a file that is only read.
fn read_only(path: &Path) -> String {
    let text = path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    format!("file:{text}?mode=ro")
}
