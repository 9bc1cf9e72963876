//! Entries, their history and the record of their changes.

mod duplicates;
mod help;
mod indexes;
#[cfg(test)]
mod plans;
mod query;
mod row;
mod write;

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use rusqlite::{Connection, params};
use smartcms_app::ports::{
    Cursor, Dangling, Duplicate, EntryChanges, EntryPage, EntryQuery, EntryStore, Listing,
    NearEntries, NearQuery, PAGE_LEN_MAX, REVISIONS_KEPT_MIN, Referrer, Side, StoreError,
    WriteError,
};
use smartcms_domain::Timestamp;
use smartcms_domain::collections::{CollectionDefinition, CollectionName, FieldName, Target};
use smartcms_domain::entries::{Entry, EntryId, Revision, RevisionRecord, Slug};
use smartcms_domain::locales::Locale;
use uuid::Uuid;

pub(super) use self::indexes::{
    NotUnique, drop_others as drop_indexes_of_others, prepare as prepare_indexes,
};
pub(super) use self::query::field_expression;

use self::query::COLUMNS;
use self::row::{entry, entry_of, record};
use self::write::{Documents, store_all};
use super::SqliteStore;
use super::rows::{Columns, Fault, all, count, first, run};
use super::writer::Refusal;

macro_rules! select_revisions {
    ($condition:literal) => {
        concat!(
            "SELECT revision, change, slug, author, message, help, at, json(fields) FROM revisions \
             WHERE entry = ?1 AND ",
            $condition
        )
    };
}

const BY_ID: &str = "id = ?1";
const BY_IDS: &str = "id IN (SELECT unhex(value) FROM json_each(?1))";
const BY_SLUG: &str = "collection = ?1 AND locale = ?2 AND slug = ?3 AND trashed_at IS NULL";
const BY_LIVE_SLUG: &str = "collection = ?1 AND locale = ?2 AND live_slug = ?3";
const BY_GROUP: &str = "translation_group = ?1 AND trashed_at IS NULL ORDER BY locale";
const BY_GROUPS: &str = "translation_group IN (SELECT unhex(value) FROM json_each(?1)) \
    AND trashed_at IS NULL";
const DUE: &str = "coalesce(publish_at, unpublish_at) IS NOT NULL \
    AND coalesce(min(publish_at, unpublish_at), publish_at, unpublish_at) <= ?1 \
    ORDER BY coalesce(min(publish_at, unpublish_at), publish_at, unpublish_at) LIMIT ?2";
const NEXT_DUE: &str = "SELECT min(coalesce(min(publish_at, unpublish_at), publish_at, unpublish_at)) \
    FROM entries WHERE coalesce(publish_at, unpublish_at) IS NOT NULL";
const TRASHED_BEFORE: &str = "trashed_at IS NOT NULL AND trashed_at < ?1 \
    AND (trashed_at, id) > (?2, ?3) ORDER BY trashed_at, id LIMIT ?4";
// The first term is the condition of a partial index: entries with a short history are not looked at.
const DROP_REVISIONS: &str = "DELETE FROM revisions WHERE rowid IN (SELECT revisions.rowid \
    FROM entries JOIN revisions ON revisions.entry = entries.id \
    AND revisions.revision <= entries.revision - ?1 \
    AND revisions.revision IS NOT entries.live_revision \
    WHERE entries.revision > 100 AND entries.revision > ?1 LIMIT ?2)";
const REFERRERS: &str = "SELECT DISTINCT entry, field FROM entry_references \
    WHERE target = ?1 AND kind = ?2 AND entry IN (SELECT DISTINCT entry FROM entry_references \
    WHERE target = ?1 AND kind = ?2 ORDER BY entry LIMIT ?3) ORDER BY entry, field";
const COUNT_REFERRERS: &str = "SELECT count(*) FROM (SELECT DISTINCT entry FROM entry_references \
    JOIN entries ON entries.id = entry_references.entry \
    WHERE target = ?1 AND kind = 0 AND entries.trashed_at IS NULL LIMIT ?2)";
const DANGLING: &str = "WITH lost AS (SELECT entry, field, kind, target FROM entry_references \
    WHERE entry > ?1 AND (kind = 0 AND NOT EXISTS (SELECT 1 FROM entries WHERE id = target) \
    OR kind = 1 AND NOT EXISTS (SELECT 1 FROM assets WHERE id = target))) \
    SELECT DISTINCT entry, field, kind, target FROM lost WHERE entry IN \
    (SELECT DISTINCT entry FROM lost ORDER BY entry LIMIT ?2) ORDER BY entry, field, kind, target";
const REVISIONS: &str = select_revisions!("revision < ?2 ORDER BY revision DESC LIMIT ?3");
const REVISION: &str = select_revisions!("revision = ?2");

