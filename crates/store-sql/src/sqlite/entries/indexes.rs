//! The indexes that fields ask for, made and dropped as definitions change.

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::Connection;
use smartcms_app::ports::Side;
use smartcms_domain::collections::CollectionDefinition;
use smartcms_domain::sorting::map_of;

use super::query::{field_expression, own_time};
use crate::sqlite::rows::{Fault, all, first, run};

const EXISTING: &str = "SELECT name, sql FROM sqlite_schema WHERE type = 'index' \
    AND (name GLOB 'field.*' OR name GLOB 'unique.*')";

/// What SQLite is told of a site, whatever it holds: that it is large. A plan is then the one that large sites need, and
/// the same on every site and in every test; without this SQLite takes ten entries for all there are.
///
/// Each is a table, an index of it, and what `ANALYZE` would store: how many rows it has, and how many of them are alike
/// in the first column, in the first two, and so on.
const STATISTICS: [(&str, &str, &str); 11] = [
    ("entries", "sqlite_autoindex_entries_1", "100000 1"),
    ("entries", "entries_published", "100000 100000 2 1"),
    ("entries", "entries_newest", "100000 100000 2 1 1"),
    ("entries", "entries_written", "100000 100000 2 1 1"),
    ("entries", "entries_drafts", "1000 1000 2 1"),
    ("entries", "entries_trashed", "1000 1000 2 1"),
    ("entries", "entries_by_slug", "100000 100000 2 1"),
    ("entries", "entries_by_live_slug", "100000 100000 2 1"),
    ("entries", "entries_by_group", "100000 1"),
    ("entry_references", "entry_references", "400000 4 2 1 1"),
    ("entry_references", "entry_references_by_target", "400000 1000 500 500 1 1 1 1"),
];
const FIELD_STATISTICS: &str = "100000 100000 10 2 1 1";
const UNIQUE_STATISTICS: &str = "100000 100000 1 1";

const TOLD: &str = "SELECT tbl, idx, stat FROM sqlite_stat1 ORDER BY tbl, idx";
const HAS_SAMPLES: &str = "SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat4'";
const TELL: &str = "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?1, ?2, ?3)";

/// Two entries have the same value of a field that is unique now.
#[derive(Debug, thiserror::Error)]
#[error(
    "entries of {collection} share a value of `{field}`, which is unique now; change one of them first"
)]
pub(in crate::sqlite) struct NotUnique {
    pub(in crate::sqlite) collection: String,
    pub(in crate::sqlite) field: String,
}

/// Makes what is missing and drops what nobody asks for any more.
pub(in crate::sqlite) fn prepare(
    db: &Connection,
    collections: &[Arc<CollectionDefinition>],
) -> Result<(), Fault> {
    let wanted = wanted(collections)?;
    let existing = drop_unwanted(db, &wanted)?;
    for (name, index) in &wanted {
        if existing.get(name) == Some(&index.sql) {
            continue;
        }
        run(db, &index.sql, []).map_err(|error| {
            match super::write::is_unique_violation(&error) {
                true => {
                    let (collection, field) = (index.collection.clone(), index.field.clone());
                    Fault::from(NotUnique { collection, field })
                }
                false => error.into(),
            }
        })?;
    }
    tell(db, &wanted)
}

/// Keeps what SQLite is told of its indexes, in place of whatever was counted.
fn tell(db: &Connection, fields: &BTreeMap<String, Index>) -> Result<(), Fault> {
    // Makes the tables where they are not there yet.
    db.execute_batch("ANALYZE sqlite_schema")?;
    let of_fields = fields.iter().map(|(name, index)| ("entries", name.as_str(), index.statistics));
    let mut wanted: Vec<_> = STATISTICS.into_iter().chain(of_fields).collect();
    smartcms_domain::sorting::sort(&mut wanted);
    let told = all(db, TOLD, [], |mut row| {
        Ok([row.next::<Option<String>>()?, row.next()?, row.next()?].map(Option::unwrap_or_default))
    })?;
    let known = |(told, wanted): (&[String; 3], &(&str, &str, &str))| {
        *told == [wanted.0, wanted.1, wanted.2]
    };
    if told.len() == wanted.len() && told.iter().zip(&wanted).all(known) {
        return Ok(());
    }
    run(db, "DELETE FROM sqlite_stat1", [])?;
    if first(db, HAS_SAMPLES, [], |_| Ok(()))?.is_some() {
        run(db, "DELETE FROM sqlite_stat4", [])?;
    }
    for statistics in wanted {
        run(db, TELL, statistics)?;
    }
    Ok(db.execute_batch("ANALYZE sqlite_schema")?)
}

/// Drops what these collections do not ask for.
pub(in crate::sqlite) fn drop_others(
    db: &Connection,
    collections: &[Arc<CollectionDefinition>],
) -> Result<(), Fault> {
    drop_unwanted(db, &wanted(collections)?).map(drop)
}

/// Drops what is not wanted; what there was, with its SQL.
fn drop_unwanted(
    db: &Connection,
    wanted: &BTreeMap<String, Index>,
) -> Result<BTreeMap<String, String>, Fault> {
    let named = |mut row: crate::sqlite::rows::Columns<'_>| {
        Ok((row.next::<String>()?, row.next::<String>()?))
    };
    let existing = map_of(all(db, EXISTING, [], named)?);
    let unwanted =
        |(name, sql): &(&String, &String)| wanted.get(*name).map(|it| &it.sql) != Some(sql);
    for (name, _) in existing.iter().filter(unwanted) {
        run(db, &format!("DROP INDEX \"{name}\""), [])?;
    }
    Ok(existing)
}

struct Index {
    sql: String,
    statistics: &'static str,
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
                let time = own_time(side);
                let rows = format!("WHERE collection = '{collection}' AND {there}");
                let mut add = |kind: &str, columns: String, unique: &str, statistics| {
                    let index = format!("{kind}.{collection}.{name}.{letter}");
                    let sql =
                        format!("CREATE {unique}INDEX \"{index}\" ON entries ({columns}) {rows}");
                    let (collection, field) = (collection.to_string(), name.to_owned());
                    wanted.insert(index, Index { sql, statistics, collection, field });
                };
                // The collection comes first, though each index is for one: SQLite otherwise takes the index of the
                // listing, which it knows to begin with the collection.
                // With the order of the listing behind the value, what has one value is in order already; and with
                // the language, a range is read without the entries themselves.
                if field.indexed {
                    let columns = format!("collection, {expression}, {time}, id, locale");
                    add("field", columns, "", FIELD_STATISTICS);
                }
                if field.unique {
                    let columns = format!("collection, {expression}, locale");
                    add("unique", columns, "UNIQUE ", UNIQUE_STATISTICS);
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
