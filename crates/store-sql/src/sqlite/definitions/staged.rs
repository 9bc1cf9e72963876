//! Entries that are put aside in batches, and made true in one go: each step is one statement, so that memory does not
//! grow with their number.

use rusqlite::{Connection, params};
use smartcms_app::ports::{EntryPurge, EntryRewrite, Side, StagedEntry};
use smartcms_domain::entries::EntryId;
use uuid::Uuid;

use crate::sqlite::entries::{side_number, target_columns};
use crate::sqlite::rows::{Fault, count, first, run};
use crate::sqlite::search;

const DROP_ENTRY: &str = "DELETE FROM staged_entries WHERE change = ?1 AND entry = ?2";
const DROP_REFERENCES: &str = "DELETE FROM staged_references WHERE change = ?1 AND entry = ?2";
const PUT: &str = "INSERT INTO staged_entries (change, entry, previous, revision, live_revision, at, \
    event, kind, author, message, fields, live_fields) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, jsonb(?11), jsonb(?12))";
const PUT_REFERENCE: &str = "INSERT INTO staged_references \
    (change, entry, side, field, position, kind, target) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
const FORGET: [&str; 2] = ["DELETE FROM staged_entries", "DELETE FROM staged_references"];

const MOVED: &str = "SELECT 1 FROM staged_entries LEFT JOIN entries ON entries.id = staged_entries.entry \
    WHERE change = ?1 AND entries.revision IS NOT staged_entries.previous LIMIT 1";

/// In this order: records are of the slugs that are stored, and what refers to an entry goes with it.
const APPLY: [&str; 9] = [
    "UPDATE entries SET revision = staged.revision, live_revision = staged.live_revision, \
     updated_at = staged.at, fields = staged.fields, live_fields = staged.live_fields \
     FROM staged_entries AS staged \
     WHERE staged.change = ?1 AND staged.revision IS NOT NULL AND entries.id = staged.entry",
    "INSERT INTO revisions (entry, revision, change, slug, author, message, at, fields) \
     SELECT staged.entry, staged.live_revision, staged.kind, entries.live_slug, staged.author, \
     staged.message, staged.at, staged.live_fields \
     FROM staged_entries AS staged JOIN entries ON entries.id = staged.entry \
     WHERE staged.change = ?1 AND staged.live_revision > staged.previous \
     AND staged.live_revision < staged.revision",
    "INSERT INTO revisions (entry, revision, change, slug, author, message, at, fields) \
     SELECT staged.entry, staged.revision, staged.kind, entries.slug, staged.author, \
     staged.message, staged.at, staged.fields \
     FROM staged_entries AS staged JOIN entries ON entries.id = staged.entry \
     WHERE staged.change = ?1 AND staged.revision IS NOT NULL",
    "DELETE FROM entry_references WHERE entry IN \
     (SELECT entry FROM staged_entries WHERE change = ?1)",
    "INSERT INTO entry_references (entry, side, field, position, kind, target, sorts_at) \
     SELECT staged.entry, side, field, position, kind, target, \
     CASE side WHEN 1 THEN coalesce(first_published_at, created_at) ELSE created_at END \
     FROM staged_references AS staged JOIN entries ON entries.id = staged.entry \
     WHERE staged.change = ?1",
    "INSERT OR IGNORE INTO search_pending (number) SELECT entries.number \
     FROM staged_entries AS staged JOIN entries ON entries.id = staged.entry \
     WHERE staged.change = ?1 AND staged.revision IS NOT NULL",
    "INSERT INTO outbox (id, kind, at, collection, entry, revision) \
     SELECT staged.event, staged.kind, staged.at, entries.collection, staged.entry, \
     coalesce(staged.revision, staged.previous) \
     FROM staged_entries AS staged JOIN entries ON entries.id = staged.entry \
     WHERE staged.change = ?1 ORDER BY staged.number",
    "DELETE FROM entries WHERE id IN \
     (SELECT entry FROM staged_entries WHERE change = ?1 AND revision IS NULL)",
    "DELETE FROM staged_references WHERE change = ?1",
];
const APPLIED: &str = "DELETE FROM staged_entries WHERE change = ?1";
const LEAVING: &str = "SELECT entries.number FROM staged_entries AS staged \
    JOIN entries ON entries.id = staged.entry WHERE staged.change = ?1 AND staged.revision IS NULL";