#[async_trait]
impl EntryStore for SqliteStore {
    async fn find(&self, id: EntryId) -> Result<Option<Entry>, StoreError> {
        let action = || format!("read entry {id}");
        self.readers.read(action, |db| first(db, &select(BY_ID), [id.as_uuid().as_bytes()], entry))
    }

    async fn find_many(&self, ids: &[EntryId]) -> Result<Vec<Entry>, StoreError> {
        let action = || format!("read {} entries", ids.len());
        self.readers.read(action, |db| all(db, &select(BY_IDS), [hex_list(ids)?], entry))
    }

    async fn find_by_slug(
        &self,
        collection: &CollectionName,
        locale: &Locale,
        slug: &Slug,
        side: Side,
    ) -> Result<Option<Entry>, StoreError> {
        let condition = match side {
            Side::Live => BY_LIVE_SLUG,
            Side::Newest => BY_SLUG,
        };
        let action = || format!("read the entry {slug} of {collection}");
        let params = [collection.as_str(), locale.as_str(), slug.as_str()];
        self.readers.read(action, |db| first(db, &select(condition), params, entry))
    }

    async fn translations(&self, group: EntryId) -> Result<Vec<Entry>, StoreError> {
        let action = || format!("read the translations of {group}");
        let params = [group.as_uuid().as_bytes()];
        self.readers.read(action, |db| all(db, &select(BY_GROUP), params, entry))
    }

    async fn translations_of(&self, groups: &[EntryId]) -> Result<Vec<Entry>, StoreError> {
        let action = || format!("read the translations of {} entries", groups.len());
        self.readers.read(action, |db| all(db, &select(BY_GROUPS), [hex_list(groups)?], entry))
    }

    async fn list(&self, query: &EntryQuery) -> Result<EntryPage, StoreError> {
        let action = || format!("list entries of {}", query.collection);
        self.readers.read(action, |db| page(db, query))
    }

    async fn near(&self, query: &NearQuery) -> Result<NearEntries, StoreError> {
        let action = || format!("find what is near entry {}", query.entry);
        self.readers.read(action, |db| near(db, query))
    }

    async fn count_referrers(
        &self,
        targets: &[EntryId],
        most: u32,
    ) -> Result<BTreeMap<EntryId, u64>, StoreError> {
        let action = || format!("count what points to {} entries", targets.len());
        self.readers.read(action, |db| {
            let mut counts = BTreeMap::new();
            for target in targets {
                let params = params![target.as_uuid().as_bytes(), most];
                let found = first(db, COUNT_REFERRERS, params, |mut row| row.count())?;
                counts.extend(found.filter(|it| *it > 0).map(|it| (*target, it)));
            }
            Ok(counts)
        })
    }

    async fn referrers(&self, target: Target, limit: u32) -> Result<Vec<Referrer>, StoreError> {
        let (kind, id) = target_columns(target);
        let action = || format!("find what points to {id}");
        let found = self.readers.read(action, |db| {
            let params = params![id.as_bytes(), kind, limit];
            all(db, REFERRERS, params, |mut row| {
                Ok((EntryId::new(row.uuid()?), row.next::<String>()?))
            })
        })?;
        let mut fields: BTreeMap<EntryId, Vec<String>> = BTreeMap::new();
        for (id, field) in found {
            fields.entry(id).or_default().push(field);
        }
        let ids: Vec<EntryId> = fields.keys().copied().collect();
        let entries = self.find_many(&ids).await?.into_iter().filter(|it| it.trashed_at.is_none());
        let with_fields = |entry: Entry| {
            let fields = fields.remove(&entry.id).unwrap_or_default();
            Referrer { entry, fields }
        };
        Ok(entries.map(with_fields).collect())
    }

    async fn dangling(
        &self,
        after: Option<EntryId>,
        limit: u32,
    ) -> Result<Vec<Dangling>, StoreError> {
        let after = after.map_or(Uuid::nil(), |it| *it.as_uuid());
        let action = || "find references that lead nowhere".to_owned();
        self.readers.read(action, |db| {
            all(db, DANGLING, params![after.as_bytes(), limit], |mut row| {
                let entry = EntryId::new(row.uuid()?);
                let field = row.next()?;
                let kind: i64 = row.next()?;
                let id = row.uuid()?;
                let target =
                    if kind == 0 { Target::Entry(EntryId::new(id)) } else { Target::Asset(id) };
                Ok(Dangling { entry, field, target })
            })
        })
    }

