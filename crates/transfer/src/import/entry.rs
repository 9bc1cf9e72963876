//! One entry, author or term: from the item to what the site stores.

use serde_json::json;
use smartcms_app::entries::{ContentError, ImportEntry, ImportLive, MESSAGE_LEN_MAX};
use smartcms_domain::Timestamp;
use smartcms_domain::entries::{EntryId, Fields, Schedule, Slug};
use smartcms_domain::redirects::{SitePath, percent_encoded};

use super::fields::{set_text, set_title};
use super::parts::Import;
use super::sending::Thing;
use super::shape::{ABOUT, ADDRESS, EMAIL, EXCERPT, PARENT, PICTURE, TEXTS};
use super::survey::path_of;
use super::tally::Tally;
use crate::error::Place;
use crate::item::{Author, ImportedEntry, SourceStatus, Term};
use crate::note::{Note, NoteKind};

impl Import {
    /// Stores an author, when the site keeps them.
    pub(super) async fn author(
        &self,
        author: Author,
        tally: &mut Tally,
    ) -> Result<(), ContentError> {
        let Some(shape) = self.site.shape("authors") else {
            let message = "the site has no collection `authors`; make collections/authors.toml and import again";
            tally.note(Note::new(NoteKind::TypeUnknown, &author.place, &author.name, message));
            return Ok(());
        };
        let id = self.id("author", &author.key);
        if self.site.has(&shape, id).await? {
            tally.count("authors").present += 1;
            return Ok(());
        }
        let mut fields = Fields::default();
        let mut notes = Vec::new();
        let name = if author.name.is_empty() { &author.key } else { &author.name };
        set_title(&shape, name, &mut fields, &mut notes);
        set_text(&shape, EMAIL, author.email.as_deref(), &["text", "email"], &mut fields);
        set_text(&shape, ADDRESS, author.url.as_deref(), &["text", "url"], &mut fields);
        set_text(&shape, ABOUT, author.bio.as_deref(), TEXTS, &mut fields);
        if let (Some(url), Some(field)) = (&author.picture, shape.field_of(PICTURE, &["asset"])) {
            let stand_in = ImportedEntry::new(&author.key, "authors", author.place.clone());
            if let Some(stored) = self.store_medium(url, &stand_in, tally).await {
                fields.set(field.name.as_str(), json!(stored.id));
            }
        }
        let named = (author.name, author.place);
        let thing = self.public_thing("authors", id, fields, named, &author.addresses);
        self.send(thing, tally).await
    }

    /// Stores a term, when the site keeps its taxonomy.
    pub(super) async fn term(&self, term: Term, tally: &mut Tally) -> Result<(), ContentError> {
        let shape = self.collection_of(&term.taxonomy).and_then(|it| self.site.shape(&it));
        let Some(shape) = shape else {
            let message = format!(
                "the site has no collection for the taxonomy `{}`; make collections/{}.toml and import again",
                term.taxonomy,
                term.taxonomy.replace('-', "_")
            );
            tally.note(Note::new(NoteKind::TypeUnknown, &term.place, &term.name, message));
            return Ok(());
        };
        let collection = shape.definition.name.to_string();
        let id = self.id("term", &format!("{}:{}", term.taxonomy, term.key));
        if self.site.has(&shape, id).await? {
            tally.count(&collection).present += 1;
            return Ok(());
        }
        let mut fields = Fields::default();
        let mut notes = Vec::new();
        set_title(&shape, &term.name, &mut fields, &mut notes);
        set_text(&shape, EXCERPT, term.description.as_deref(), TEXTS, &mut fields);
        if let (Some(parent), Some(field)) = (&term.parent, shape.field_of(PARENT, &["relation"])) {
            let above = self.id("term", &format!("{}:{parent}", term.taxonomy));
            if self.plan.has(above) {
                fields.set(field.name.as_str(), json!(above.to_string()));
            } else {
                let message = format!("the term above it, `{parent}`, is not in the source");
                tally.note(Note::new(NoteKind::RelationLeft, &term.place, &term.name, message));
            }
        }
        let named = (term.name, term.place);
        let thing = self.public_thing(&collection, id, fields, named, &term.addresses);
        self.send(thing, tally).await
    }

    /// Stores an entry.
    pub(super) async fn entry(
        &self,
        mut entry: ImportedEntry,
        tally: &mut Tally,
    ) -> Result<(), ContentError> {
        let found = self.collection_in(entry.section.as_deref(), &entry.collection);
        let shape = found.and_then(|it| self.site.shape(&it));
        let Some(shape) = shape else {
            let message = format!(
                "the site has no collection `{}`; make collections/{}.toml and import again",
                entry.collection,
                entry.collection.replace('-', "_")
            );
            tally.note(Note::new(NoteKind::TypeUnknown, &entry.place, &entry.title, message));
            return Ok(());
        };
        let collection = shape.definition.name.to_string();
        let id = self.id("entry", &entry.key);
        if self.site.has(&shape, id).await? {
            return self.present(id, &shape, &entry, tally).await;
        }
        let fields = self.fields(&shape, &mut entry, tally).await;
        let command = self.command(&collection, id, fields, &mut entry);
        let old = entry.old_url.take().into_iter().chain(std::mem::take(&mut entry.aliases));
        let old_paths = self.old_paths(&command, &old.collect::<Vec<String>>());
        for note in std::mem::take(&mut entry.notes) {
            tally.note(note);
        }
        let thing = Thing { command, old_paths, subject: entry.title, place: entry.place };
        self.send(thing, tally).await
    }

