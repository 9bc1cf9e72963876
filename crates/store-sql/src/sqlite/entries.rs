//! Entries, their history and the record of their changes.

use std::sync::Arc;

use async_trait::async_trait;
use rusqlite::ffi::{SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE};
use rusqlite::{Connection, params};
use smartcms_app::ports::{
    Cursor, EntryPage, EntryQuery, EntryStore, EntryWrite, Listing, PAGE_LEN_MAX, Side, StoreError,
    WriteError,
};
use smartcms_domain::Timestamp;
use smartcms_domain::collections::CollectionName;
use smartcms_domain::entries::{
    Entry, EntryId, Fields, Live, Revision, RevisionRecord, Slug, Status,
};

use super::rows::{Columns, Damaged, Fault, all, count, first, run};
use super::writer::Refusal;
use super::{SqliteStore, outbox};

/// A live document that equals the newest one is read and parsed once.
macro_rules! select_entries {
    ($condition:literal) => {
        concat!(
            "SELECT id, collection, revision, slug, live_revision, live_slug, live_published_at, \
             first_published_at, created_at, updated_at, trashed_at, json(fields), \
             json(nullif(live_fields, fields)) FROM entries WHERE ",
            $condition
        )
    };
}

macro_rules! select_revisions {
    ($condition:literal) => {
        concat!(
            "SELECT revision, change, slug, author, message, at, json(fields) FROM revisions \
             WHERE entry = ?1 AND ",
            $condition
        )
    };
}

const EXISTS: &str = "SELECT 1 FROM entries WHERE id = ?1";
const BY_ID: &str = select_entries!("id = ?1");
const BY_SLUG: &str = select_entries!("collection = ?1 AND slug = ?2 AND trashed_at IS NULL");
const BY_LIVE_SLUG: &str = select_entries!("collection = ?1 AND live_slug = ?2");
const PUBLISHED: &str = select_entries!(
    "collection = ?1 AND live_revision IS NOT NULL AND (first_published_at, id) < (?2, ?3) \
     ORDER BY first_published_at DESC, id DESC LIMIT ?4"
);
const NEWEST: &str = select_entries!(
    "collection = ?1 AND trashed_at IS NULL AND (created_at, id) < (?2, ?3) \
     ORDER BY created_at DESC, id DESC LIMIT ?4"
);
const NEWEST_DRAFTS: &str = select_entries!(
    "collection = ?1 AND trashed_at IS NULL AND live_revision IS NULL \
     AND (created_at, id) < (?2, ?3) ORDER BY created_at DESC, id DESC LIMIT ?4"
);
const NEWEST_PUBLISHED: &str = select_entries!(
    "collection = ?1 AND trashed_at IS NULL AND live_revision IS NOT NULL \
     AND (created_at, id) < (?2, ?3) ORDER BY created_at DESC, id DESC LIMIT ?4"
);
const TRASHED: &str = select_entries!(
    "collection = ?1 AND trashed_at IS NOT NULL AND (created_at, id) < (?2, ?3) \
     ORDER BY created_at DESC, id DESC LIMIT ?4"
);
const REVISIONS: &str = select_revisions!("revision < ?2 ORDER BY revision DESC LIMIT ?3");
const REVISION: &str = select_revisions!("revision = ?2");

const INSERT: &str = "INSERT INTO entries (id, revision, slug, live_revision, live_slug, \
    live_published_at, first_published_at, updated_at, trashed_at, fields, live_fields, \
    collection, created_at) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, jsonb(?10), jsonb(?11), ?12, ?13)";
const UPDATE: &str = "UPDATE entries SET revision = ?2, slug = ?3, live_revision = ?4, \
    live_slug = ?5, live_published_at = ?6, first_published_at = ?7, updated_at = ?8, \
    trashed_at = ?9, fields = jsonb(?10), live_fields = jsonb(?11), collection = ?12, \
    created_at = ?13 WHERE id = ?1 AND revision = ?14";
const INSERT_REVISION: &str = "INSERT INTO revisions \
    (entry, revision, change, slug, author, message, at, fields) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, jsonb(?8))";