    async fn due(&self, now: Timestamp, limit: u32) -> Result<Vec<Entry>, StoreError> {
        let action = || "find what is scheduled".to_owned();
        let params = params![now.as_millis(), limit];
        self.readers.read(action, |db| all(db, &select(DUE), params, entry))
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        let action = || "find what is scheduled next".to_owned();
        let found =
            self.readers.read(action, |db| first(db, NEXT_DUE, [], |mut row| row.maybe_time()));
        Ok(found?.flatten())
    }

    async fn trashed_before(
        &self,
        before: Timestamp,
        after: Option<(Timestamp, EntryId)>,
        limit: u32,
    ) -> Result<Vec<Entry>, StoreError> {
        let (at, id) =
            after.map_or((i64::MIN, Uuid::nil()), |(at, id)| (at.as_millis(), *id.as_uuid()));
        let params = params![before.as_millis(), at, id.as_bytes(), limit];
        let action = || "find what is long in the trash".to_owned();
        self.readers.read(action, |db| all(db, &select(TRASHED_BEFORE), params, entry))
    }

    async fn drop_revisions(&self, keep: u64, limit: u32) -> Result<u64, StoreError> {
        let keep = keep.max(REVISIONS_KEPT_MIN);
        let action = format!("cut histories to {keep} revisions");
        self.writer
            .write(action, move |db| {
                let gone = run(db, DROP_REVISIONS, params![count(keep)?, limit])?;
                Ok(u64::try_from(gone).unwrap_or(u64::MAX))
            })
            .await
    }

    async fn write(&self, changes: EntryChanges) -> Result<(), WriteError> {
        let action = match changes.writes.as_slice() {
            [one] => format!("store revision {} of entry {}", one.entry.revision, one.entry.id),
            more => format!("store {} entries and purge {}", more.len(), changes.purges.len()),
        };
        let documents: Result<Vec<Documents>, Fault> =
            changes.writes.iter().map(Documents::of).collect();
        let documents = documents.map_err(|fault| StoreError::new(action.clone(), fault))?;
        self.writer.write(action, move |db| store_all(db, &changes, &documents)).await
    }

    async fn has_more_than(
        &self,
        collection: &CollectionName,
        listing: Listing,
        len: u32,
    ) -> Result<bool, StoreError> {
        let action = || format!("count entries of {collection}");
        let params = params![collection.as_str(), i64::from(len) + 1];
        let sql = len_over(listing);
        let found = self.readers.read(action, |db| first(db, &sql, params, |mut row| row.count()));
        Ok(found?.unwrap_or_default() > u64::from(len))
    }

    async fn duplicates(
        &self,
        collection: &CollectionName,
        field: &FieldName,
        limit: u32,
    ) -> Result<Vec<Duplicate>, StoreError> {
        let action = || format!("find what shares a value of {field} in {collection}");
        self.readers.read(action, |db| duplicates::find(db, collection, field, limit))
    }