    fn command(
        &self,
        collection: &str,
        id: EntryId,
        fields: Fields,
        entry: &mut ImportedEntry,
    ) -> ImportEntry {
        let now = self.site.ctx().app.clock.now();
        let (locale, is_known) = self.site.locale(entry.locale.as_deref());
        if let Some(named) = entry.locale.clone().filter(|_| !is_known) {
            let message = format!("the site has no language `{named}`; it is in {locale}");
            entry.note(NoteKind::LocaleChanged, message);
        }
        let group = entry.translation_of.as_ref().filter(|_| is_known);
        let group = group.map(|key| self.id("entry", key));
        let times = public_times(entry, now);
        let live = times.published_at;
        let created_at = entry.created_at.or(entry.published_at).unwrap_or(now);
        ImportEntry {
            collection: collection.to_owned(),
            id,
            locale,
            group,
            slug: self.plan.slug(id).unwrap_or_else(|| Slug::from_id(id)),
            fields,
            live: live.map(|published_at| ImportLive { slug: None, fields: None, published_at }),
            created_at,
            updated_at: entry.updated_at.unwrap_or(created_at).max(created_at),
            first_published_at: live.or(times.archived_at.and(entry.published_at)),
            archived_at: times.archived_at,
            schedule: times.schedule,
            created_by: None,
            message: Some(message_of(&entry.place)),
        }
    }

    /// People and terms are public at once.
    fn public_thing(
        &self,
        collection: &str,
        id: EntryId,
        fields: Fields,
        (subject, place): (String, Place),
        addresses: &[String],
    ) -> Thing {
        let now = self.site.ctx().app.clock.now();
        let command = ImportEntry {
            collection: collection.to_owned(),
            id,
            locale: self.site.locale(None).0,
            group: None,
            slug: self.plan.slug(id).unwrap_or_else(|| Slug::from_id(id)),
            fields,
            live: Some(ImportLive { slug: None, fields: None, published_at: now }),
            created_at: now,
            updated_at: now,
            first_published_at: Some(now),
            archived_at: None,
            schedule: Schedule::default(),
            created_by: None,
            message: Some(message_of(&place)),
        };
        let old_paths = self.old_paths(&command, addresses);
        Thing { command, old_paths, subject, place }
    }

    /// Addresses at which a thing was and is no longer: they have to lead on, or readers and search engines lose it.
    fn old_paths(&self, command: &ImportEntry, addresses: &[String]) -> Vec<SitePath> {
        let new = self.site.path(&command.collection, &command.locale, &command.slug);
        let Some(new) = new else { return Vec::new() };
        let base = self.survey.site.base_url.as_deref();
        // A number behind a `?` is no path.
        let paths = addresses.iter().filter(|it| !it.starts_with('?'));
        let mut old: Vec<String> = paths.filter_map(|it| path_of(it, base)).collect();
        old.retain(|it| *it != new && it != "/");
        old.sort_unstable();
        old.dedup();
        // Percent signs were read already.
        let encoded = old.iter().map(|it| percent_encoded(it, |byte| b"%?#".contains(&byte)));
        encoded.filter_map(|it| SitePath::parse(&it).ok()).collect()
    }
}

/// What happened to an entry when, and what will.
#[derive(Debug, Default, PartialEq, Eq)]
struct Times {
    published_at: Option<Timestamp>,
    archived_at: Option<Timestamp>,
    schedule: Schedule,
}

fn public_times(entry: &mut ImportedEntry, now: Timestamp) -> Times {
    let at = entry.published_at.or(entry.created_at);
    if entry.status == SourceStatus::Draft {
        return Times::default();
    }
    if entry.status == SourceStatus::Scheduled && at.is_none() {
        entry.note(
            NoteKind::StatusLowered,
            "it was to be published at a date that is missing; it is a draft",
        );
        return Times::default();
    }
    let at = at.unwrap_or(now);
    let ended = entry.unpublished_at.filter(|it| *it <= now);
    if ended.is_some() {
        entry
            .note(NoteKind::StatusLowered, "its time on the site has passed; it is in the archive");
        return Times { archived_at: ended, ..Times::default() };
    }
    let unpublish_at = entry.unpublished_at.filter(|it| *it > at);
    let public = at <= now;
    Times {
        published_at: public.then_some(at),
        archived_at: None,
        schedule: Schedule { publish_at: (!public).then_some(at), unpublish_at },
    }
}

/// What the history of an entry says of its origin.
fn message_of(place: &Place) -> String {
    format!("imported from {place}").chars().take(MESSAGE_LEN_MAX).collect()
}
