//! An entry and the rules of its life.

use super::fields::Fields;
use super::id::{EntryId, Revision};
use super::slug::Slug;
use crate::Timestamp;
use crate::collections::CollectionName;

/// One item of a collection: its newest state, and beside it the state that is public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The lasting identity.
    pub id: EntryId,
    /// The collection it belongs to.
    pub collection: CollectionName,
    /// The number of the newest state.
    pub revision: Revision,
    /// The name in addresses, in the newest state.
    pub slug: Slug,
    /// The values in the newest state.
    pub fields: Fields,
    /// What readers see; `None` while the entry is not public.
    pub live: Option<Live>,
    /// When it was first stored.
    pub created_at: Timestamp,
    /// When the newest state was stored.
    pub updated_at: Timestamp,
    /// When it was first published; kept when it is unpublished, so that a post keeps its date.
    pub first_published_at: Option<Timestamp>,
    /// When it went to the trash.
    pub trashed_at: Option<Timestamp>,
}

/// The public state of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Live {
    /// The state that was published.
    pub revision: Revision,
    /// The name in the public address.
    pub slug: Slug,
    /// The public values.
    pub fields: Fields,
    /// When this state became public.
    pub published_at: Timestamp,
}

/// Where an entry stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// Not public.
    Draft,
    /// Public. A newer draft can stand beside the public state.
    Published,
}

impl Status {
    /// The lasting name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
        }
    }
}

/// One saved state in an entry's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionRecord {
    /// Which state.
    pub revision: Revision,
    /// What made it, as an event's name.
    pub change: crate::events::EventKind,
    /// The slug in that state.
    pub slug: Slug,
    /// The values in that state.
    pub fields: Fields,
    /// Who made it.
    pub author: String,
    /// What the author said about it.
    pub message: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// Why a change of an entry is not possible.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// Somebody else changed the entry.
    #[error("entry {entry} is at revision {stored}, the change was made from {seen}")]
    Stale {
        /// The entry.
        entry: EntryId,
        /// What the author had seen.
        seen: Revision,
        /// What is stored.
        stored: Revision,
    },
    /// It is in the trash.
    #[error("entry {0} is in the trash; restore it first")]
    Trashed(EntryId),
    /// It is not in the trash.
    #[error("entry {0} is not in the trash")]
    NotTrashed(EntryId),
    /// It is not published.
    #[error("entry {0} is not published")]
    NotPublished(EntryId),
}

