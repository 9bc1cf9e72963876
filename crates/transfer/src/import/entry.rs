//! One entry, author or term: from the item to what the site stores.

use serde_json::{Map, Number, Value, json};
use smartcms_app::entries::{ContentError, ImportEntry, ImportLive, MESSAGE_LEN_MAX};
use smartcms_domain::Timestamp;
use smartcms_domain::collections::{FieldDefinition, FieldKind};
use smartcms_domain::entries::{EntryId, Fields, Schedule, Slug};

use super::data::set_data;
use super::parts::Import;
use super::sending::Thing;
use super::shape::{ABOUT, ADDRESS, AUTHORS, EMAIL, EXCERPT, PARENT, PICTURE, Shape, TEXTS};
use super::survey::path_of;
use crate::error::Place;
use crate::html::plain_text;
use crate::item::{Author, ImportedEntry, SourceStatus, Term};
use crate::note::{Note, NoteKind};
use crate::report::Report;

impl Import<'_> {
    /// Stores an author, when the site keeps them.
    pub(super) async fn author(
        &mut self,
        author: Author,
        report: &mut Report,
    ) -> Result<(), ContentError> {
        let Some(shape) = self.site.shape("authors") else { return Ok(()) };
        let mut fields = Fields::default();
        let mut notes = Vec::new();
        set_title(&shape, &author.name, &mut fields, &mut notes);
        set_text(&shape, EMAIL, author.email.as_deref(), &["text", "email"], &mut fields);
        set_text(&shape, ADDRESS, author.url.as_deref(), &["text", "url"], &mut fields);
        set_text(&shape, ABOUT, author.bio.as_deref(), TEXTS, &mut fields);
        let id = self.id("author", &author.key);
        let thing = self.public_thing("authors", id, fields, author.name, author.place);
        self.send(thing, report).await
    }

    /// Stores a term, when the site keeps its taxonomy.
    pub(super) async fn term(
        &mut self,
        term: Term,
        report: &mut Report,
    ) -> Result<(), ContentError> {
        let Some(collection) = self.collection_of(&term.taxonomy) else { return Ok(()) };
        let Some(shape) = self.site.shape(&collection) else { return Ok(()) };
        let mut fields = Fields::default();
        let mut notes = Vec::new();
        set_title(&shape, &term.name, &mut fields, &mut notes);
        set_text(&shape, EXCERPT, term.description.as_deref(), TEXTS, &mut fields);
        if let (Some(parent), Some(field)) = (&term.parent, shape.field_of(PARENT, &["relation"])) {
            let id = self.id("term", &format!("{}:{parent}", term.taxonomy));
            fields.set(field.name.as_str(), json!(id.to_string()));
        }
        let id = self.id("term", &format!("{}:{}", term.taxonomy, term.key));
        let thing = self.public_thing(&collection, id, fields, term.name, term.place);
        self.send(thing, report).await
    }

    /// Stores an entry.
    pub(super) async fn entry(
        &mut self,
        mut entry: ImportedEntry,
        report: &mut Report,
    ) -> Result<(), ContentError> {
        let Some(collection) = self.collection_of(&entry.collection) else {
            let message = format!(
                "the site has no collection `{}`; make collections/{}.toml and import again",
                entry.collection,
                entry.collection.replace('-', "_")
            );
            report.note(Note::new(NoteKind::TypeUnknown, &entry.place, &entry.title, message));
            return Ok(());
        };
        let id = self.id("entry", &entry.key);
        if self.site.has(id).await? {
            report.count(&collection).present += 1;
            return Ok(());
        }
        let Some(shape) = self.site.shape(&collection) else { return Ok(()) };
        let fields = self.fields(&shape, &mut entry, report).await;
        self.note_redirects(&collection, id, &mut entry);
        let command = self.command(&collection, id, fields, &mut entry);
        for note in std::mem::take(&mut entry.notes) {
            report.note(note);
        }
        self.send(Thing { command, subject: entry.title, place: entry.place }, report).await
    }

    fn command(
        &self,
        collection: &str,
        id: EntryId,
        fields: Fields,
        entry: &mut ImportedEntry,
    ) -> ImportEntry {
        let now = self.site.ctx.app.clock.now();
        let (locale, is_known) = self.site.locale(entry.locale.as_deref());
        if let Some(named) = entry.locale.clone().filter(|_| !is_known) {
            let message = format!("the site has no language `{named}`; it is in {locale}");
            entry.note(NoteKind::LocaleChanged, message);
        }
        let group = entry.translation_of.as_ref().filter(|_| is_known);
        let group = group.map(|key| self.id("entry", key));
        let (live, publish_at) = public_times(entry, now);
        let created_at = entry.created_at.or(entry.published_at).unwrap_or(now);
        ImportEntry {
            collection: collection.to_owned(),
            id,
            locale,
            group,
            slug: self.plan.slug(id).cloned().unwrap_or_else(|| Slug::from_id(id)),
            fields,
            live: live.map(|published_at| ImportLive { slug: None, fields: None, published_at }),
            created_at,
            updated_at: entry.updated_at.unwrap_or(created_at).max(created_at),
            first_published_at: live,
            archived_at: None,
            schedule: Schedule { publish_at, unpublish_at: None },
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
        subject: String,
        place: Place,
    ) -> Thing {
        let now = self.site.ctx.app.clock.now();
        let command = ImportEntry {
            collection: collection.to_owned(),
            id,
            locale: self.site.locale(None).0,
            group: None,
            slug: self.plan.slug(id).cloned().unwrap_or_else(|| Slug::from_id(id)),
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
        Thing { command, subject, place }
    }

    async fn fields(
        &mut self,
        shape: &Shape,
        entry: &mut ImportedEntry,
        report: &mut Report,
    ) -> Fields {
        let mut fields = Fields::default();
        let mut notes = Vec::new();
        set_title(shape, &entry.title, &mut fields, &mut notes);
        for message in notes {
            entry.note(NoteKind::TextRepaired, message);
        }
        let mut kept = Map::new();
        let body = shape.definition.body.as_ref();
        if let Some(field) = body.and_then(|it| shape.definition.field(it.as_str())) {
            let body = self.body(entry, field, report).await;
            fields.set(field.name.as_str(), body.value);
            if !body.kept.is_empty() {
                kept.insert("blocks".to_owned(), json!(body.kept));
            }
        }
        self.set_excerpt(shape, entry, &mut fields);
        self.set_relations(shape, entry, &mut fields, &mut kept);
        self.set_picture(shape, entry, &mut fields, &mut kept, report).await;
        set_data(shape, entry, kept, &mut fields);
        fields
    }

    fn set_excerpt(&self, shape: &Shape, entry: &mut ImportedEntry, fields: &mut Fields) {
        let Some(excerpt) = entry.excerpt.take() else { return };
        let Some(field) = shape.field_of(EXCERPT, TEXTS) else {
            entry.note(NoteKind::FieldLeft, "its excerpt has no place");
            return;
        };
        let (text, is_shortened) = shortened(&excerpt, field);
        if is_shortened {
            entry.note(
                NoteKind::TextRepaired,
                "its excerpt was longer than the field allows, and was shortened",
            );
        }
        fields.set(field.name.as_str(), Value::String(text));
    }

    /// Authors, terms and the entry above, as relations where the site has them, else as data.
    fn set_relations(
        &self,
        shape: &Shape,
        entry: &mut ImportedEntry,
        fields: &mut Fields,
        kept: &mut Map<String, Value>,
    ) {
        let authors: Vec<EntryId> = entry.authors.iter().map(|it| self.id("author", it)).collect();
        let has_authors = self.site.shape("authors").is_some();
        if !relate(shape, AUTHORS, authors.as_slice(), has_authors, fields) {
            kept.insert("authors".to_owned(), json!(entry.authors));
        }
        let mut by_taxonomy: std::collections::BTreeMap<String, Vec<String>> =
            std::collections::BTreeMap::new();
        for (taxonomy, key) in &entry.terms {
            by_taxonomy.entry(taxonomy.clone()).or_default().push(key.clone());
        }
        for (taxonomy, keys) in by_taxonomy {
            let ids: Vec<EntryId> =
                keys.iter().map(|key| self.id("term", &format!("{taxonomy}:{key}"))).collect();
            let singular = taxonomy.strip_suffix('s').unwrap_or(&taxonomy).to_owned();
            let is_kept = self.collection_of(&taxonomy).is_some();
            if !relate(shape, &[&taxonomy, &singular], &ids, is_kept, fields) {
                kept.insert(taxonomy, json!(keys));
            }
        }
        let parent: Vec<EntryId> = entry.parent.iter().map(|it| self.id("entry", it)).collect();
        let is_there = parent.iter().all(|it| self.plan.slug(*it).is_some());
        if !relate(shape, PARENT, &parent, is_there, fields) {
            kept.insert("parent".to_owned(), json!(entry.parent));
        }
    }

    async fn set_picture(
        &mut self,
        shape: &Shape,
        entry: &mut ImportedEntry,
        fields: &mut Fields,
        kept: &mut Map<String, Value>,
        report: &mut Report,
    ) {
        let Some(picture) = entry.picture.take() else { return };
        let listed = self.survey.assets.get(&picture).map(|it| it.url.clone());
        let url = listed.unwrap_or_else(|| picture.clone());
        if !url.contains(['/', '.']) {
            let message = format!("its picture {picture} is not in the export");
            entry.note(NoteKind::MediaFailed, message);
            return;
        }
        let stored = self.store_medium(&url, entry, report).await;
        match (stored, shape.field_of(PICTURE, &["asset"])) {
            (Some(stored), Some(field)) => fields.set(field.name.as_str(), json!(stored.id)),
            _ => {
                kept.insert("picture".to_owned(), json!(url));
            }
        }
    }

    /// An address that changed has to lead on, or readers and search engines lose it.
    fn note_redirects(&self, collection: &str, id: EntryId, entry: &mut ImportedEntry) {
        let (locale, _) = self.site.locale(entry.locale.as_deref());
        let slug = self.plan.slug(id);
        let Some(new) = slug.and_then(|slug| self.site.path(collection, &locale, slug)) else {
            return;
        };
        let base = self.survey.site.base_url.as_deref();
        let old = entry.old_url.iter().chain(&entry.aliases).filter_map(|it| path_of(it, base));
        let old: Vec<String> = old.filter(|it| *it != new).collect();
        for path in old {
            let message =
                format!("it was at {path} and is at {new} now; this site keeps no redirects");
            entry.note(NoteKind::RedirectLeft, message);
        }
    }
}

/// When an entry became public, and when it will; neither for a draft.
fn public_times(entry: &ImportedEntry, now: Timestamp) -> (Option<Timestamp>, Option<Timestamp>) {
    let at = entry.published_at.or(entry.created_at).unwrap_or(now);
    match entry.status {
        SourceStatus::Draft => (None, None),
        _ if at <= now => (Some(at), None),
        _ => (None, Some(at)),
    }
}

/// What the history of an entry says of its origin.
fn message_of(place: &Place) -> String {
    format!("imported from {place}").chars().take(MESSAGE_LEN_MAX).collect()
}

/// Sets the field that names an entry: there is always one, on one line, and not too long.
fn set_title(shape: &Shape, title: &str, fields: &mut Fields, notes: &mut Vec<String>) {
    let Some(field) = shape.definition.field(shape.definition.title.as_str()) else { return };
    let title = plain_text(title);
    if title.is_empty() {
        notes.push("it had no title".to_owned());
        fields.set(field.name.as_str(), Value::String("Untitled".to_owned()));
        return;
    }
    let (text, is_shortened) = shortened(&title, field);
    if is_shortened {
        notes.push(format!(
            "its title was longer than the field allows, and was shortened: {title}"
        ));
    }
    fields.set(field.name.as_str(), Value::String(text));
}

fn set_text(
    shape: &Shape,
    names: &[&str],
    text: Option<&str>,
    kinds: &[&str],
    fields: &mut Fields,
) {
    let (Some(text), Some(field)) = (text, shape.field_of(names, kinds)) else { return };
    let value = Value::String(shortened(text, field).0);
    // An address that is none would keep its author from being stored.
    let fits = !text.is_empty() && field.problems_of(Some(&value)).is_empty();
    if fits && fields.get(field.name.as_str()).is_none() {
        fields.set(field.name.as_str(), value);
    }
}

/// Text no longer than its field allows, ended at a word.
fn shortened(text: &str, field: &FieldDefinition) -> (String, bool) {
    let most = field.bounds.max.as_ref().and_then(Number::as_u64);
    let most = most.and_then(|it| usize::try_from(it).ok());
    let limit = most.unwrap_or_else(|| field.kind.default_len_max());
    if text.chars().count() <= limit {
        return (text.to_owned(), false);
    }
    let cut: String = text.chars().take(limit.saturating_sub(1)).collect();
    let end = cut.rfind(char::is_whitespace).filter(|it| *it > limit / 2).unwrap_or(cut.len());
    (format!("{}…", cut.get(..end).unwrap_or_default().trim_end()), true)
}

/// Sets a relation; `false` when there is something to say and no place for it.
fn relate(
    shape: &Shape,
    names: &[&str],
    ids: &[EntryId],
    is_there: bool,
    fields: &mut Fields,
) -> bool {
    if ids.is_empty() {
        return true;
    }
    let field = shape.field_of(names, &["relation"]).filter(|_| is_there);
    let Some(field) = field else { return false };
    let texts: Vec<String> = ids.iter().map(EntryId::to_string).collect();
    let value = if is_many(field) { json!(texts) } else { json!(texts.first()) };
    fields.set(field.name.as_str(), value);
    true
}

fn is_many(field: &FieldDefinition) -> bool {
    matches!(&field.kind, FieldKind::Relation(relation) if relation.many)
}
