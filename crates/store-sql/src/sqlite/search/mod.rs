//! Full text search: an index of words that is written with each entry.

mod find;

use async_trait::async_trait;
use rusqlite::{Connection, params};
use smartcms_app::ports::{
    EntryFacts, EntryWrite, SearchIndex, SearchPage, SearchQuery, Side, SideFacts, StoreError,
};
use smartcms_domain::collections::CollectionName;
use smartcms_domain::entries::{EntryId, Revision};
use smartcms_domain::locales::Locale;

use super::SqliteStore;
use super::meaning;
use super::rows::{Fault, all, count, first, run};
use super::writer::Refusal;

const NUMBER: &str = "SELECT number FROM entries WHERE id = ?1";
const STORED: &str =
    "SELECT number, collection, locale FROM entries WHERE id = ?1 AND revision = ?2";
const DEFINITION: &str = "SELECT definition FROM search_definitions WHERE collection = ?1";
const DEFINE: &str = "INSERT INTO search_definitions (collection, definition) VALUES (?1, ?2) \
    ON CONFLICT (collection) DO UPDATE SET definition = excluded.definition";
const MARK: &str = "INSERT OR IGNORE INTO search_pending (number) \
    SELECT number FROM entries WHERE collection = ?1";
const UNMARK: &str = "DELETE FROM search_pending WHERE number = ?1";
const CHANGED: &str = "INSERT OR IGNORE INTO search_changed (number) VALUES (?1)";
const UNCHANGED: &str = "DELETE FROM search_changed WHERE number = ?1";
const PENDING: &str = "SELECT id FROM entries WHERE number IN \
    (SELECT number FROM search_pending ORDER BY number LIMIT ?1)";

/// What stands around a match in a highlighted text: signs that mean nothing, and that no stored text keeps.
const MATCH_BEGINS: char = '\u{e000}';
const MATCH_ENDS: char = '\u{e001}';

/// What the index has of one side of an entry.
#[derive(PartialEq, Eq)]
struct Row {
    title: String,
    body: String,
    scope: String,
}

#[async_trait]
impl SearchIndex for SqliteStore {
    async fn search(&self, query: &SearchQuery) -> Result<SearchPage, StoreError> {
        self.readers.read(|| "search the entries".to_owned(), |db| find::page(db, query))
    }

    async fn prepare(&self, definitions: &[(CollectionName, String)]) -> Result<(), StoreError> {
        let definitions = definitions.to_vec();
        let action = "compare the definitions that the search knows".to_owned();
        let work = move |db: &Connection| -> Result<(), Refusal<StoreError>> {
            for (collection, definition) in &definitions {
                let known: Option<String> =
                    first(db, DEFINITION, [collection.as_str()], |mut row| row.next())?;
                if known.as_ref() != Some(definition) {
                    run(db, MARK, [collection.as_str()])?;
                    run(db, DEFINE, [collection.as_str(), definition])?;
                }
            }
            Ok(())
        };
        self.writer.write(action, work).await
    }

    async fn pending(&self, limit: u32) -> Result<Vec<EntryId>, StoreError> {
        let action = || "list the entries that the search has to read again".to_owned();
        let id = |mut row: super::rows::Columns<'_>| Ok(EntryId::new(row.uuid()?));
        self.readers.read(action, |db| all(db, PENDING, [limit], id))
    }

    async fn index(&self, entries: Vec<(EntryId, Revision, EntryFacts)>) -> Result<(), StoreError> {
        let action = format!("store the text of {} entries", entries.len());
        let work = move |db: &Connection| -> Result<(), Refusal<StoreError>> {
            for (id, revision, facts) in &entries {
                let params = params![id.as_uuid().as_bytes(), count(revision.number())?];
                let stored = first(db, STORED, params, |mut row| {
                    Ok((row.next()?, row.collection()?, row.parse(Locale::parse)?))
                })?;
                if let Some((number, collection, locale)) = stored {
                    // What a field holds that is hidden from now on must not tell how near an entry is to something.
                    meaning::forget(db, number)?;
                    meaning::changed(db, number, facts.live.is_some())?;
                    put(db, number, &collection, &locale, facts)?;
                }
            }
            Ok(())
        };
        self.writer.write(action, work).await
    }
}

/// Keeps what an entry is found by, in the transaction that stores it.
pub(super) fn store(db: &Connection, write: &EntryWrite) -> Result<(), Fault> {
    let entry = &write.entry;
    match number_of(db, entry.id)? {
        Some(number) => {
            meaning::changed(db, number, entry.live.is_some())?;
            put(db, number, &entry.collection, &entry.locale, &write.facts)
        }
        None => Ok(()),
    }
}

