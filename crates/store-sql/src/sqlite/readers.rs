//! Connections that read.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;
use smartcms_app::ports::StoreError;

use super::rows::Fault;
use super::{SqliteSettings, connection};

/// A pool of connections, opened when they are first needed.
///
/// A reader never waits for the writer, nor the writer for a reader: that is what the write-ahead log gives.
/// When all connections are in use, a caller waits, microseconds, until one is back.
pub(super) struct Readers {
    path: PathBuf,
    settings: SqliteSettings,
    pool: Mutex<Pool>,
    returned: Condvar,
    /// The one connection, where there is no other.
    only: Option<Arc<Mutex<Connection>>>,
}

#[derive(Default)]
struct Pool {
    idle: Vec<Connection>,
    in_use: usize,
    /// Callers that wait for a connection. Waking nobody would still ask the kernel, with every read.
    waiting: usize,
}

/// A connection that goes back when it is dropped, also by a panic.
struct Borrowed<'a> {
    readers: &'a Readers,
    db: Option<Connection>,
}

impl Readers {
    pub(super) fn new(path: &Path, settings: &SqliteSettings) -> Self {
        Self {
            path: path.to_owned(),
            settings: settings.clone(),
            pool: Mutex::default(),
            returned: Condvar::new(),
            only: None,
        }
    }

    /// Everything is read with this connection.
    pub(super) fn only(db: Arc<Mutex<Connection>>, settings: &SqliteSettings) -> Self {
        Self { only: Some(db), ..Self::new(Path::new(""), settings) }
    }

    /// Reads what was committed before the call. `action` is for the error: "read entry 0190…".
    pub(super) fn read<T>(
        &self,
        action: impl FnOnce() -> String,
        work: impl FnOnce(&Connection) -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        if let Some(only) = &self.only {
            let db = only.lock().unwrap_or_else(PoisonError::into_inner);
            return work(&db).map_err(|fault| StoreError::new(action(), fault));
        }
        // A pool cannot be opened there, and this is there for each kind of read.
        if cfg!(target_family = "wasm") {
            return Err(StoreError::new(action(), "there is no connection"));
        }
        let mut borrowed = self.borrow();
        let done = borrowed.connection().map_err(Fault::from).and_then(work);
        done.map_err(|fault| StoreError::new(action(), fault))
    }

    fn borrow(&self) -> Borrowed<'_> {
        let mut pool = self.pool();
        while pool.idle.is_empty() && pool.in_use >= self.settings.readers_max {
            pool.waiting += 1;
            pool = self.returned.wait(pool).unwrap_or_else(PoisonError::into_inner);
            pool.waiting -= 1;
        }
        pool.in_use += 1;
        Borrowed { readers: self, db: pool.idle.pop() }
    }

    fn pool(&self) -> MutexGuard<'_, Pool> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Borrowed<'_> {
    fn connection(&mut self) -> rusqlite::Result<&Connection> {
        let db = match self.db.take() {
            Some(db) => db,
            None => connection::for_reading(&self.readers.path, &self.readers.settings)?,
        };
        Ok(self.db.insert(db))
    }
}

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        let mut pool = self.readers.pool();
        pool.in_use -= 1;
        pool.idle.extend(self.db.take());
        if pool.waiting > 0 {
            self.readers.returned.notify_one();
        }
    }
}
