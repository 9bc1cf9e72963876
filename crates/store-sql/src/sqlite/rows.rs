//! From rows to the model. A row that cannot be read is an error that names it, never a panic.

use std::cell::Cell;
use std::error::Error;
use std::str::FromStr;

use rusqlite::types::FromSql;
use rusqlite::{CachedStatement, Connection, Params, Row};
use smartcms_domain::Timestamp;
use smartcms_domain::collections::CollectionName;
use smartcms_domain::entries::{Fields, Slug};
use uuid::Uuid;

thread_local! {
    static STATEMENTS: Cell<u64> = const { Cell::new(0) };
}

/// How many statements this thread has run on any store. Reads run on the thread that asks, so the difference over a
/// request is what it took: tests hold every route to its number.
#[must_use]
pub fn statements_on_this_thread() -> u64 {
    STATEMENTS.get()
}

/// Any reason why a statement or a row failed; the port's error wraps it and says what was tried.
pub(super) type Fault = Box<dyn Error + Send + Sync>;

/// Something stored is not what this program stores.
#[derive(Debug, thiserror::Error)]
#[error("{what} is damaged")]
pub(super) struct Damaged {
    pub(super) what: String,
    #[source]
    pub(super) source: Fault,
}

/// The columns of a row, one after the other.
pub(super) struct Columns<'row> {
    row: &'row Row<'row>,
    at: usize,
}

/// Every row, in order.
pub(super) fn all<T>(
    db: &Connection,
    sql: &str,
    params: impl Params,
    mut read: impl FnMut(Columns<'_>) -> Result<T, Fault>,
) -> Result<Vec<T>, Fault> {
    let mut statement = counted(db, sql)?;
    let mut rows = statement.query(params)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(Columns { row, at: 0 })?);
    }
    Ok(found)
}

/// The first row.
pub(super) fn first<T>(
    db: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnOnce(Columns<'_>) -> Result<T, Fault>,
) -> Result<Option<T>, Fault> {
    let mut statement = counted(db, sql)?;
    let mut rows = statement.query(params)?;
    rows.next()?.map(|row| read(Columns { row, at: 0 })).transpose()
}

/// Looks at every row, in order, and keeps none: for more of them than should be in memory at once.
pub(super) fn each(
    db: &Connection,
    sql: &str,
    params: impl Params,
    mut look: impl FnMut(Columns<'_>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let mut statement = counted(db, sql)?;
    let mut rows = statement.query(params)?;
    while let Some(row) = rows.next()? {
        look(Columns { row, at: 0 })?;
    }
    Ok(())
}

/// Runs a statement that gives no rows; how many rows it changed.
pub(super) fn run(db: &Connection, sql: &str, params: impl Params) -> rusqlite::Result<usize> {
    counted(db, sql)?.execute(params)
}

fn counted<'db>(db: &'db Connection, sql: &str) -> rusqlite::Result<CachedStatement<'db>> {
    STATEMENTS.set(STATEMENTS.get() + 1);
    db.prepare_cached(sql)
}

/// As SQLite counts.
pub(super) fn count(number: u64) -> Result<i64, Fault> {
    Ok(i64::try_from(number)?)
}

impl<'row> Columns<'row> {
    /// The next column.
    pub(super) fn next<T: FromSql>(&mut self) -> Result<T, Fault> {
        let at = self.step();
        Ok(self.row.get(at)?)
    }

    /// The next column, text that stands for something.
    pub(super) fn parse<T, E>(
        &mut self,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<T, Fault>
    where
        Fault: From<E>,
    {
        let at = self.step();
        Ok(parse(self.row.get_ref(at)?.as_str()?)?)
    }

    /// The next column, the lasting name of something.
    pub(super) fn named<T: FromStr<Err: Into<Fault>>>(&mut self) -> Result<T, Fault> {
        self.parse(|text| text.parse().map_err(Into::<Fault>::into))
    }

    pub(super) fn count(&mut self) -> Result<u64, Fault> {
        Ok(u64::try_from(self.next::<i64>()?)?)
    }

    pub(super) fn maybe_count(&mut self) -> Result<Option<u64>, Fault> {
        Ok(self.next::<Option<i64>>()?.map(u64::try_from).transpose()?)
    }

    pub(super) fn time(&mut self) -> Result<Timestamp, Fault> {
        Ok(Timestamp::from_millis(self.next()?)?)
    }

    pub(super) fn maybe_time(&mut self) -> Result<Option<Timestamp>, Fault> {
        Ok(self.next::<Option<i64>>()?.map(Timestamp::from_millis).transpose()?)
    }

    pub(super) fn uuid(&mut self) -> Result<Uuid, Fault> {
        Ok(Uuid::from_bytes(self.next()?))
    }

    pub(super) fn collection(&mut self) -> Result<CollectionName, Fault> {
        self.parse(CollectionName::parse)
    }

    pub(super) fn slug(&mut self) -> Result<Slug, Fault> {
        self.parse(Slug::parse)
    }

    /// The next column, a document that `json()` made text.
    pub(super) fn fields(&mut self) -> Result<Fields, Fault> {
        self.parse(|text| serde_json::from_str(text))
    }

    pub(super) fn maybe_fields(&mut self) -> Result<Option<Fields>, Fault> {
        let at = self.step();
        let text = self.row.get_ref(at)?.as_str_or_null()?;
        Ok(text.map(serde_json::from_str).transpose()?)
    }

    fn step(&mut self) -> usize {
        let at = self.at;
        self.at += 1;
        at
    }
}