    async fn prepare(&self, collections: &[Arc<CollectionDefinition>]) -> Result<(), StoreError> {
        let collections = collections.to_vec();
        let action = "prepare the indexes of the collections".to_owned();
        let work = move |db: &Connection| {
            indexes::prepare(db, &collections).map_err(Refusal::<StoreError>::Failed)
        };
        self.writer.write(action, work).await
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

/// Ids as a list in JSON, of which SQLite makes bytes again.
fn hex_list(ids: &[EntryId]) -> Result<String, Fault> {
    let list: Vec<String> = ids.iter().map(|it| it.as_uuid().simple().to_string()).collect();
    Ok(serde_json::to_string(&list)?)
}

fn select(condition: &str) -> String {
    format!("SELECT {COLUMNS} FROM entries WHERE {condition}")
}

/// How many entries a listing has, counted no further than asked.
fn len_over(listing: Listing) -> String {
    let listed = query::listing(listing);
    format!(
        "SELECT count(*) FROM (SELECT 1 FROM entries WHERE collection = ?1 AND {listed} LIMIT ?2)"
    )
}

/// How a side is stored beside a reference.
pub(super) fn side_number(side: Side) -> i64 {
    match side {
        Side::Newest => 0,
        Side::Live => 1,
    }
}

pub(super) fn target_columns(target: Target) -> (i64, Uuid) {
    match target {
        Target::Entry(id) => (0, *id.as_uuid()),
        Target::Asset(id) => (1, id),
        Target::File(key) => (2, Uuid::from_bytes(key)),
    }
}

fn page(db: &Connection, query: &EntryQuery) -> Result<EntryPage, Fault> {
    let limit = query.limit.clamp(1, PAGE_LEN_MAX) as usize;
    // Beside the keys that are asked for there is the time of the listing.
    let keys = if query.sort.is_empty() { 0 } else { query.sort.len() + 1 };
    let mut found = Vec::new();
    for statement in query::page(query)? {
        if found.len() > limit {
            break;
        }
        let params = rusqlite::params_from_iter(statement.params);
        found.extend(all(db, &statement.sql, params, |mut row| {
            let entry = entry_of(&mut row)?;
            let keys: Result<Vec<serde_json::Value>, Fault> =
                (0..keys).map(|_| key(&mut row)).collect();
            Ok((entry, keys?))
        })?);
    }
    // One more than asked for tells whether there is a next page.
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|(last, keys)| match query.sort.as_slice() {
        [] => Cursor::at(own_order(query.listing, last), last.id),
        _ => Cursor { keys: keys.clone(), id: last.id },
    });
    Ok(EntryPage { entries: found.into_iter().map(|(entry, _)| entry).collect(), next })
}

fn near(db: &Connection, query: &NearQuery) -> Result<NearEntries, Fault> {
    let statement = query::near(query);
    let params = rusqlite::params_from_iter(statement.params);
    let rows = all(db, &statement.sql, params, |mut row| {
        let role: i64 = row.next()?;
        Ok((role, entry_of(&mut row)?))
    })?;
    let mut near = NearEntries::default();
    for (role, entry) in rows {
        match role {
            query::OLDER => near.older = Some(entry),
            query::NEWER => near.newer = Some(entry),
            _ => near.related.push(entry),
        }
    }
    Ok(near)
}

fn own_order(listing: Listing, entry: &Entry) -> Timestamp {
    match listing {
        Listing::Published => entry.first_published_at.unwrap_or(entry.created_at),
        Listing::Newest(_) | Listing::Trashed => entry.created_at,
    }
}

/// A key of an order; ids are the only blobs, and break ties already.
fn key(row: &mut Columns<'_>) -> Result<serde_json::Value, Fault> {
    Ok(match row.next::<rusqlite::types::Value>()? {
        rusqlite::types::Value::Null | rusqlite::types::Value::Blob(_) => serde_json::Value::Null,
        rusqlite::types::Value::Integer(number) => number.into(),
        rusqlite::types::Value::Real(number) => number.into(),
        rusqlite::types::Value::Text(text) => text.into(),
    })
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;
    use smartcms_app::ports::{EntryQuery, Listing};
    use smartcms_domain::collections::CollectionName;
    use smartcms_domain::entries::Status;

    use super::{
        BY_GROUP, BY_ID, BY_LIVE_SLUG, BY_SLUG, DROP_REVISIONS, DUE, REVISION, REVISIONS,
        TRASHED_BEFORE, query, select,
    };
    use crate::sqlite::migrations;

    fn list(listing: Listing) -> String {
        let query = EntryQuery {
            author: None,
            collection: CollectionName::parse("posts").unwrap(),
            listing,
            locale: None,
            fallbacks: Vec::new(),
            filter: None,
            sort: Vec::new(),
            limit: 20,
            after: None,
        };
        query::page(&query).unwrap().remove(0).sql
    }

    #[test]
    fn every_read_goes_straight_to_its_rows_by_an_index_and_sorts_nothing() {
        let db = Connection::open_in_memory().unwrap();
        migrations::apply(&db).unwrap();
        for (sql, index) in [
            (select(BY_ID), "sqlite_autoindex_entries_1"),
            (select(BY_SLUG), "entries_by_slug"),
            (select(BY_LIVE_SLUG), "entries_by_live_slug"),
            (list(Listing::Published), "entries_published"),
            (list(Listing::Newest(None)), "entries_newest"),
            (list(Listing::Newest(Some(Status::Draft))), "entries_drafts"),
            (list(Listing::Newest(Some(Status::Published))), "entries_newest"),
            (list(Listing::Trashed), "entries_trashed"),
            (select(DUE), "entries_due"),
            (select(TRASHED_BEFORE), "entries_by_trashing"),
            (REVISIONS.to_owned(), "sqlite_autoindex_revisions_1"),
            (REVISION.to_owned(), "sqlite_autoindex_revisions_1"),
        ] {
            let mut plan = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let steps = plan.raw_query().mapped(|row| row.get::<_, String>(3));
            let steps: Vec<String> = steps.map(Result::unwrap).collect();
            let [step] = steps.as_slice() else { panic!("{sql}: {steps:?}") };
            assert!(step.starts_with("SEARCH ") && step.contains(index), "{sql}: {step}");
        }
        assert!(db.prepare(&select(BY_GROUP)).is_ok());
        let mut plan = db.prepare(&format!("EXPLAIN QUERY PLAN {DROP_REVISIONS}")).unwrap();
        let steps = plan.raw_query().mapped(|row| row.get::<_, String>(3));
        let steps: Vec<String> = steps.map(Result::unwrap).collect();
        let long = |it: &String| it.contains("entries_with_long_histories");
        assert!(steps.iter().any(long), "short histories are not looked at: {steps:?}");
    }
}
