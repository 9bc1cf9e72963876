//! A whole site on values under keys: the pages of its database, and its files.
//!
//! The one store that a site has is SQLite, with its indexes, its full text and its rules. Here is what carries it to hosts
//! that have no files: a file system for SQLite ([`KeyedDatabase`]) whose pages are values under keys. A page is never
//! changed in place; a commit writes new pages and then swaps one record, the *root*, which says where each page is. Before
//! the swap nothing of the commit can be seen, after it all of it, and a process that ends in between leaves garbage that is
//! taken away later.
//!
//! What a host has to offer for this is [`Keys`]. Nothing here reads a clock or chance: both are given.
#![deny(missing_docs)]

mod blobs;
mod database;
mod keys;
mod memory;
mod moment;
mod root;
mod sweep;
mod vfs;

pub use blobs::KeyBlobs;
pub use database::{COMMITS_BETWEEN_SWEEPS, GARBAGE_AGE_SECONDS, LOCK_MS, ORPHAN_AGE_SECONDS};
pub use keys::{Head, KEY_LEN_MAX, KeyPage, Keys, KeysError, VALUE_LEN_MAX, is_key};
pub use memory::MemoryKeys;
pub use moment::Moment;
pub use root::PAGES_MAX;
pub use vfs::{Ground, KeyedDatabase, RegisterError};
