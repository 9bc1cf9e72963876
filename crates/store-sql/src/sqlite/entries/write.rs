//! How changes of entries are stored: all or nothing, in one transaction.

use std::sync::Arc;

use rusqlite::ffi::{SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE};
use rusqlite::{Connection, params};
use smartcms_app::ports::{EntryChanges, EntryWrite, Listing, Side, WriteError};
use smartcms_domain::Timestamp;
use smartcms_domain::entries::Fields;

use super::{help, indexes, own_order, side_number, target_columns};
use crate::sqlite::rows::{Fault, count, first, run};
use crate::sqlite::writer::Refusal;
use crate::sqlite::{audit, definitions, outbox, redirects, search, working_copies};

const EXISTS: &str = "SELECT 1 FROM entries WHERE id = ?1";
const IS_AT: &str = "SELECT 1 FROM entries WHERE id = ?1 AND revision = ?2";
const INSERT: &str = "INSERT INTO entries (id, revision, slug, live_revision, live_slug, \
    live_published_at, first_published_at, updated_at, archived_at, trashed_at, publish_at, \
    unpublish_at, fields, live_fields, collection, locale, translation_group, created_by, created_at) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, jsonb(?13), jsonb(?14), ?15, ?16, ?17, ?18, ?19)";
const UPDATE: &str = "UPDATE entries SET revision = ?2, slug = ?3, live_revision = ?4, \
    live_slug = ?5, live_published_at = ?6, first_published_at = ?7, updated_at = ?8, \
    archived_at = ?9, trashed_at = ?10, publish_at = ?11, unpublish_at = ?12, \
    fields = jsonb(?13), live_fields = jsonb(?14), collection = ?15, locale = ?16, \
    translation_group = ?17, created_by = ?18, created_at = ?19 WHERE id = ?1 AND revision = ?20";
const FORGET_REFERENCES: &str = "DELETE FROM entry_references WHERE entry = ?1";
const INSERT_REFERENCE: &str = "INSERT INTO entry_references \
    (entry, side, field, position, kind, target, sorts_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
const PURGE: &str = "DELETE FROM entries WHERE id = ?1 AND revision = ?2";
const INSERT_REVISION: &str = "INSERT INTO revisions \
    (entry, revision, change, slug, author, message, at, fields, help) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, jsonb(?8), ?9)";

/// The documents of a write as JSON, made before the write queues; equal ones once.
pub(super) struct Documents {
    newest: Arc<str>,
    live: Option<Arc<str>>,
    record: Arc<str>,
}

impl Documents {
    pub(super) fn of(write: &EntryWrite) -> Result<Self, Fault> {
        let newest: Arc<str> = serde_json::to_string(&write.entry.fields)?.into();
        let json = |fields: &Fields| -> Result<Arc<str>, Fault> {
            if *fields == write.entry.fields {
                return Ok(Arc::clone(&newest));
            }
            Ok(serde_json::to_string(fields)?.into())
        };
        let live = write.entry.live.as_ref().map(|live| json(&live.fields)).transpose()?;
        Ok(Self { live, record: json(&write.record.fields)?, newest })
    }
}

/// Stores what belongs together, and refuses all of it where one part is not as it was seen.
pub(super) fn store_all(
    db: &Connection,
    changes: &EntryChanges,
    documents: &[Documents],
) -> Result<(), Refusal<WriteError>> {
    if let Some(wanted) = changes.generation
        && !definitions::is_current(db, wanted)?
    {
        return Err(Refusal::Known(WriteError::Redefined));
    }
    for (id, revision) in &changes.unchanged {
        let params = params![id.as_uuid().as_bytes(), count(revision.number())?];
        if first(db, IS_AT, params, |_| Ok(()))?.is_none() {
            return Err(Refusal::Known(WriteError::Stale(*id)));
        }
    }
    for (write, documents) in changes.writes.iter().zip(documents) {
        store(db, write, documents)?;
    }
    for purge in &changes.purges {
        search::forget(db, purge.id)?;
        let params = params![purge.id.as_uuid().as_bytes(), count(purge.previous.number())?];
        if run(db, PURGE, params)? == 0 {
            return Err(Refusal::Known(WriteError::Stale(purge.id)));
        }
        outbox::record(db, &purge.event)?;
    }
    redirects::apply(db, &changes.addresses)?;
    for (entry, author) in &changes.saved_copies {
        working_copies::discard(db, *entry, author)?;
    }
    for record in &changes.audit {
        audit::record(db, record)?;
    }
    Ok(())
}

