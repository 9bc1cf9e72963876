//! An entry whose collection got another definition.

use super::entry::{Entry, Live};
use super::fields::Fields;
use crate::Timestamp;

impl Entry {
    /// The next state, with other values of the newest state and of the public one; `None` when they are what they were.
    ///
    /// A public state that changes gets a revision of its own, so that its tag changes: the newest one, or the one before
    /// it while a newer draft stands beside it.
    #[must_use]
    pub fn redefined(
        self,
        fields: Fields,
        live_fields: Option<Fields>,
        now: Timestamp,
    ) -> Option<Self> {
        let is_public = self.live.as_ref().zip(live_fields.as_ref());
        let public_changes = is_public.is_some_and(|(live, fields)| live.fields != *fields);
        if fields == self.fields && !public_changes {
            return None;
        }
        let beside_a_draft = self.has_newer_draft();
        let mut entry = Self { fields, ..self }.stepped(now);
        if public_changes {
            let revision = entry.revision;
            if beside_a_draft {
                entry = entry.stepped(now);
            }
            let fields = live_fields.unwrap_or_default();
            entry.live = entry.live.map(|live| Live { revision, fields, ..live });
        }
        Some(entry)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::{Entry, Fields};
    use crate::Timestamp;
    use crate::collections::CollectionName;
    use crate::entries::{EntryId, NewEntry, Slug};
    use crate::locales::Locale;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis).unwrap()
    }

    fn fields(title: &str) -> Fields {
        [("title".to_owned(), json!(title))].into_iter().collect()
    }

    fn published() -> Entry {
        let new = NewEntry {
            id: EntryId::new(Uuid::nil()),
            collection: CollectionName::parse("posts").unwrap(),
            locale: Locale::parse("en").unwrap(),
            group: None,
            slug: Slug::parse("a").unwrap(),
            fields: fields("A"),
            created_by: "test".to_owned(),
        };
        Entry::create(new, at(1)).publish(at(2)).unwrap()
    }

    #[track_caller]
    fn check(entry: Entry, newest: &str, live: &str, expected: Option<(u64, u64)>) {
        let redefined = entry.redefined(fields(newest), Some(fields(live)), at(9));
        let told = redefined.map(|it| (it.revision.number(), it.live.unwrap().revision.number()));
        assert_eq!(told, expected);
    }

    #[test]
    fn a_public_state_that_changes_has_another_tag() {
        check(published(), "A", "A", None);
        check(published(), "B", "B", Some((3, 3)));
        let draft = || published().save(Slug::parse("a").unwrap(), fields("D"), at(3)).unwrap();
        check(draft(), "D", "A", None);
        check(draft(), "E", "A", Some((4, 2)));
        check(draft(), "D", "B", Some((5, 4)));
        check(draft(), "E", "B", Some((5, 4)));
    }
}
