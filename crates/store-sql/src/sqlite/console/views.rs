//! A view for each collection, with a column for each field.

use std::collections::BTreeSet;
use std::sync::Arc;

use rusqlite::Connection;
use smartcms_app::ports::Side;
use smartcms_domain::collections::CollectionDefinition;

use super::SITE;
use crate::sqlite::entries::field_expression;
use crate::sqlite::rows::Fault;

/// What a view of the public state is called after.
const LIVE: &str = "__live";

/// Columns that every entry has; a field of such a name gets `field_` before it.
const SYSTEM: [&str; 9] = [
    "id",
    "slug",
    "locale",
    "status",
    "created_at",
    "updated_at",
    "published_at",
    "created_by",
    "revision",
];

const ID: &str = "lower(substr(hex(id), 1, 8) || '-' || substr(hex(id), 9, 4) || '-' || substr(hex(id), 13, 4) \
    || '-' || substr(hex(id), 17, 4) || '-' || substr(hex(id), 21))";

const STATUS: &str = "CASE WHEN archived_at IS NOT NULL THEN 'archived' \
    WHEN live_revision IS NOT NULL THEN 'published' \
    WHEN publish_at IS NOT NULL THEN 'scheduled' ELSE 'draft' END";

/// Makes `posts`, of the newest state of all that are not in the trash, and `posts__live`, of what the public sees.
pub(super) fn make(
    db: &Connection,
    collections: &[Arc<CollectionDefinition>],
) -> Result<(), Fault> {
    for side in [Side::Newest, Side::Live] {
        for definition in collections {
            db.execute_batch(&view(definition, side)?)?;
        }
    }
    Ok(())
}

fn view(definition: &CollectionDefinition, side: Side) -> Result<String, Fault> {
    let (suffix, slug, revision, updated, there) = match side {
        Side::Newest => ("", "slug", "revision", "updated_at", "trashed_at IS NULL"),
        Side::Live => {
            (LIVE, "live_slug", "live_revision", "live_published_at", "live_revision IS NOT NULL")
        }
    };
    let mut columns = vec![
        format!("{ID} AS id"),
        format!("{slug} AS slug"),
        "locale".to_owned(),
        format!("{STATUS} AS status"),
    ];
    let mut taken: BTreeSet<String> = SYSTEM.iter().map(|it| (*it).to_owned()).collect();
    for field in &definition.fields {
        let mut column = field.name.to_string();
        while !taken.insert(column.clone()) {
            column.insert_str(0, "field_");
        }
        let value = field_expression(side, &[field.name.to_string()])?;
        columns.push(format!("{value} AS \"{column}\""));
    }
    columns.push(time("created_at", "created_at"));
    columns.push(time(updated, "updated_at"));
    columns.push(time("first_published_at", "published_at"));
    columns.extend(["created_by".to_owned(), format!("{revision} AS revision")]);
    let (name, columns) = (&definition.name, columns.join(", "));
    // A collection may be called like the public state of another: then it has the name.
    Ok(format!(
        "CREATE TEMP VIEW IF NOT EXISTS \"{name}{suffix}\" AS SELECT {columns} FROM {SITE}.entries \
         WHERE collection = '{name}' AND {there}"
    ))
}

fn time(millis: &str, name: &str) -> String {
    format!("strftime('%Y-%m-%dT%H:%M:%fZ', {millis} / 1000.0, 'unixepoch') AS {name}")
}
