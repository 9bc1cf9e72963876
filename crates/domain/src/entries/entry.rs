//! An entry and the rules of its life.

use super::fields::Fields;
use super::id::{EntryId, Revision};
use super::slug::Slug;
use crate::Timestamp;
use crate::collections::CollectionName;
use crate::locales::Locale;

/// One item of a collection: its newest state, and beside it the state that is public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The lasting identity.
    pub id: EntryId,
    /// The collection it belongs to.
    pub collection: CollectionName,
    /// Its language.
    pub locale: Locale,
    /// What its translations have in common: the id of the first of them.
    pub group: EntryId,
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
    /// When it went to the archive.
    pub archived_at: Option<Timestamp>,
    /// When it went to the trash.
    pub trashed_at: Option<Timestamp>,
    /// What will happen by itself.
    pub schedule: Schedule,
    /// Who stored it first, as an actor's name.
    pub created_by: String,
}

/// When an entry changes by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Schedule {
    /// When the newest state becomes public.
    pub publish_at: Option<Timestamp>,
    /// When the entry leaves the site.
    pub unpublish_at: Option<Timestamp>,
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
    /// Not public, but it will be at a time that is set.
    Scheduled,
    /// Public. A newer draft can stand beside the public state.
    Published,
    /// Kept, but neither public nor worked on.
    Archived,
}

impl Status {
    /// Every status.
    pub const ALL: [Self; 4] = [Self::Draft, Self::Scheduled, Self::Published, Self::Archived];

    /// The lasting name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Scheduled => "scheduled",
            Self::Published => "published",
            Self::Archived => "archived",
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
    /// Which models helped to write it, as the author said.
    pub help: Vec<super::Help>,
    /// When.
    pub at: Timestamp,
}

/// What a new entry is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// The lasting identity.
    pub id: EntryId,
    /// The collection.
    pub collection: CollectionName,
    /// The language.
    pub locale: Locale,
    /// The translations that it joins; `None` begins a group of its own.
    pub group: Option<EntryId>,
    /// The name in addresses.
    pub slug: Slug,
    /// The values.
    pub fields: Fields,
    /// Who stores it, as an actor's name.
    pub created_by: String,
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
    /// It is neither in the trash nor in the archive.
    #[error("entry {0} is neither in the trash nor in the archive")]
    NotTrashed(EntryId),
    /// It is in the archive.
    #[error("entry {0} is in the archive; restore it first")]
    Archived(EntryId),
    /// A time that was set has passed, or both are in the wrong order.
    #[error("entry {entry} cannot be scheduled: {reason}")]
    Schedule {
        /// The entry.
        entry: EntryId,
        /// Why not.
        reason: &'static str,
    },
    /// It is not published.
    #[error("entry {0} is not published")]
    NotPublished(EntryId),
}

impl Live {
    /// The public state with other values, which it gets with the state after this one: what is public under one number
    /// is always the same.
    #[must_use]
    pub fn with(self, fields: Fields, newest: Revision) -> Self {
        if fields == self.fields {
            return self;
        }
        Self { fields, revision: newest.next(), ..self }
    }
}

impl Entry {
    /// A new draft.
    pub fn create(new: NewEntry, now: Timestamp) -> Self {
        Self {
            id: new.id,
            collection: new.collection,
            locale: new.locale,
            group: new.group.unwrap_or(new.id),
            revision: Revision::FIRST,
            slug: new.slug,
            fields: new.fields,
            live: None,
            created_at: now,
            updated_at: now,
            first_published_at: None,
            archived_at: None,
            trashed_at: None,
            schedule: Schedule::default(),
            created_by: new.created_by,
        }
    }

    /// Where the entry stands.
    pub fn status(&self) -> Status {
        match self {
            Self { archived_at: Some(_), .. } => Status::Archived,
            Self { live: Some(_), .. } => Status::Published,
            Self { schedule: Schedule { publish_at: Some(_), .. }, .. } => Status::Scheduled,
            _ => Status::Draft,
        }
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
        self.require_active()?;
        Ok(Self { slug, fields, ..self }.step(now))
    }

    /// Makes the newest state public.
    pub fn publish(self, now: Timestamp) -> Result<Self, EntryError> {
        self.require_active()?;
        let mut entry = self.step(now);
        let slug = entry.slug.clone();
        let fields = entry.fields.clone();
        entry.live = Some(Live { revision: entry.revision, slug, fields, published_at: now });
        entry.first_published_at.get_or_insert(now);
        entry.schedule.publish_at = None;
        Ok(entry)
    }

    /// Sets when the entry changes by itself, in the place of what was set before; both times lie ahead, and one that is
    /// published first is unpublished later.
    pub fn scheduled(self, schedule: Schedule, now: Timestamp) -> Result<Self, EntryError> {
        self.require_active()?;
        let refused = |reason| Err(EntryError::Schedule { entry: self.id, reason });
        let times = [schedule.publish_at, schedule.unpublish_at];
        if times.iter().flatten().any(|it| *it <= now) {
            return refused("the time has passed");
        }
        match schedule {
            Schedule { publish_at: Some(start), unpublish_at: Some(end) } if end <= start => {
                refused("it would be unpublished before it is published")
            }
            Schedule { publish_at: None, unpublish_at: Some(_) } if self.live.is_none() => {
                refused("it is not public, and nothing would publish it before")
            }
            _ => Ok(Self { schedule, ..self }.step(now)),
        }
    }

