//! Values that several entries share.

use rusqlite::types::Value as Sql;
use rusqlite::{Connection, params};
use serde_json::Value;
use smartcms_app::ports::{Duplicate, Side};
use smartcms_domain::collections::{CollectionName, FieldName};
use smartcms_domain::entries::EntryId;
use smartcms_domain::locales::Locale;
use uuid::Uuid;

use super::query::field_expression;
use crate::sqlite::rows::{Columns, Fault, all};

/// Shared values on both sides, the newest one first; each with as many entries as values are asked for.
pub(super) fn find(
    db: &Connection,
    collection: &CollectionName,
    field: &FieldName,
    limit: u32,
) -> Result<Vec<Duplicate>, Fault> {
    let mut found = Vec::new();
    for (side, there) in
        [(Side::Newest, "trashed_at IS NULL"), (Side::Live, "live_revision IS NOT NULL")]
    {
        let value = field_expression(side, &[field.to_string()])?;
        let here = format!("collection = ?1 AND {there}");
        let shared = format!(
            "SELECT locale, {value} FROM entries WHERE {here} AND {value} IS NOT NULL \
             GROUP BY locale, {value} HAVING count(*) > 1 ORDER BY locale, {value} LIMIT ?2"
        );
        let holders = format!(
            "SELECT id FROM entries WHERE {here} AND locale = ?3 AND {value} = ?4 ORDER BY id LIMIT ?2"
        );
        let read = |mut row: Columns<'_>| Ok((row.parse(Locale::parse)?, row.next::<Sql>()?));
        for (locale, value) in all(db, &shared, params![collection.as_str(), limit], read)? {
            let params = params![collection.as_str(), limit.max(2), locale.as_str(), value];
            let entries = all(db, &holders, params, |mut row| Ok(EntryId::new(row.uuid()?)))?;
            found.push(Duplicate { side, locale, value: json(value), entries });
        }
    }
    found.truncate(limit as usize);
    Ok(found)
}

/// A flag is a number here; people see which entries have it.
fn json(value: Sql) -> Value {
    match value {
        Sql::Null => Value::Null,
        Sql::Integer(number) => number.into(),
        Sql::Real(number) => number.into(),
        Sql::Text(text) => text.into(),
        Sql::Blob(bytes) => {
            Uuid::from_slice(&bytes).map_or(Value::Null, |it| it.to_string().into())
        }
    }
}
