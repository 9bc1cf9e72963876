//! Entries: the items of collections, their revisions and their life.

mod entry;
mod fields;
mod help;
mod id;
mod redefined;
mod slug;
mod working_copy;

pub use entry::{Entry, EntryError, Live, NewEntry, RevisionRecord, Schedule, Status};
pub use fields::{FIELDS_BYTES_MAX, Fields};
pub use help::Help;
pub use id::{EntryId, IdError, Revision};
pub use slug::{SLUG_LEN_MAX, Slug, SlugError};
pub use working_copy::{EDITING_TIME_MS, Editing, WorkingCopy, editing_since};