/// Forgets an entry, in the transaction that takes it away and before it does.
pub(super) fn forget(db: &Connection, id: EntryId) -> Result<(), Fault> {
    let Some(number) = number_of(db, id)? else { return Ok(()) };
    run(db, UNCHANGED, [number])?;
    meaning::forget(db, number)?;
    for (side, english) in TABLES {
        replace(db, table(side, english), number, None)?;
    }
    Ok(())
}

/// Forgets the entries whose numbers a statement finds, in the transaction that takes them away and before it does.
pub(super) fn forget_all(db: &Connection, numbers: &str, change: uuid::Uuid) -> Result<(), Fault> {
    let change = change.as_bytes();
    run(db, &format!("DELETE FROM search_changed WHERE number IN ({numbers})"), [change])?;
    meaning::forget_all(db, numbers, change)?;
    for (side, english) in TABLES {
        let table = table(side, english);
        run(db, &format!("DELETE FROM {table} WHERE rowid IN ({numbers})"), [change])?;
    }
    Ok(())
}

const TABLES: [(Side, bool); 4] =
    [(Side::Live, false), (Side::Live, true), (Side::Newest, false), (Side::Newest, true)];

fn number_of(db: &Connection, id: EntryId) -> Result<Option<i64>, Fault> {
    first(db, NUMBER, [id.as_uuid().as_bytes()], |mut row| row.next())
}

fn put(
    db: &Connection,
    number: i64,
    collection: &CollectionName,
    locale: &Locale,
    facts: &EntryFacts,
) -> Result<(), Fault> {
    run(db, UNMARK, [number])?;
    let scope = format!("{} {}", collection_word(collection), locale_word(locale));
    let row = |facts: &SideFacts| Row::new(facts, &scope);
    let live = facts.live.as_ref().map(row);
    let newest = facts.newest.as_ref().map(row);
    let is_changed = live.is_some() && newest != live;
    run(db, if is_changed { CHANGED } else { UNCHANGED }, [number])?;
    // What is the same on both sides is kept once: writing the index is most of what a save costs.
    let newest = newest.filter(|it| live.as_ref() != Some(it));
    for (side, english) in TABLES {
        let row = match side {
            Side::Live => &live,
            Side::Newest => &newest,
        };
        let row = row.as_ref().filter(|_| english == is_english(locale));
        replace(db, table(side, english), number, row)?;
    }
    Ok(())
}

/// Makes a row what it has to be. One that is so already is left alone: writing the index costs more than reading it.
fn replace(db: &Connection, table: &str, number: i64, wanted: Option<&Row>) -> Result<(), Fault> {
    let select = format!("SELECT title, body, scope FROM {table} WHERE rowid = ?1");
    let stored = first(db, &select, [number], |mut row| {
        Ok(Row { title: row.next()?, body: row.next()?, scope: row.next()? })
    })?;
    if stored.as_ref() == wanted {
        return Ok(());
    }
    if stored.is_some() {
        run(db, &format!("DELETE FROM {table} WHERE rowid = ?1"), [number])?;
    }
    if let Some(row) = wanted {
        let insert =
            format!("INSERT INTO {table} (rowid, title, body, scope) VALUES (?1, ?2, ?3, ?4)");
        run(db, &insert, params![number, row.title, row.body, row.scope])?;
    }
    Ok(())
}

impl Row {
    fn new(facts: &SideFacts, scope: &str) -> Self {
        let plain = |text: &str| text.replace([MATCH_BEGINS, MATCH_ENDS, '\0'], " ");
        Self { title: plain(&facts.title), body: plain(&facts.text), scope: scope.to_owned() }
    }
}

fn table(side: Side, english: bool) -> &'static str {
    match (side, english) {
        (Side::Live, false) => "search_live",
        (Side::Live, true) => "search_live_english",
        (Side::Newest, false) => "search_newest",
        (Side::Newest, true) => "search_newest_english",
    }
}

fn is_english(locale: &Locale) -> bool {
    locale.as_str() == "en" || locale.as_str().starts_with("en-")
}

fn collection_word(collection: &CollectionName) -> String {
    scope_word('c', collection.as_str())
}

fn locale_word(locale: &Locale) -> String {
    scope_word('l', locale.as_str())
}

/// A name as one word of the index. The letter at its end keeps it from being stemmed.
fn scope_word(kind: char, name: &str) -> String {
    let digits: String = name.bytes().map(|it| format!("{it:02x}")).collect();
    format!("{kind}{digits}q")
}
