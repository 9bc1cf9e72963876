//! What stands near an entry.

use rusqlite::types::Value as Sql;
use smartcms_app::ports::{
    EntryQuery, Listing, NEAR_LOOKED_AT, NEAR_POINTING_MAX, NearQuery, PAGE_LEN_MAX,
};
use smartcms_domain::collections::FieldName;
use smartcms_domain::entries::EntryId;

use super::{COLUMNS, Statement, Writer};
use crate::sqlite::entries::side_number;

/// What a row of the statement is near by.
pub(in crate::sqlite::entries) const OLDER: i64 = 0;
/// See [`OLDER`].
pub(in crate::sqlite::entries) const NEWER: i64 = 1;
/// See [`OLDER`].
const RELATED: i64 = 2;

/// One statement for all of it: indexes find the ids, and only what is shown is read. The first column tells what a row
/// is near by.
pub(in crate::sqlite::entries) fn near(query: &NearQuery) -> Statement {
    let listed = EntryQuery {
        author: None,
        collection: query.collection.clone(),
        listing: Listing::Published,
        locale: Some(query.locale.clone()),
        fallbacks: query.fallbacks.clone(),
        filter: None,
        sort: Vec::new(),
        limit: 1,
        after: None,
    };
    let mut writer = Writer::new(Listing::Published);
    writer.push(&format!("SELECT role, {COLUMNS} FROM ("));
    writer.neighbour(query, &listed, OLDER);
    writer.push(" UNION ALL ");
    writer.neighbour(query, &listed, NEWER);
    if !query.pointing.is_empty() {
        writer.push(" UNION ALL ");
        writer.related(query, &listed);
    }
    writer.push(") CROSS JOIN entries ON id = near ORDER BY role, place");
    writer.into_statement()
}

impl Writer {
    fn neighbour(&mut self, query: &NearQuery, listed: &EntryQuery, role: i64) {
        let (operator, direction) = if role == OLDER { ("<", "DESC") } else { (">", "ASC") };
        self.push(&format!(
            "SELECT {role} AS role, 0 AS place, id AS near FROM (SELECT id FROM entries"
        ));
        self.listed(listed);
        self.push(&format!(" AND (first_published_at, id) {operator} ("));
        self.bind(Sql::Integer(query.at.as_millis()));
        self.push(", ");
        self.bind(blob(query.entry));
        self.push(&format!(") ORDER BY first_published_at {direction}, id {direction} LIMIT 1)"));
    }

    fn related(&mut self, query: &NearQuery, listed: &EntryQuery) {
        let order = "shared DESC, at DESC, entry DESC";
        self.push(&format!(
            "SELECT {RELATED}, row_number() OVER (ORDER BY {order}), entry FROM (\
             SELECT entry, count(*) AS shared, max(sorts_at) AS at FROM ("
        ));
        for (at, (field, to)) in query.pointing.iter().take(NEAR_POINTING_MAX).enumerate() {
            self.push(if at > 0 { " UNION ALL " } else { "" });
            self.pointing(query, listed, field, *to);
        }
        self.push(&format!(") GROUP BY entry ORDER BY {order} LIMIT "));
        self.bind(Sql::Integer(query.related_max.min(PAGE_LEN_MAX).into()));
        self.push(")");
    }

    /// The newest that point to one target, in the order of an index.
    fn pointing(&mut self, query: &NearQuery, listed: &EntryQuery, field: &FieldName, to: EntryId) {
        self.push(
            "SELECT entry, sorts_at FROM (SELECT r.entry AS entry, r.sorts_at AS sorts_at \
             FROM entry_references r CROSS JOIN entries ON id = r.entry",
        );
        self.listed(listed);
        let side = side_number(self.side());
        self.push(&format!(" AND r.side = {side} AND r.field = '{field}' AND r.target = "));
        self.bind(blob(to));
        self.push(" AND r.entry <> ");
        self.bind(blob(query.entry));
        self.push(&format!(" ORDER BY r.sorts_at DESC, r.entry DESC LIMIT {NEAR_LOOKED_AT})"));
    }
}

fn blob(id: EntryId) -> Sql {
    Sql::Blob(id.as_uuid().as_bytes().to_vec())
}
