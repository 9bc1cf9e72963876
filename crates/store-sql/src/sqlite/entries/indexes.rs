//! The indexes that fields ask for, made and dropped as definitions change.

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::Connection;
use smartcms_app::ports::Side;
use smartcms_domain::collections::CollectionDefinition;

use super::query::field_expression;
use crate::sqlite::rows::{Fault, all, run};

const EXISTING: &str = "SELECT name, sql FROM sqlite_schema WHERE type = 'index' \
    AND (name GLOB 'field.*' OR name GLOB 'unique.*')";

/// Two entries have the same value of a field that is unique now.
#[derive(Debug, thiserror::Error)]
#[error(
    "entries of {collection} share a value of `{field}`, which is unique now; change one of them first"
)]
struct NotUnique {
    collection: String,
    field: String,
}

/// Makes what is missing and drops what nobody asks for any more.
pub(super) fn prepare(
    db: &Connection,
    collections: &[Arc<CollectionDefinition>],
) -> Result<(), Fault> {
    let wanted = wanted(collections)?;
    let named = |mut row: crate::sqlite::rows::Columns<'_>| {
        Ok((row.next::<String>()?, row.next::<String>()?))
    };
    let existing: BTreeMap<String, String> = all(db, EXISTING, [], named)?.into_iter().collect();
    for name in
        existing.iter().filter(|(name, sql)| wanted.get(*name).map(|it| &it.sql) != Some(sql))
    {
        run(db, &format!("DROP INDEX \"{}\"", name.0), [])?;
    }
    for (name, index) in wanted {
        if existing.get(&name) == Some(&index.sql) {
            continue;
        }
        run(db, &index.sql, []).map_err(|error| match super::is_unique_violation(&error) {
            true => Fault::from(NotUnique { collection: index.collection, field: index.field }),
            false => error.into(),
        })?;
    }
    Ok(())
}

struct Index {
    sql: String,
    collection: String,
    field: String,
}

fn wanted(collections: &[Arc<CollectionDefinition>]) -> Result<BTreeMap<String, Index>, Fault> {
    let mut wanted = BTreeMap::new();
    for definition in collections {
        let collection = &definition.name;
        for field in &definition.fields {
            let name = field.name.as_str();
            for (side, letter, there) in [
                (Side::Newest, "newest", "trashed_at IS NULL"),
                (Side::Live, "live", "live_revision IS NOT NULL"),
            ] {
                let expression = field_expression(side, &[name.to_owned()])?;
                let rows = format!("WHERE collection = '{collection}' AND {there}");
                let mut add = |kind: &str, columns: String, unique: &str| {
                    let index = format!("{kind}.{collection}.{name}.{letter}");
                    let sql =
                        format!("CREATE {unique}INDEX \"{index}\" ON entries ({columns}) {rows}");
                    let (collection, field) = (collection.to_string(), name.to_owned());
                    wanted.insert(index, Index { sql, collection, field });
                };
                // The collection comes first, though each index is for one: without statistics SQLite otherwise
                // takes the index of the listing, which it knows to begin with the collection.
                if field.indexed {
                    add("field", format!("collection, {expression}, id"), "");
                }
                if field.unique {
                    add("unique", format!("collection, {expression}, locale"), "UNIQUE ");
                }
            }
        }
    }
    Ok(wanted)
}

/// The field that a unique index of ours is about.
pub(super) fn unique_field(message: &str) -> Option<&str> {
    let (_, index) = message.split_once("index 'unique.")?;
    index.split('.').nth(1)
}
