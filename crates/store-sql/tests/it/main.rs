//! The store on a real SQLite file.

#![cfg(test)]

mod durability;
mod fallbacks;
mod opening;
mod ports;
mod queries;
mod search;

use std::path::PathBuf;

use smartcms_store_sql::{SqliteSettings, SqliteStore};
use tempfile::TempDir;

/// A folder for one database, gone at the end of the test.
struct Folder(TempDir);

impl Folder {
    fn new() -> std::io::Result<Self> {
        Ok(Self(tempfile::tempdir()?))
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("smartcms.db")
    }

    fn open(&self) -> Result<SqliteStore, smartcms_store_sql::OpenError> {
        SqliteStore::open(&self.path(), &SqliteSettings::default())
    }
}
