//! The storing ports of the application on SQL, and the only crate that knows SQL.
//!
//! SQLite is the store of a site that runs on one machine: see [`SqliteStore`].
#![deny(missing_docs)]
#![cfg_attr(
    target_family = "wasm",
    allow(dead_code, unused, reason = "there are no plugins, imports and passkeys there")
)]

mod sqlite;

pub use sqlite::{
    ConsoleParts, OpenError, OpenProblem, SqlConsole, SqlError, SqlErrorKind, SqlLimits,
    SqlOutcome, SqlTable, SqliteSettings, SqliteStore, StoredFunction, statements_on_this_thread,
};
