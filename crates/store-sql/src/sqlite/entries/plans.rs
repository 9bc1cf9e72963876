//! Which index serves a query by fields.

use std::sync::Arc;

use rusqlite::Connection;
use serde_json::json;
use smartcms_app::ports::{Cursor, EntryQuery, Listing};
use smartcms_domain::collections::{
    CollectionName, FieldDefinition, FieldKind, FieldName, Relation,
};
use smartcms_domain::entries::EntryId;
use smartcms_domain::queries::{Condition, Filter, Path, SortKey, Test};
use smartcms_testkit::builders::{entry_id, posts};

use super::{indexes, query};
use crate::sqlite::migrations;

fn prepared() -> Connection {
    let db = Connection::open_in_memory().unwrap();
    migrations::apply(&db).unwrap();
    let field = |name: &str, kind| FieldDefinition::new(FieldName::parse(name).unwrap(), kind);
    let mut definition = posts();
    let to = CollectionName::parse("posts").unwrap();
    definition.fields.extend([
        FieldDefinition { indexed: true, ..field("rating", FieldKind::Integer) },
        FieldDefinition { unique: true, ..field("sku", FieldKind::Text) },
        field(
            "other",
            FieldKind::Relation(Relation { to, many: true, on_delete: Default::default() }),
        ),
    ]);
    indexes::prepare(&db, &[Arc::new(definition)]).unwrap();
    db
}

fn plan(db: &Connection, query: &EntryQuery) -> Vec<String> {
    let sql = query::page(query).unwrap().sql;
    let mut plan = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let steps = plan.raw_query().mapped(|row| row.get::<_, String>(3));
    steps.map(Result::unwrap).collect()
}

fn by(filter: Option<(Path, Test)>, sort: Option<(&str, bool)>, listing: Listing) -> EntryQuery {
    let sort = sort.map(|(name, descending)| SortKey { path: field(name), descending });
    EntryQuery {
        collection: CollectionName::parse("posts").unwrap(),
        listing,
        locale: None,
        filter: filter.map(|(path, test)| Filter::All(vec![Filter::Is(Condition { path, test })])),
        sort: sort.into_iter().collect(),
        limit: 20,
        after: None,
    }
}

fn field(name: &str) -> Path {
    Path::Field(vec![name.to_owned()])
}

const SIDES: [(Listing, &str); 2] =
    [(Listing::Published, "live"), (Listing::Newest(None), "newest")];

#[test]
fn an_order_by_an_indexed_field_sorts_nothing() {
    let db = prepared();
    let after = Cursor { keys: vec![json!(3)], id: entry_id(1) };
    for (listing, side) in SIDES {
        for (descending, after) in
            [(false, None), (true, None), (true, Some(after.clone())), (false, Some(after.clone()))]
        {
            let query = by(None, Some(("rating", descending)), listing);
            let steps = plan(&db, &EntryQuery { after, ..query });
            let index = format!("field.posts.rating.{side}");
            assert!(steps.iter().any(|it| it.contains(&index)), "{descending}: {steps:?}");
            assert!(!steps.iter().any(|it| it.contains("TEMP B-TREE")), "{descending}: {steps:?}");
        }
    }
}

#[test]
fn a_relation_begins_at_its_target() {
    let db = prepared();
    let id: EntryId = entry_id(1);
    for (listing, _) in SIDES {
        let test = Test::Eq(json!(id.to_string()));
        let steps = plan(&db, &by(Some((Path::Relation("other".to_owned()), test)), None, listing));
        let index = "entry_references_by_target";
        assert!(steps.iter().any(|it| it.contains(index)), "{steps:?}");
        assert!(!steps.iter().any(|it| it.starts_with("SCAN entries")), "{steps:?}");
    }
}
