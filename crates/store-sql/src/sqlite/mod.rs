//! One SQLite file behind every storing port.
//!
//! Writes go to one thread that commits them in groups ([`writer`]). Reads run where they are asked for, on the
//! caller's thread, with a connection of a small pool ([`readers`]): a read by key or of one page takes
//! microseconds, less than it costs to hand it to another thread and wait for it.

mod assets;
mod assist;
mod audit;
mod connection;
mod console;
mod definitions;
mod entries;
mod idempotency;
mod key_value;
mod meaning;
mod menus;
mod migrations;
mod outbox;
mod people;
mod plugin_health;
mod plugin_log;
mod plugin_store;
mod readers;
mod redirects;
mod roles;
mod rows;
mod search;
mod task_due;
mod tasks;
mod tokens;
mod views;
mod webhook_deliveries;
mod webhooks;
mod working_copies;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

pub use console::{
    ConsoleParts, SqlConsole, SqlError, SqlErrorKind, SqlLimits, SqlOutcome, SqlTable,
    StoredFunction,
};
use readers::Readers;
pub use rows::statements_on_this_thread;
use smartcms_app::ports::StoreError;
use smartcms_domain::locales::Locale;
use writer::Writer;

const ADOPT_LOCALE: &str = "UPDATE entries SET locale = ?1 WHERE locale = 'und'";

/// A store in one SQLite file, with its write-ahead log beside it.
///
/// An answer to a write is given after the write is on disk (`synchronous=FULL`): a power cut loses none.
/// Dropping the store waits until everything queued is on disk and folds the log into the file.
pub struct SqliteStore {
    // Readers close first: the last connection that closes is the one that tidies up, and it must be able to write.
    readers: Readers,
    writer: Writer,
    meanings: meaning::Meanings,
}

/// How much the store may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqliteSettings {
    /// The most connections that read at the same time.
    pub readers_max: usize,
    /// The page cache of one reader, in KiB.
    pub reader_cache_kib: u32,
    /// The page cache of the writer, in KiB.
    pub writer_cache_kib: u32,
    /// How long to wait for another process that writes, in milliseconds.
    pub busy_timeout_ms: u32,
    /// The most writes that wait for the writer; who comes later waits to be let in.
    pub write_queue_len_max: usize,
    /// The most writes of one commit.
    pub write_group_len_max: usize,
}

/// A database could not be opened.
#[derive(Debug, thiserror::Error)]
#[error("could not open the database {}", path.display())]
pub struct OpenError {
    /// Which one.
    pub path: PathBuf,
    /// Why.
    #[source]
    pub problem: OpenProblem,
}

/// Why a database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenProblem {
    /// The file could not be made.
    #[error("the file could not be made")]
    Create(#[source] std::io::Error),
    /// There is no such file.
    #[error("there is no such file")]
    Missing,
    /// The database refused.
    #[error("the database refused")]
    Database(#[source] rusqlite::Error),
    /// The file holds something else.
    #[error("the file is not a database of smartcms; name another data folder")]
    NotOurs,
    /// The file cannot have a write-ahead log.
    #[error(
        "the database cannot keep a write-ahead log (its journal mode is {0}); put it on a local disk"
    )]
    NoWriteAheadLog(String),
    /// A newer program changed the schema.
    #[error(
        "its schema is of a newer version {found}, this program knows {known}; use a newer smartcms"
    )]
    Newer {
        /// The newest migration of the database.
        found: i64,
        /// The newest migration of the program.
        known: i64,
    },
    /// The database was made by other migrations than the program's.
    #[error(
        "its migration {0} is not the one this program knows; use the version of smartcms that made it"
    )]
    Changed(String),
    /// Migrations are missing.
    #[error("it needs the migrations {}; make a backup, then run `smartcms migrate`", .0.join(", "))]
    Pending(Vec<String>),
    /// A migration failed; the database is as it was.
    #[error("its migration {name} failed; the database is as it was")]
    Migration {
        /// Which one.
        name: &'static str,
        /// Why.
        #[source]
        source: rusqlite::Error,
    },
    /// The thread that writes could not be started.
    #[error("the thread that writes could not be started")]
    Thread(#[source] std::io::Error),
}

impl From<rusqlite::Error> for OpenProblem {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::NotADatabase) => Self::NotOurs,
            _ => Self::Database(error),
        }
    }
}