impl Entry {
    /// A new draft.
    pub fn create(
        id: EntryId,
        collection: CollectionName,
        slug: Slug,
        fields: Fields,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            collection,
            revision: Revision::FIRST,
            slug,
            fields,
            live: None,
            created_at: now,
            updated_at: now,
            first_published_at: None,
            trashed_at: None,
        }
    }

    /// Where the entry stands.
    pub fn status(&self) -> Status {
        if self.live.is_some() { Status::Published } else { Status::Draft }
    }

    /// Whether the newest state differs from the public one.
    pub fn has_newer_draft(&self) -> bool {
        self.live.as_ref().is_some_and(|live| live.fields != self.fields || live.slug != self.slug)
    }

    /// Refuses a change that was made from an older state; `None` means the newest, whatever it is.
    pub fn require_seen(&self, seen: Option<Revision>) -> Result<(), EntryError> {
        match seen {
            Some(seen) if seen != self.revision => {
                Err(EntryError::Stale { entry: self.id, seen, stored: self.revision })
            }
            _ => Ok(()),
        }
    }

    /// A new state with other values; what is public stays as it is.
    pub fn save(self, slug: Slug, fields: Fields, now: Timestamp) -> Result<Self, EntryError> {
        self.require_not_trashed()?;
        Ok(Self { slug, fields, ..self }.step(now))
    }

    /// Makes the newest state public.
    pub fn publish(self, now: Timestamp) -> Result<Self, EntryError> {
        self.require_not_trashed()?;
        let mut entry = self.step(now);
        let slug = entry.slug.clone();
        let fields = entry.fields.clone();
        entry.live = Some(Live { revision: entry.revision, slug, fields, published_at: now });
        entry.first_published_at.get_or_insert(now);
        Ok(entry)
    }

    /// Takes the entry off the site.
    pub fn unpublish(self, now: Timestamp) -> Result<Self, EntryError> {
        self.require_not_trashed()?;
        if self.live.is_none() {
            return Err(EntryError::NotPublished(self.id));
        }
        Ok(Self { live: None, ..self }.step(now))
    }

    /// Puts the entry in the trash, and off the site.
    pub fn trash(self, now: Timestamp) -> Result<Self, EntryError> {
        self.require_not_trashed()?;
        Ok(Self { live: None, trashed_at: Some(now), ..self }.step(now))
    }

    /// Takes the entry out of the trash, as a draft.
    pub fn restore(self, now: Timestamp) -> Result<Self, EntryError> {
        if self.trashed_at.is_none() {
            return Err(EntryError::NotTrashed(self.id));
        }
        Ok(Self { trashed_at: None, ..self }.step(now))
    }

    fn require_not_trashed(&self) -> Result<(), EntryError> {
        if self.trashed_at.is_some() { Err(EntryError::Trashed(self.id)) } else { Ok(()) }
    }

    fn step(self, now: Timestamp) -> Self {
        Self { revision: self.revision.next(), updated_at: now, ..self }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::{Entry, EntryError, Status};
    use crate::Timestamp;
    use crate::collections::CollectionName;
    use crate::entries::{EntryId, Fields, Revision, Slug};

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis).unwrap()
    }

    fn fields(title: &str) -> Fields {
        [("title".to_owned(), json!(title))].into_iter().collect()
    }

    fn draft() -> Entry {
        let collection = CollectionName::parse("posts").unwrap();
        let slug = Slug::parse("a").unwrap();
        Entry::create(EntryId::new(Uuid::nil()), collection, slug, fields("A"), at(1))
    }

    #[test]
    fn a_draft_beside_a_published_entry_leaves_the_public_state_alone() {
        let entry = draft().publish(at(2)).unwrap();
        let entry = entry.save(Slug::parse("b").unwrap(), fields("B"), at(3)).unwrap();
        assert_eq!(entry.status(), Status::Published);
        assert!(entry.has_newer_draft());
        let live = entry.live.as_ref().unwrap();
        assert_eq!((live.slug.as_str(), live.revision), ("a", Revision::new(2)));
        let entry = entry.publish(at(4)).unwrap();
        assert!(!entry.has_newer_draft());
        assert_eq!(entry.first_published_at, Some(at(2)));
        assert_eq!(entry.revision, Revision::new(4));
    }

    #[test]
    fn an_entry_in_the_trash_changes_only_by_coming_back() {
        let entry = draft().publish(at(2)).unwrap().trash(at(3)).unwrap();
        assert_eq!(entry.status(), Status::Draft);
        let trashed = Err(EntryError::Trashed(entry.id));
        assert_eq!(entry.clone().publish(at(4)), trashed);
        assert_eq!(entry.clone().trash(at(4)), trashed);
        let back = entry.restore(at(5)).unwrap();
        assert_eq!((back.trashed_at, back.status()), (None, Status::Draft));
        assert_eq!(back.clone().restore(at(6)), Err(EntryError::NotTrashed(back.id)));
    }

    #[test]
    fn a_change_from_an_older_state_is_stale() {
        let entry = draft().publish(at(2)).unwrap();
        assert!(entry.require_seen(Some(Revision::new(2))).is_ok());
        assert!(entry.require_seen(None).is_ok());
        let stale = entry.require_seen(Some(Revision::FIRST));
        assert!(matches!(stale, Err(EntryError::Stale { .. })));
    }

    #[test]
    fn a_draft_cannot_be_unpublished() {
        assert!(matches!(draft().unpublish(at(2)), Err(EntryError::NotPublished(_))));
    }
}