    /// Takes the entry off the site.
    pub fn unpublish(self, now: Timestamp) -> Result<Self, EntryError> {
        self.require_active()?;
        if self.live.is_none() {
            return Err(EntryError::NotPublished(self.id));
        }
        Ok(self.off_the_site().step(now))
    }

    /// Puts the entry in the archive, and off the site.
    pub fn archive(self, now: Timestamp) -> Result<Self, EntryError> {
        self.require_active()?;
        Ok(Self { archived_at: Some(now), ..self.off_the_site() }.step(now))
    }

    /// Puts the entry in the trash, and off the site.
    pub fn trash(self, now: Timestamp) -> Result<Self, EntryError> {
        self.require_not_trashed()?;
        Ok(Self { trashed_at: Some(now), ..self.off_the_site() }.step(now))
    }

    /// Takes the entry out of the trash or the archive, as a draft.
    pub fn restore(self, now: Timestamp) -> Result<Self, EntryError> {
        if self.trashed_at.is_none() && self.archived_at.is_none() {
            return Err(EntryError::NotTrashed(self.id));
        }
        Ok(Self { trashed_at: None, archived_at: None, ..self }.step(now))
    }

    /// Takes over the values that a translation shares, in the newest state and in the public one; `None` when it has them
    /// already.
    pub fn sharing(self, shared: &Fields, names: &[&str], now: Timestamp) -> Option<Self> {
        let taken = |fields: &Fields| {
            let mut fields = fields.clone();
            for name in names {
                fields.set(name, shared.get(name).cloned().unwrap_or_default());
            }
            fields
        };
        let fields = taken(&self.fields);
        let live = self.live.as_ref().map(|it| it.clone().with(taken(&it.fields), self.revision));
        if fields == self.fields && live == self.live {
            return None;
        }
        Some(Self { fields, live, ..self }.step(now))
    }

    /// The newest state is public, as a part of the same change: for collections without drafts.
    #[must_use]
    pub fn public_at_once(self) -> Self {
        let live = Live {
            revision: self.revision,
            slug: self.slug.clone(),
            fields: self.fields.clone(),
            published_at: self.updated_at,
        };
        let first_published_at = self.first_published_at.or(Some(self.updated_at));
        Self { live: Some(live), first_published_at, ..self }
    }

    /// The next state, with values that were changed because something else did.
    #[must_use]
    pub fn stepped(self, now: Timestamp) -> Self {
        self.step(now)
    }

    fn off_the_site(self) -> Self {
        Self { live: None, schedule: Schedule::default(), ..self }
    }

    fn require_active(&self) -> Result<(), EntryError> {
        self.require_not_trashed()?;
        if self.archived_at.is_some() { Err(EntryError::Archived(self.id)) } else { Ok(()) }
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

    use super::{Entry, EntryError, NewEntry, Schedule, Status};
    use crate::Timestamp;
    use crate::collections::CollectionName;
    use crate::entries::{EntryId, Fields, Revision, Slug};
    use crate::locales::Locale;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis).unwrap()
    }

    fn fields(title: &str) -> Fields {
        [("title".to_owned(), json!(title))].into_iter().collect()
    }

    fn draft() -> Entry {
        let new = NewEntry {
            id: EntryId::new(Uuid::nil()),
            collection: CollectionName::parse("posts").unwrap(),
            locale: Locale::parse("en").unwrap(),
            group: None,
            slug: Slug::parse("a").unwrap(),
            fields: fields("A"),
            created_by: "test".to_owned(),
        };
        Entry::create(new, at(1))
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

    #[test]
    fn a_schedule_lies_ahead_and_in_order() {
        let set = |entry: Entry, start: Option<i64>, end: Option<i64>| {
            let schedule = Schedule { publish_at: start.map(at), unpublish_at: end.map(at) };
            entry.scheduled(schedule, at(10))
        };
        for (start, end) in [(Some(10), None), (Some(20), Some(20)), (None, Some(20))] {
            assert!(set(draft(), start, end).is_err(), "{start:?} {end:?}");
        }
        let entry = set(draft(), Some(20), Some(30)).unwrap();
        assert_eq!(entry.status(), Status::Scheduled);
        let entry = entry.publish(at(20)).unwrap();
        assert_eq!(entry.status(), Status::Published);
        assert_eq!(entry.schedule, Schedule { publish_at: None, unpublish_at: Some(at(30)) });
        assert_eq!(entry.unpublish(at(30)).unwrap().schedule, Schedule::default());
    }

    #[test]
    fn an_archived_entry_is_off_the_site_until_it_is_restored() {
        let entry = draft().publish(at(2)).unwrap().archive(at(3)).unwrap();
        assert_eq!((entry.status(), entry.live.is_none()), (Status::Archived, true));
        assert_eq!(entry.clone().publish(at(4)), Err(EntryError::Archived(entry.id)));
        assert_eq!(entry.restore(at(5)).unwrap().status(), Status::Draft);
    }
}
