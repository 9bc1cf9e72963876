//! What happened: facts, recorded in the transaction that made them true.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use crate::Timestamp;
use crate::collections::CollectionName;
use crate::entries::{EntryId, Revision};

/// Something that happened to an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The same for every delivery of the event.
    pub id: Uuid,
    /// What happened.
    pub kind: EventKind,
    /// When it was committed.
    pub at: Timestamp,
    /// The entry's collection.
    pub collection: CollectionName,
    /// The entry.
    pub entry: EntryId,
    /// The revision that the change made.
    pub revision: Revision,
}

/// The kinds of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventKind {
    /// An entry was stored for the first time.
    EntryCreated,
    /// A new revision was saved.
    EntryUpdated,
    /// The newest revision became public.
    EntryPublished,
    /// The entry left the site.
    EntryUnpublished,
    /// The entry went to the trash, and off the site if it was there.
    EntryTrashed,
    /// The entry came back from the trash or the archive, as a draft.
    EntryRestored,
    /// When the entry is to be published or unpublished was set, changed or taken back.
    EntryScheduled,
    /// The entry went to the archive, and off the site if it was there.
    EntryArchived,
    /// The entry is gone, with its history.
    EntryPurged,
}

impl EventKind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::EntryCreated,
        Self::EntryUpdated,
        Self::EntryPublished,
        Self::EntryUnpublished,
        Self::EntryTrashed,
        Self::EntryRestored,
        Self::EntryScheduled,
        Self::EntryArchived,
        Self::EntryPurged,
    ];

    /// The lasting name, `entry.published` for instance.
    pub fn name(self) -> &'static str {
        match self {
            Self::EntryCreated => "entry.created",
            Self::EntryUpdated => "entry.updated",
            Self::EntryPublished => "entry.published",
            Self::EntryUnpublished => "entry.unpublished",
            Self::EntryTrashed => "entry.trashed",
            Self::EntryRestored => "entry.restored",
            Self::EntryScheduled => "entry.scheduled",
            Self::EntryArchived => "entry.archived",
            Self::EntryPurged => "entry.purged",
        }
    }

    /// Whether readers of the site can see a difference.
    ///
    /// Saving a draft beside a published entry changes nothing that is public.
    pub fn changes_the_site(self) -> bool {
        match self {
            Self::EntryPublished
            | Self::EntryUnpublished
            | Self::EntryTrashed
            | Self::EntryArchived => true,
            Self::EntryCreated
            | Self::EntryUpdated
            | Self::EntryRestored
            | Self::EntryScheduled
            | Self::EntryPurged => false,
        }
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The text names no kind of event that this version knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a kind of event")]
pub struct UnknownEventKind(String);

impl FromStr for EventKind {
    type Err = UnknownEventKind;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|kind| kind.name() == text);
        found.ok_or_else(|| UnknownEventKind(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::EventKind;

    #[test]
    fn every_kind_is_read_back_from_its_name() {
        for kind in EventKind::ALL {
            assert_eq!(kind.name().parse(), Ok(kind));
        }
    }
}
