//! What authors have not saved yet.

use async_trait::async_trait;
use rusqlite::{Connection, params};
use smartcms_app::ports::{KeepOutcome, StoreError, WorkingCopies};
use smartcms_domain::Timestamp;
use smartcms_domain::entries::{Editing, EntryId, Revision, WorkingCopy};

use super::SqliteStore;
use super::rows::{Columns, Damaged, Fault, all, count, first, run};

const FIND: &str = "SELECT based_on, slug, since, updated_at, json(fields) FROM working_copies \
    WHERE entry = ?1 AND author = ?2";
const EDITING: &str = "SELECT author, since, updated_at FROM working_copies \
    WHERE entry = ?1 AND updated_at >= ?2 ORDER BY since, author";
const OTHERS: &str = "SELECT count(*) FROM working_copies WHERE entry = ?1 AND author <> ?2";
const KEEP: &str = "INSERT INTO working_copies \
    (entry, author, based_on, slug, since, updated_at, fields) \
    SELECT ?1, ?2, ?3, ?4, ?5, ?6, jsonb(?7) WHERE EXISTS (SELECT 1 FROM entries WHERE id = ?1) \
    ON CONFLICT (entry, author) DO UPDATE SET based_on = excluded.based_on, slug = excluded.slug, \
    since = excluded.since, updated_at = excluded.updated_at, fields = excluded.fields";
const DISCARD: &str = "DELETE FROM working_copies WHERE entry = ?1 AND author = ?2";
const FORGET: &str = "DELETE FROM working_copies WHERE (entry, author) IN \
    (SELECT entry, author FROM working_copies WHERE updated_at < ?1 ORDER BY updated_at LIMIT ?2)";

#[async_trait]
impl WorkingCopies for SqliteStore {
    async fn find(&self, entry: EntryId, author: &str) -> Result<Option<WorkingCopy>, StoreError> {
        let action = || format!("read the working copy of entry {entry} by {author}");
        let params = params![entry.as_uuid().as_bytes(), author];
        self.readers.read(action, |db| first(db, FIND, params, |row| copy(entry, author, row)))
    }

    async fn editing(&self, entry: EntryId, since: Timestamp) -> Result<Vec<Editing>, StoreError> {
        let action = || format!("read who is at entry {entry}");
        let params = params![entry.as_uuid().as_bytes(), since.as_millis()];
        self.readers.read(action, |db| all(db, EDITING, params, editing))
    }

    async fn keep(&self, copy: WorkingCopy, most: u32) -> Result<KeepOutcome, StoreError> {
        let action = format!("keep the working copy of entry {} by {}", copy.entry, copy.author);
        let document = serde_json::to_string(&copy.fields);
        let document = document.map_err(|it| StoreError::new(action.clone(), it))?;
        self.writer.write(action, move |db| Ok(keep(db, &copy, &document, most)?)).await
    }

    async fn discard(&self, entry: EntryId, author: &str) -> Result<bool, StoreError> {
        let action = format!("discard the working copy of entry {entry} by {author}");
        let author = author.to_owned();
        self.writer.write(action, move |db| Ok(discard(db, entry, &author)?)).await
    }

    async fn forget(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        let action = "forget old working copies".to_owned();
        self.writer
            .write(action, move |db| {
                let gone = run(db, FORGET, params![before.as_millis(), limit])?;
                Ok(u64::try_from(gone).unwrap_or(u64::MAX))
            })
            .await
    }
}

/// Takes the copy of an author away; `false` when there is none.
pub(super) fn discard(db: &Connection, entry: EntryId, author: &str) -> Result<bool, Fault> {
    Ok(run(db, DISCARD, params![entry.as_uuid().as_bytes(), author])? > 0)
}

fn keep(
    db: &Connection,
    copy: &WorkingCopy,
    document: &str,
    most: u32,
) -> Result<KeepOutcome, Fault> {
    let entry = copy.entry.as_uuid().as_bytes();
    let others = first(db, OTHERS, params![entry, copy.author], |mut row| row.count())?;
    if others.unwrap_or_default() >= u64::from(most) {
        return Ok(KeepOutcome::TooMany);
    }
    let params = params![
        entry,
        copy.author,
        count(copy.based_on.number())?,
        copy.slug,
        copy.since.as_millis(),
        copy.updated_at.as_millis(),
        document,
    ];
    let kept = run(db, KEEP, params)? > 0;
    Ok(if kept { KeepOutcome::Kept } else { KeepOutcome::NoEntry })
}

fn copy(entry: EntryId, author: &str, mut row: Columns<'_>) -> Result<WorkingCopy, Fault> {
    let mut read = || -> Result<WorkingCopy, Fault> {
        Ok(WorkingCopy {
            entry,
            author: author.to_owned(),
            based_on: Revision::new(row.count()?),
            slug: row.next()?,
            since: row.time()?,
            updated_at: row.time()?,
            fields: row.fields()?,
        })
    };
    read().map_err(|source| {
        Damaged { what: format!("the working copy of entry {entry} by {author}"), source }.into()
    })
}

fn editing(mut row: Columns<'_>) -> Result<Editing, Fault> {
    Ok(Editing { author: row.next()?, since: row.time()?, updated_at: row.time()? })
}
