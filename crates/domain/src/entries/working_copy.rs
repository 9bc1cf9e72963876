//! What somebody is writing and has not saved yet.

use super::fields::Fields;
use super::id::{EntryId, Revision};
use crate::Timestamp;

/// How long after its last change a working copy says that its author is at it, in milliseconds.
pub const EDITING_TIME_MS: i64 = 5 * 60 * 1000;

/// The change that one author is making to an entry: it stands beside the newest state, is seen by nobody else, and is no
/// part of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkingCopy {
    /// The entry that is being changed.
    pub entry: EntryId,
    /// Who is at it, as an actor's name.
    pub author: String,
    /// The state that the author began with.
    pub based_on: Revision,
    /// Another slug, as far as it is typed; `None` keeps the entry's.
    pub slug: Option<String>,
    /// Other values, as a save takes them: fields that are not named stay, null takes one away.
    pub fields: Fields,
    /// Since when the author has been at it without a long pause.
    pub since: Timestamp,
    /// When it was kept last.
    pub updated_at: Timestamp,
}

/// Who is changing an entry at the moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Editing {
    /// The author, as an actor's name.
    pub author: String,
    /// Since when without a long pause.
    pub since: Timestamp,
    /// When something was changed last.
    pub updated_at: Timestamp,
}

impl WorkingCopy {
    /// This copy in the place of the one before it: work that goes on after a short pause began when the other did.
    #[must_use]
    pub fn following(self, before: Option<&Self>) -> Self {
        let goes_on = before.filter(|it| it.updated_at >= editing_since(self.updated_at));
        Self { since: goes_on.map_or(self.since, |it| it.since), ..self }
    }
}

/// The time after which a copy was changed whose author is at it now.
pub fn editing_since(now: Timestamp) -> Timestamp {
    // Nothing is older than the beginning of time.
    Timestamp::from_millis(now.as_millis().saturating_sub(EDITING_TIME_MS))
        .unwrap_or(Timestamp::EPOCH)
}

#[cfg(test)]
mod tests {
    use super::{EDITING_TIME_MS, WorkingCopy};
    use crate::Timestamp;
    use crate::entries::{EntryId, Fields, Revision};

    fn copy(at: i64) -> WorkingCopy {
        let at = Timestamp::from_millis(at).unwrap();
        WorkingCopy {
            entry: EntryId::new(uuid::Uuid::nil()),
            author: "token ada".to_owned(),
            based_on: Revision::FIRST,
            slug: None,
            fields: Fields::default(),
            since: at,
            updated_at: at,
        }
    }

    #[test]
    fn work_goes_on_after_a_short_pause_and_begins_anew_after_a_long_one() {
        let first = copy(1_000_000);
        assert_eq!(copy(1_000_000).following(None).since.as_millis(), 1_000_000);
        let second = copy(1_000_000 + EDITING_TIME_MS).following(Some(&first));
        assert_eq!(second.since, first.since);
        let third = copy(second.updated_at.as_millis() + EDITING_TIME_MS + 1);
        assert_eq!(third.clone().following(Some(&second)).since, third.updated_at);
    }
}