/// The documents of a write as JSON, made before the write queues; equal ones once.
struct Documents {
    newest: Arc<str>,
    live: Option<Arc<str>>,
    record: Arc<str>,
}

#[async_trait]
impl EntryStore for SqliteStore {
    async fn find(&self, id: EntryId) -> Result<Option<Entry>, StoreError> {
        let action = || format!("read entry {id}");
        self.readers.read(action, |db| first(db, BY_ID, [id.as_uuid().as_bytes()], entry))
    }

    async fn find_by_slug(
        &self,
        collection: &CollectionName,
        slug: &Slug,
        side: Side,
    ) -> Result<Option<Entry>, StoreError> {
        let sql = match side {
            Side::Live => BY_LIVE_SLUG,
            Side::Newest => BY_SLUG,
        };
        let action = || format!("read the entry {slug} of {collection}");
        self.readers.read(action, |db| first(db, sql, [collection.as_str(), slug.as_str()], entry))
    }

    async fn list(&self, query: &EntryQuery) -> Result<EntryPage, StoreError> {
        let action = || format!("list entries of {}", query.collection);
        self.readers.read(action, |db| page(db, query))
    }

    async fn write(&self, write: EntryWrite) -> Result<(), WriteError> {
        let action = format!("store revision {} of entry {}", write.entry.revision, write.entry.id);
        let documents =
            Documents::of(&write).map_err(|fault| StoreError::new(action.clone(), fault))?;
        self.writer.write(action, move |db| store(db, &write, &documents)).await
    }

    async fn revisions(
        &self,
        id: EntryId,
        before: Option<Revision>,
        limit: u32,
    ) -> Result<Vec<RevisionRecord>, StoreError> {
        let before = before.and_then(|it| i64::try_from(it.number()).ok()).unwrap_or(i64::MAX);
        let params = params![id.as_uuid().as_bytes(), before, limit.clamp(1, PAGE_LEN_MAX)];
        let action = || format!("list the revisions of entry {id}");
        self.readers.read(action, |db| all(db, REVISIONS, params, |row| record(row, id)))
    }

    async fn revision(
        &self,
        id: EntryId,
        revision: Revision,
    ) -> Result<Option<RevisionRecord>, StoreError> {
        let action = || format!("read revision {revision} of entry {id}");
        self.readers.read(action, |db| {
            let params = params![id.as_uuid().as_bytes(), count(revision.number())?];
            first(db, REVISION, params, |row| record(row, id))
        })
    }
}

