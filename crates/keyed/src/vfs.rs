//! The file system that SQLite is given.

#[expect(unsafe_code, reason = "SQLite takes a file system as a table of C functions")]
mod methods;

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::sync::Arc;

use rusqlite::ffi;

use self::methods::register;
use crate::database::{Database, Level, Trouble};
use crate::keys::Keys;

/// What a database stands on.
pub struct Ground {
    /// Where it is kept.
    pub keys: Arc<dyn Keys>,
    /// Seconds since some fixed moment, the same for every process that uses the keys.
    pub now_seconds: fn() -> u64,
    /// 64 random bits.
    pub chance: fn() -> u64,
}

/// A file system of SQLite, under a name: what is opened on it is kept under keys that begin with the file's name.
///
/// It stays for as long as the process.
#[derive(Debug, Clone)]
pub struct KeyedDatabase {
    name: String,
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
        match register(c_name, Arc::new(ground)) {
            ffi::SQLITE_OK => Ok(Self { name: name.to_owned() }),
            code => Err(RegisterError::Refused(code)),
        }
    }

    /// The name, for opening a database on it.
    pub fn name(&self) -> &str {
        &self.name
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
