//! The file system that SQLite is given.

#[expect(unsafe_code, reason = "SQLite takes a file system as a table of C functions")]
mod methods;

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::sync::Arc;

use rusqlite::ffi;

use self::methods::register;
use crate::database::{Database, Level, Trouble, root_key};
use crate::keys::{Keys, KeysError};
use crate::moment::{Moment, Moments};

/// What a database stands on.
pub struct Ground {
    /// Where it is kept.
    pub keys: Arc<dyn Keys>,
    /// Seconds since some fixed moment, the same for every process that uses the keys.
    pub now_seconds: fn() -> u64,
    /// 64 random bits.
    pub chance: fn() -> u64,
}

/// What all connections on one file system share.
pub(crate) struct Shared {
    pub(crate) ground: Ground,
    pub(crate) moments: Moments,
}

/// A file system of SQLite, under a name: what is opened on it is kept under keys that begin with the file's name.
///
/// It stays for as long as the process.
#[derive(Clone)]
pub struct KeyedDatabase {
    name: String,
    shared: Arc<Shared>,
}

/// SQLite did not take the file system.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// The name has a byte that ends it.
    #[error("`{0}` cannot be the name of a file system")]
    Name(String),
    /// SQLite refused.
    #[error("SQLite refused a file system, with its code {0}")]
    Refused(c_int),
}

/// One open file as SQLite keeps it: its part first, then ours.
#[repr(C)]
struct OpenFile {
    base: ffi::sqlite3_file,
    database: *mut Database,
}

impl KeyedDatabase {
    /// Registers a file system under this name; one that has it already is replaced for what is opened from now on.
    pub fn register(name: &str, ground: Ground) -> Result<Self, RegisterError> {
        let bad = || RegisterError::Name(name.to_owned());
        let c_name = CString::new(name).map_err(|_| bad())?;
        let shared = Arc::new(Shared { ground, moments: Moments::default() });
        match register(c_name, Arc::clone(&shared)) {
            ffi::SQLITE_OK => Ok(Self { name: name.to_owned(), shared }),
            code => Err(RegisterError::Refused(code)),
        }
    }

    /// The name, for opening a database on it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Begins a moment: until it ends, transactions that only read ask the host once for all of them whether they see the
    /// newest state. What others commit meanwhile is seen after it. It must not last longer than replaced pages stay.
    pub fn moment(&self) -> Moment<'_> {
        self.shared.moments.begin()
    }

    /// How often what was read of a database had been replaced by others; `None` where they did it once more since it was
    /// read last, or nothing was read yet.
    pub fn replaced_by_others(&self, database: &str) -> Result<Option<u64>, KeysError> {
        Ok(self.newest(database)?.map(|(_, count)| count))
    }

    /// The same, with the version of the database that was read last and still is the newest.
    pub fn newest(&self, database: &str) -> Result<Option<(String, u64)>, KeysError> {
        let Shared { ground, moments } = &*self.shared;
        let Some((version, count)) = moments.last(database) else { return Ok(None) };
        if !moments.has(database, Some(&version)) {
            if !ground.keys.is_head(&root_key(database), &version)? {
                return Ok(None);
            }
            moments.learned(database, Some(&version), false);
        }
        Ok(Some((version, count)))
    }
}

/// What SQLite is told.
fn code_of(outcome: Result<(), Trouble>, otherwise: c_int) -> c_int {
    let Err(trouble) = outcome else { return ffi::SQLITE_OK };
    match trouble {
        Trouble::Busy => return ffi::SQLITE_BUSY,
        Trouble::Full => tracing::error!(%trouble, "the database cannot grow"),
        Trouble::Damaged(_) | Trouble::Keys(_) => tracing::error!(%trouble, "the database failed"),
    }
    if matches!(trouble, Trouble::Full) { ffi::SQLITE_FULL } else { otherwise }
}