fn store_references(db: &Connection, write: &EntryWrite) -> Result<(), Refusal<WriteError>> {
    let id = write.entry.id.as_uuid().as_bytes();
    if write.previous.is_some() {
        run(db, FORGET_REFERENCES, [id])?;
    }
    let sides = [(Side::Newest, &write.facts.newest), (Side::Live, &write.facts.live)];
    for (side, facts) in sides.into_iter().filter_map(|(side, it)| Some((side, it.as_ref()?))) {
        let sorts_at = match side {
            Side::Newest => write.entry.created_at,
            Side::Live => own_order(Listing::Published, &write.entry),
        };
        for (position, reference) in facts.references.iter().enumerate() {
            let (kind, target) = target_columns(reference.target);
            let place = count(position as u64)?;
            let params = params![
                id,
                side_number(side),
                reference.field,
                place,
                kind,
                target.as_bytes(),
                sorts_at.as_millis()
            ];
            run(db, INSERT_REFERENCE, params)?;
        }
    }
    Ok(())
}

fn store(
    db: &Connection,
    write: &EntryWrite,
    documents: &Documents,
) -> Result<(), Refusal<WriteError>> {
    store_entry(db, write, documents)?;
    let record = &write.record;
    let params = params![
        write.entry.id.as_uuid().as_bytes(),
        count(record.revision.number())?,
        record.change.name(),
        record.slug.as_str(),
        record.author,
        record.message,
        record.at.as_millis(),
        documents.record,
        help::text_of(&record.help),
    ];
    run(db, INSERT_REVISION, params)?;
    store_references(db, write)?;
    search::store(db, write)?;
    outbox::record(db, &write.event)?;
    Ok(())
}

fn store_entry(
    db: &Connection,
    write: &EntryWrite,
    documents: &Documents,
) -> Result<(), Refusal<WriteError>> {
    let entry = &write.entry;
    let live = entry.live.as_ref();
    let params = params![
        entry.id.as_uuid().as_bytes(),
        count(entry.revision.number())?,
        entry.slug.as_str(),
        live.map(|it| count(it.revision.number())).transpose()?,
        live.map(|it| it.slug.as_str()),
        live.map(|it| it.published_at.as_millis()),
        entry.first_published_at.map(Timestamp::as_millis),
        entry.updated_at.as_millis(),
        entry.archived_at.map(Timestamp::as_millis),
        entry.trashed_at.map(Timestamp::as_millis),
        entry.schedule.publish_at.map(Timestamp::as_millis),
        entry.schedule.unpublish_at.map(Timestamp::as_millis),
        documents.newest,
        documents.live,
        entry.collection.as_str(),
        entry.locale.as_str(),
        entry.group.as_uuid().as_bytes(),
        entry.created_by,
        entry.created_at.as_millis(),
    ];
    let stored = match write.previous {
        None => run(db, INSERT, params),
        Some(previous) => {
            let seen = count(previous.number())?;
            run(db, UPDATE, [params, params![seen]].concat().as_slice())
        }
    };
    match stored {
        Ok(0) => Err(Refusal::Known(WriteError::Stale(entry.id))),
        Ok(_) => Ok(()),
        Err(error) => Err(refusal(db, write, error)?),
    }
}

/// What a failed statement means. A new entry whose id is there already breaks several rules at once, and SQLite
/// names any of them.
fn refusal(
    db: &Connection,
    write: &EntryWrite,
    error: rusqlite::Error,
) -> Result<Refusal<WriteError>, Fault> {
    if !is_unique_violation(&error) {
        return Ok(Refusal::from(error));
    }
    let id = write.entry.id;
    let exists = first(db, EXISTS, [id.as_uuid().as_bytes()], |_| Ok(()))?.is_some();
    let message = error.to_string();
    let field = indexes::unique_field(&message).map(str::to_owned);
    Ok(Refusal::Known(match (write.previous, field) {
        (None, _) if exists => WriteError::Stale(id),
        (_, Some(field)) => WriteError::ValueTaken { entry: id, field },
        (_, None) => WriteError::SlugTaken(id),
    }))
}

pub(super) fn is_unique_violation(error: &rusqlite::Error) -> bool {
    let code = error.sqlite_error().map(|it| it.extended_code);
    matches!(code, Some(SQLITE_CONSTRAINT_PRIMARYKEY | SQLITE_CONSTRAINT_UNIQUE))
}