/// Puts entries aside, in the place of what was put aside for those that were looked at.
pub(super) fn put(
    db: &Connection,
    change: Uuid,
    looked_at: &[EntryId],
    staged: &[StagedEntry],
) -> Result<(), Fault> {
    for id in looked_at {
        let params = params![change.as_bytes(), id.as_uuid().as_bytes()];
        run(db, DROP_ENTRY, params)?;
        run(db, DROP_REFERENCES, params)?;
    }
    for entry in staged {
        match entry {
            StagedEntry::Rewrite(it) => put_rewrite(db, change, it)?,
            StagedEntry::Purge(it) => put_purge(db, change, it)?,
        }
    }
    Ok(())
}

fn put_rewrite(db: &Connection, change: Uuid, rewrite: &EntryRewrite) -> Result<(), Fault> {
    let entry = &rewrite.entry;
    let live = entry.live.as_ref();
    let id = *entry.id.as_uuid();
    let params = params![
        change.as_bytes(),
        id.as_bytes(),
        count(rewrite.previous.number())?,
        count(entry.revision.number())?,
        live.map(|it| count(it.revision.number())).transpose()?,
        entry.updated_at.as_millis(),
        rewrite.event.id.as_bytes(),
        rewrite.event.kind.name(),
        rewrite.author,
        rewrite.message,
        serde_json::to_string(&entry.fields)?,
        live.map(|it| serde_json::to_string(&it.fields)).transpose()?,
    ];
    run(db, PUT, params)?;
    let sides = [(Side::Newest, &rewrite.facts.newest), (Side::Live, &rewrite.facts.live)];
    for (side, facts) in sides.into_iter().filter_map(|(side, it)| Some((side, it.as_ref()?))) {
        for (position, reference) in facts.references.iter().enumerate() {
            let (kind, target) = target_columns(reference.target);
            let params = params![
                change.as_bytes(),
                id.as_bytes(),
                side_number(side),
                reference.field,
                count(position as u64)?,
                kind,
                target.as_bytes(),
            ];
            run(db, PUT_REFERENCE, params)?;
        }
    }
    Ok(())
}

fn put_purge(db: &Connection, change: Uuid, purge: &EntryPurge) -> Result<(), Fault> {
    let params = params![
        change.as_bytes(),
        purge.id.as_uuid().as_bytes(),
        count(purge.previous.number())?,
        None::<i64>,
        None::<i64>,
        purge.event.at.as_millis(),
        purge.event.id.as_bytes(),
        purge.event.kind.name(),
        "",
        "",
        None::<String>,
        None::<String>,
    ];
    run(db, PUT, params)?;
    Ok(())
}

/// Forgets what was put aside, in whichever change.
pub(super) fn forget(db: &Connection) -> Result<(), Fault> {
    for statement in FORGET {
        run(db, statement, [])?;
    }
    Ok(())
}

/// Whether every entry is still in the revision in which it was looked at.
pub(super) fn fits(db: &Connection, change: Uuid) -> Result<bool, Fault> {
    Ok(first(db, MOVED, [change.as_bytes()], |_| Ok(()))?.is_none())
}

/// Makes what was put aside true.
pub(super) fn apply(db: &Connection, change: Uuid) -> Result<(), Fault> {
    search::forget_all(db, LEAVING, change)?;
    for statement in APPLY {
        run(db, statement, [change.as_bytes()])?;
    }
    run(db, APPLIED, [change.as_bytes()])?;
    Ok(())
}