impl Documents {
    fn of(write: &EntryWrite) -> Result<Self, Fault> {
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

fn page(db: &Connection, query: &EntryQuery) -> Result<EntryPage, Fault> {
    let sql = match query.listing {
        Listing::Published => PUBLISHED,
        Listing::Newest(None) => NEWEST,
        Listing::Newest(Some(Status::Draft)) => NEWEST_DRAFTS,
        Listing::Newest(Some(Status::Published)) => NEWEST_PUBLISHED,
        Listing::Trashed => TRASHED,
    };
    // Every place in a listing is before this one.
    let start = (i64::MAX, [0xff; 16]);
    let (at, id) = query.after.map_or(start, |it| (it.at.as_millis(), *it.id.as_uuid().as_bytes()));
    let limit = query.limit.clamp(1, PAGE_LEN_MAX) as usize;
    // One more than asked for tells whether there is a next page.
    let params = params![query.collection.as_str(), at, id, count(limit as u64 + 1)?];
    let mut entries = all(db, sql, params, entry)?;
    let more = entries.len() > limit;
    entries.truncate(limit);
    let next = entries.last().filter(|_| more).map(|last| Cursor {
        at: match query.listing {
            Listing::Published => last.first_published_at.unwrap_or(last.created_at),
            Listing::Newest(_) | Listing::Trashed => last.created_at,
        },
        id: last.id,
    });
    Ok(EntryPage { entries, next })
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
    ];
    run(db, INSERT_REVISION, params)?;
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
        entry.trashed_at.map(Timestamp::as_millis),
        documents.newest,
        documents.live,
        entry.collection.as_str(),
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
        Ok(0) => Err(Refusal::Known(WriteError::Stale)),
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
    let code = error.sqlite_error().map(|it| it.extended_code);
    if !matches!(code, Some(SQLITE_CONSTRAINT_PRIMARYKEY | SQLITE_CONSTRAINT_UNIQUE)) {
        return Ok(Refusal::from(error));
    }
    let id = write.entry.id.as_uuid().as_bytes();
    let exists = first(db, EXISTS, [id], |_| Ok(()))?.is_some();
    Ok(Refusal::Known(match write.previous {
        None if exists => WriteError::Stale,
        _ => WriteError::SlugTaken,
    }))
}

fn entry(mut row: Columns<'_>) -> Result<Entry, Fault> {
    let id = EntryId::new(row.uuid()?);
    let read = entry_with(id, row);
    read.map_err(|source| Damaged { what: format!("entry {id}"), source }.into())
}

fn entry_with(id: EntryId, mut row: Columns<'_>) -> Result<Entry, Fault> {
    let collection = row.collection()?;
    let revision = Revision::new(row.count()?);
    let slug = row.slug()?;
    let live_revision = row.maybe_count()?.map(Revision::new);
    let live_slug: Option<String> = row.next()?;
    let live_published_at = row.maybe_time()?;
    let first_published_at = row.maybe_time()?;
    let created_at = row.time()?;
    let updated_at = row.time()?;
    let trashed_at = row.maybe_time()?;
    let fields = row.fields()?;
    let other_live_fields = row.maybe_fields()?;
    let live = match (live_revision, live_slug, live_published_at) {
        (Some(revision), Some(slug), Some(published_at)) => Some(Live {
            revision,
            slug: Slug::parse(&slug)?,
            fields: other_live_fields.unwrap_or_else(|| fields.clone()),
            published_at,
        }),
        _ => None,
    };
    Ok(Entry {
        id,
        collection,
        revision,
        slug,
        fields,
        live,
        created_at,
        updated_at,
        first_published_at,
        trashed_at,
    })
}

fn record(mut row: Columns<'_>, entry: EntryId) -> Result<RevisionRecord, Fault> {
    let revision = Revision::new(row.count()?);
    let mut read = || -> Result<RevisionRecord, Fault> {
        Ok(RevisionRecord {
            revision,
            change: row.named()?,
            slug: row.slug()?,
            author: row.next()?,
            message: row.next()?,
            at: row.time()?,
            fields: row.fields()?,
        })
    };
    read().map_err(|source| {
        Damaged { what: format!("revision {revision} of entry {entry}"), source }.into()
    })
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::{
        BY_ID, BY_LIVE_SLUG, BY_SLUG, NEWEST, NEWEST_DRAFTS, NEWEST_PUBLISHED, PUBLISHED, REVISION,
        REVISIONS, TRASHED,
    };
    use crate::sqlite::migrations;

    #[test]
    fn every_read_goes_straight_to_its_rows_by_an_index_and_sorts_nothing() {
        let db = Connection::open_in_memory().unwrap();
        migrations::apply(&db).unwrap();
        for (sql, index) in [
            (BY_ID, "sqlite_autoindex_entries_1"),
            (BY_SLUG, "entries_by_slug"),
            (BY_LIVE_SLUG, "entries_by_live_slug"),
            (PUBLISHED, "entries_published"),
            (NEWEST, "entries_newest"),
            (NEWEST_DRAFTS, "entries_drafts"),
            (NEWEST_PUBLISHED, "entries_newest"),
            (TRASHED, "entries_trashed"),
            (REVISIONS, "sqlite_autoindex_revisions_1"),
            (REVISION, "sqlite_autoindex_revisions_1"),
        ] {
            let mut plan = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let steps = plan.raw_query().mapped(|row| row.get::<_, String>(3));
            let steps: Vec<String> = steps.map(Result::unwrap).collect();
            let [step] = steps.as_slice() else { panic!("{sql}: {steps:?}") };
            assert!(step.starts_with("SEARCH ") && step.contains(index), "{sql}: {step}");
        }
    }
}
