//! Operations on entries, one file each.

mod addresses;
mod archive;
mod batch;
mod block_checks;
mod by_id;
mod clear;
mod commit;
mod computed;
mod create;
mod dangling;
mod diff;
mod error;
mod facts;
mod fallback_path;
mod forget_asset;
mod import;
mod include;
mod keep_working_copy;
mod live_entries;
mod live_translations;
mod near;
mod overlay;
mod preview;
mod publish;
mod purge;
mod read;
mod references;
mod restore;
mod revisions;
mod save_checks;
mod schedule;
mod select;
mod served;
mod translations;
mod trash;
mod unpublish;
mod update;
mod uses;
mod working_copy;

pub(crate) use addresses::{live_at, live_path};
pub use archive::archive_entry;
pub use batch::{BATCH_LEN_MAX, Batch, BatchError};
pub use by_id::entries_by_id;
pub(crate) use computed::{computing_problems, with_computed};
pub use create::{CreateEntry, create_entry, create_entry_with_id};
pub use dangling::{DanglingReference, clear_dangling, list_dangling};
pub use diff::{
    BlockDiff, Change, Detail, FieldDiff, ItemDiff, RevisionDiff, RowDiff, TextDiff, TextPart,
    diff_revisions,
};
pub use error::ContentError;
pub(crate) use facts::facts_of;
pub use fallback_path::find_fallback_path;
pub(crate) use forget_asset::forget_asset;
pub use import::{ImportEntry, ImportLive, ImportOutcome, import_entry, import_moved_entry};
pub use include::{
    Along, AskedEntry, AskedShape, INCLUDE_MAX, INCLUDED_MAX, Included, Shaped, get_shaped_entry,
};
pub use keep_working_copy::{KeepWorkingCopy, WORKING_COPIES_MAX, keep_working_copy};
pub use live_entries::{live_entries, live_groups};
pub use live_translations::live_translations;
pub use near::near_entries;
pub use preview::{PREVIEW_DAYS, find_preview, preview_token};
pub use publish::publish_entry;
pub use purge::purge_entry;
pub(crate) use purge::purge_trashed;
pub use read::{
    AskedLocale, EntryKey, ListEntries, Listed, View, entry_locale, find_live_by_path, get_entry,
    get_entry_in, list_entries, list_locale,
};
pub(crate) use read::{hide_fields, may_read};
pub use restore::{RestoreRevision, restore_entry, restore_revision};
pub use revisions::{get_revision, list_revisions};
pub use schedule::{ScheduleEntry, run_schedules, schedule_entry};
pub use select::{AskedCondition, OPERATORS};
pub use translations::list_translations;
pub use trash::trash_entry;
pub use unpublish::unpublish_entry;
pub use update::{UpdateEntry, update_entry};
pub use uses::{USES_COUNTED_MAX, count_uses};
pub use working_copy::{WorkingCopyState, discard_working_copy, get_working_copy, list_editing};

use smartcms_domain::entries::{EntryId, Revision};

/// The longest message of a revision, in characters.
pub const MESSAGE_LEN_MAX: usize = 500;

/// A change that needs no more than the entry and the state it was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeEntry {
    /// The collection in which the entry is looked for.
    pub collection: String,
    /// Which entry.
    pub id: EntryId,
    /// The state that the author saw; `None` to change whatever is stored.
    pub seen: Option<Revision>,
}