/// Modest: with all caches full about 20 MiB.
impl Default for SqliteSettings {
    fn default() -> Self {
        Self {
            readers_max: 8,
            reader_cache_kib: 2 * 1024,
            writer_cache_kib: 4 * 1024,
            busy_timeout_ms: 5_000,
            write_queue_len_max: 1_024,
            write_group_len_max: 256,
        }
    }
}

impl SqliteStore {
    /// Opens a database that is up to date, or makes a new one.
    pub fn open(path: &Path, settings: &SqliteSettings) -> Result<Self, OpenError> {
        connection::create_file(path)
            .and_then(|()| Self::open_file(path, settings))
            .map_err(|problem| OpenError { path: path.to_owned(), problem })
    }

    /// Opens a database on another file system of SQLite, one whose commits are whole by themselves; makes it or brings it
    /// up to date where that is needed.
    ///
    /// It has one connection and no thread: what is asked is done where it is asked, one after the other.
    pub fn open_on(
        file_system: &str,
        name: &str,
        settings: &SqliteSettings,
    ) -> Result<Self, OpenError> {
        let failed = |problem| OpenError { path: PathBuf::from(name), problem };
        let db = Self::up_to_date(file_system, name, settings).map_err(failed)?;
        let only = Arc::new(Mutex::new(db));
        let writer = Writer::at_once(Arc::clone(&only), settings);
        Ok(Self {
            readers: Readers::only(only, settings),
            writer,
            meanings: meaning::Meanings::default(),
        })
    }

    /// A number that is another one after any other connection has changed the database.
    pub fn others_changes(&self) -> Result<i64, StoreError> {
        let action = || "look whether others changed the database".to_owned();
        let sql = "PRAGMA data_version";
        self.readers
            .read(action, |db| Ok(db.prepare_cached(sql)?.query_row([], |row| row.get(0))?))
    }

    /// Applies what is missing to a database, or makes a new one; the names of what was applied.
    pub fn migrate(path: &Path, settings: &SqliteSettings) -> Result<Vec<String>, OpenError> {
        connection::create_file(path)
            .and_then(|()| migrations::apply(&connection::for_writing(path, settings)?))
            .map_err(|problem| OpenError { path: path.to_owned(), problem })
    }

    /// Whether [`SqliteStore::open`] would accept a database that exists. Changes nothing.
    pub fn check(path: &Path, settings: &SqliteSettings) -> Result<(), OpenError> {
        let checked = match path.exists() {
            true => connection::for_reading(path, settings).map_err(OpenProblem::from),
            false => Err(OpenProblem::Missing),
        };
        checked
            .and_then(|db| migrations::check(&db))
            .map_err(|problem| OpenError { path: path.to_owned(), problem })
    }

    /// Gives the site's own language to entries that were stored before entries had one.
    pub async fn adopt_locale(&self, locale: &Locale) -> Result<(), StoreError> {
        let locale = locale.to_string();
        let action = "give entries the language of the site".to_owned();
        let work = move |db: &rusqlite::Connection| {
            rows::run(db, ADOPT_LOCALE, [locale])
                .map(drop)
                .map_err(writer::Refusal::<StoreError>::from)
        };
        self.writer.write(action, work).await
    }

    /// How many lines of plugins' logs were dropped because they came faster than they could be stored.
    pub fn log_lines_lost(&self) -> u64 {
        self.writer.log_lines_lost()
    }

    fn up_to_date(
        file_system: &str,
        name: &str,
        settings: &SqliteSettings,
    ) -> Result<rusqlite::Connection, OpenProblem> {
        let db = connection::on_file_system(file_system, name, settings)?;
        migrations::require_ours(&db)?;
        if migrations::check(&db).is_err() {
            migrations::apply(&db)?;
        }
        Ok(db)
    }

    fn open_file(path: &Path, settings: &SqliteSettings) -> Result<Self, OpenProblem> {
        let db = connection::for_writing(path, settings)?;
        if migrations::is_new(&db)? {
            migrations::apply(&db)?;
        }
        migrations::check(&db)?;
        let writer = Writer::start(db, settings).map_err(OpenProblem::Thread)?;
        let readers = Readers::new(path, settings);
        Ok(Self { readers, writer, meanings: meaning::Meanings::default() })
    }
}
