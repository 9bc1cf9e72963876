//! Which index serves a query by fields.

use std::sync::Arc;

use rusqlite::{Connection, params};
use serde_json::{Value, json};
use smartcms_app::ports::{Cursor, EntryQuery, Listing};
use smartcms_domain::collections::{
    CollectionDefinition, CollectionName, FieldDefinition, FieldKind, FieldName, Relation,
};
use smartcms_domain::entries::Status;
use smartcms_domain::locales::Locale;
use smartcms_domain::queries::{Condition, Filter, Path, SortKey, SystemField, Test};
use smartcms_testkit::builders::{entry_id, locale, posts};

use super::{indexes, len_over, query};
use crate::sqlite::migrations;

/// Entries of a database with statistics.
const ENTRIES: i64 = 3_000;
/// What is read when the ids of a page are known: its entries, and they are put in order.
const OUTSIDE: [&str; 2] =
    ["SEARCH entries USING INDEX sqlite_autoindex_entries_1 (id=?)", "LIST SUBQUERY "];
const PUT_IN_ORDER: &str = "USE TEMP B-TREE FOR ORDER BY";

fn prepared() -> Connection {
    let db = Connection::open_in_memory().unwrap();
    migrations::apply(&db).unwrap();
    indexes::prepare(&db, &[definition()]).unwrap();
    db
}

fn definition() -> Arc<CollectionDefinition> {
    let field = |name: &str, kind| FieldDefinition::new(FieldName::parse(name).unwrap(), kind);
    let mut definition = posts();
    let to = CollectionName::parse("posts").unwrap();
    definition.fields.extend([
        FieldDefinition { indexed: true, ..field("rating", FieldKind::Integer) },
        FieldDefinition { indexed: true, ..field("genre", FieldKind::Text) },
        FieldDefinition { unique: true, ..field("sku", FieldKind::Text) },
        field("stock", FieldKind::Integer),
        field(
            "other",
            FieldKind::Relation(Relation { to, many: true, on_delete: Default::default() }),
        ),
    ]);
    Arc::new(definition)
}

/// The same with entries, of which one in ten is a draft, whose values somebody counted before the site was opened again.
fn analysed() -> Connection {
    let db = prepared();
    let insert = "INSERT INTO entries (id, collection, locale, translation_group, revision, slug, \
        live_revision, live_slug, live_published_at, first_published_at, created_at, updated_at, \
        created_by, fields, live_fields) \
        VALUES (?1, 'posts', ?2, ?1, 1, ?3, ?4, ?5, ?6, ?6, ?7, ?7, 't', jsonb(?8), jsonb(?9))";
    let mut statement = db.prepare(insert).unwrap();
    for number in 0..ENTRIES {
        let id = entry_id(number.unsigned_abs().into());
        let public = number % 10 > 0;
        let fields = json!({ "rating": number, "genre": format!("g{number}"), "sku": number });
        let (fields, slug) = (fields.to_string(), format!("e{number}"));
        let language = if number % 4 > 0 { "en" } else { "de" };
        let live = (public.then_some(1), public.then_some(&slug), public.then_some(number));
        let row = params![
            id.as_uuid().as_bytes(),
            language,
            slug,
            live.0,
            live.1,
            live.2,
            number,
            fields,
            public.then_some(&fields),
        ];
        statement.execute(row).unwrap();
    }
    drop(statement);
    db.execute_batch("ANALYZE").unwrap();
    indexes::prepare(&db, &[definition()]).unwrap();
    db
}

fn steps(db: &Connection, sql: &str) -> Vec<String> {
    let mut plan = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let steps = plan.raw_query().mapped(|row| row.get::<_, String>(3));
    steps.map(Result::unwrap).collect()
}

/// How the ids of a page are found, one list of steps for each of its statements.
#[track_caller]
fn plans(db: &Connection, query: &EntryQuery) -> Vec<Vec<String>> {
    let statements = query::page(query).unwrap();
    let found = statements.iter().map(|statement| {
        let mut steps = steps(db, &statement.sql);
        for known in OUTSIDE {
            let at = steps.iter().position(|it| it.starts_with(known));
            assert_eq!(at, Some(0), "{}: {steps:?}", statement.sql);
            steps.remove(0);
        }
        assert_eq!(steps.pop().as_deref(), Some(PUT_IN_ORDER), "{}: {steps:?}", statement.sql);
        steps
    });
    found.collect()
}

#[track_caller]
fn check(db: &Connection, query: &EntryQuery, expected: &str) {
    for steps in plans(db, query) {
        assert_eq!(steps.join("; "), expected, "{query:?}");
    }
}

fn by(filter: Option<(Path, Test)>, sort: Option<(Path, bool)>, listing: Listing) -> EntryQuery {
    let sort = sort.map(|(path, descending)| SortKey { path, descending });
    EntryQuery {
        author: None,
        collection: CollectionName::parse("posts").unwrap(),
        listing,
        locale: None,
        fallbacks: Vec::new(),
        filter: filter.map(|(path, test)| Filter::All(vec![Filter::Is(Condition { path, test })])),
        sort: sort.into_iter().collect(),
        limit: 20,
        after: None,
    }
}

fn field(name: &str) -> Path {
    Path::Field(vec![name.to_owned()])
}

fn place(keys: &[Value]) -> Cursor {
    Cursor { keys: keys.to_vec(), id: entry_id(1) }
}

const SIDES: [(Listing, &str); 3] = [
    (Listing::Published, "live"),
    (Listing::Newest(None), "newest"),
    (Listing::Newest(Some(Status::Published)), "newest"),
];

/// A query in every language and in one, from its beginning and after a place.
fn variants(query: &EntryQuery, keys: &[Value]) -> Vec<EntryQuery> {
    let places = [None, Some(place(keys))];
    let languages = [None, Some(locale("en"))];
    let all = places
        .into_iter()
        .flat_map(|after| languages.iter().map(move |language| (after.clone(), language.clone())));
    all.map(|(after, locale)| EntryQuery { after, locale, ..query.clone() }).collect()
}

#[test]
fn a_list_that_falls_back_keeps_its_order_and_finds_translations_by_their_group() {
    for (db, (listing, _)) in
        [prepared(), analysed()].iter().flat_map(|db| SIDES.map(|side| (db, side)))
    {
        let tag = |it: &str| Locale::parse(it).unwrap();
        let (locale, fallbacks) = (Some(tag("fr-CA")), vec![tag("fr"), tag("en")]);
        let query = EntryQuery { locale, fallbacks, ..by(None, None, listing) };
        let statements = query::page(&query).unwrap();
        let steps: Vec<String> = statements.iter().flat_map(|it| steps(db, &it.sql)).collect();
        assert!(steps.iter().any(|it| it.contains("entries_by_group")), "{steps:?}");
        let reads_all = |it: &String| it.starts_with("SCAN") || it.contains("TEMP B-TREE");
        assert!(!steps.iter().any(reads_all), "{steps:?}");
    }
}

#[test]
fn an_order_by_an_indexed_field_sorts_nothing_and_begins_at_its_place() {
    for (db, (listing, side)) in
        [prepared(), analysed()].iter().flat_map(|db| SIDES.map(|side| (db, side)))
    {
        let index = format!("SEARCH entries USING INDEX field.posts.rating.{side}");
        for descending in [false, true] {
            let query = by(None, Some((field("rating"), descending)), listing);
            check(db, &query, &format!("{index} (collection=?)"));
            let after = Some(place(&[json!(3), json!(0)]));
            let [with, without] = plans(db, &EntryQuery { after, ..query.clone() })
                .try_into()
                .expect("one for entries with a value, one for those without");
            let operator = if descending { "<" } else { ">" };
            assert_eq!(with.join("; "), format!("{index} (collection=? AND <expr>{operator}?)"));
            assert_eq!(without.join("; "), format!("{index} (collection=? AND <expr>=?)"));
            let after = Some(place(&[Value::Null, json!(0)]));
            let none = EntryQuery { after, ..query };
            check(db, &none, &format!("{index} (collection=? AND <expr>=?)"));
        }
    }
}

#[test]
fn a_filter_by_an_indexed_field_reads_what_passes_and_not_the_listing() {
    let text = |it: &str| json!(it);
    for (db, (listing, side)) in
        [prepared(), analysed()].iter().flat_map(|db| SIDES.map(|side| (db, side)))
    {
        let index = |name: &str| format!("SEARCH entries USING INDEX field.posts.{name}.{side}");
        let sorted = "; USE TEMP B-TREE FOR ORDER BY";
        for (path, test, used, end) in [
            ("rating", Test::Eq(json!(7)), "<expr>=?", ""),
            ("rating", Test::In(vec![json!(7), json!(8)]), "<expr>=?", sorted),
            ("rating", Test::Null(true), "<expr>=?", ""),
            ("rating", Test::Lt(json!(7)), "<expr>>? AND <expr><?", sorted),
            ("rating", Test::Gte(json!(2_990)), "<expr>>? AND <expr><?", sorted),
            ("genre", Test::Lte(text("g2")), "<expr>>? AND <expr><?", sorted),
            ("genre", Test::Gt(text("g2")), "<expr>>? AND <expr><?", sorted),
            ("rating", Test::Between(json!(7), json!(9)), "<expr>>? AND <expr><?", sorted),
            ("genre", Test::Eq(text("g7")), "<expr>=?", ""),
            ("genre", Test::StartsWith("g77".to_owned()), "<expr>>? AND <expr><?", sorted),
        ] {
            let query = by(Some((field(path), test)), None, listing);
            for query in variants(&query, &[json!(5)]) {
                for steps in plans(db, &query) {
                    // From a place on the order of the listing may be used as well.
                    let steps = steps.join("; ").replace(" AND (created_at,id)<(?,?)", "");
                    let steps = steps.replace(" AND (first_published_at,id)<(?,?)", "");
                    let expected = format!("{} (collection=? AND {used}){end}", index(path));
                    assert_eq!(steps, expected, "{query:?}");
                }
            }
        }
        let unique = by(Some((field("sku"), Test::Eq(json!("A")))), None, listing);
        let [steps] = plans(db, &unique).try_into().unwrap();
        let expected = format!("unique.posts.sku.{side} (collection=? AND <expr>=?");
        assert!(steps.join("; ").contains(&expected), "{steps:?}");
    }
}

#[test]
fn a_filter_by_an_indexed_field_holds_beside_one_that_has_no_index() {
    for (db, (listing, side)) in
        [prepared(), analysed()].iter().flat_map(|db| SIDES.map(|side| (db, side)))
    {
        let mut query = by(Some((field("rating"), Test::Eq(json!(7)))), None, listing);
        let stock = Condition { path: field("stock"), test: Test::Gt(json!(1)) };
        let Some(Filter::All(filters)) = &mut query.filter else { panic!("no filter") };
        filters.insert(0, Filter::Is(stock));
        let index = format!("field.posts.rating.{side} (collection=? AND <expr>=?)");
        check(db, &query, &format!("SEARCH entries USING INDEX {index}"));
    }
}

#[test]
fn a_relation_begins_at_its_targets_in_the_order_of_the_listing() {
    let id = json!(entry_id(1).to_string());
    let other = || Path::Relation("other".to_owned());
    let through = || Path::Through {
        relation: "other".to_owned(),
        to: CollectionName::parse("posts").unwrap(),
        then: Box::new(Path::System(SystemField::Slug)),
    };
    for (db, (listing, _)) in
        [prepared(), analysed()].iter().flat_map(|db| SIDES.map(|side| (db, side)))
    {
        for (path, test, sorts) in [
            (other(), Test::Eq(id.clone()), false),
            (other(), Test::Contains(id.clone()), false),
            (other(), Test::In(vec![id.clone(), json!(entry_id(2).to_string())]), true),
            (through(), Test::Eq(json!("ada")), true),
        ] {
            for query in variants(&by(Some((path, test)), None, listing), &[json!(5)]) {
                let [steps] = plans(db, &query).try_into().unwrap();
                let place = if query.after.is_some() { " AND (sorts_at,entry)<(?,?)" } else { "" };
                let index = "SEARCH r USING COVERING INDEX entry_references_by_target";
                let begin = format!("{index} (target=? AND side=? AND field=?{place})");
                assert_eq!(steps.first(), Some(&begin), "{steps:?}");
                let last = steps.last().unwrap();
                assert_eq!(last == PUT_IN_ORDER, sorts, "{steps:?}");
                assert!(!steps.iter().any(|it| it.contains("SCAN entr")), "{steps:?}");
            }
        }
    }
}

#[test]
fn what_every_entry_has_is_served_where_the_listing_keeps_it() {
    let db = prepared();
    let system = |field| Path::System(field);
    for (listing, path, index) in [
        (Listing::Published, SystemField::PublishedAt, "entries_published"),
        (Listing::Published, SystemField::CreatedAt, "entries_newest"),
        (Listing::Published, SystemField::Slug, "entries_by_live_slug"),
        (Listing::Newest(None), SystemField::CreatedAt, "entries_newest"),
        (Listing::Newest(None), SystemField::Slug, "entries_by_slug"),
        (Listing::Newest(None), SystemField::UpdatedAt, "entries_written"),
    ] {
        for descending in [false, true] {
            let query = by(None, Some((system(path), descending)), listing);
            for query in [EntryQuery { locale: Some(locale("en")), ..query.clone() }, query] {
                let [steps] = plans(&db, &query).try_into().unwrap();
                let begin = format!("SEARCH entries USING INDEX {index} (collection=?");
                assert!(steps.join("; ").starts_with(&begin), "{query:?}: {steps:?}");
                assert!(!steps.iter().any(|it| it == PUT_IN_ORDER), "{query:?}: {steps:?}");
            }
        }
        let by_order_alone = [
            (Listing::Published, SystemField::CreatedAt),
            (Listing::Newest(None), SystemField::UpdatedAt),
        ];
        if by_order_alone.contains(&(listing, path)) {
            continue;
        }
        let test = Test::Eq(json!("a"));
        let [steps] =
            plans(&db, &by(Some((system(path), test)), None, listing)).try_into().unwrap();
        let begin = format!("SEARCH entries USING INDEX {index} (collection=? AND ");
        assert!(steps.join("; ").starts_with(&begin), "{path:?} of {listing:?}: {steps:?}");
    }
}

#[test]
fn listings_of_few_entries_are_read_by_their_own_index() {
    for db in [prepared(), analysed()] {
        for status in [Status::Draft, Status::Scheduled, Status::Archived] {
            let listing = Listing::Newest(Some(status));
            for query in [
                by(None, Some((field("rating"), false)), listing),
                by(Some((field("rating"), Test::Eq(json!(7)))), None, listing),
                by(Some((field("rating"), Test::Lt(json!(7)))), None, listing),
            ] {
                let [steps] = plans(&db, &query).try_into().unwrap();
                let begin = "SEARCH entries USING INDEX entries_drafts (collection=?)";
                assert_eq!(steps.first().map(String::as_str), Some(begin), "{query:?}: {steps:?}");
            }
        }
    }
}

#[test]
fn counting_a_listing_reads_its_index() {
    let db = prepared();
    for (listing, index) in [
        (Listing::Published, "entries_published"),
        (Listing::Newest(None), "entries_newest"),
        (Listing::Newest(Some(Status::Draft)), "entries_drafts"),
        (Listing::Trashed, "entries_trashed"),
    ] {
        let steps = steps(&db, &len_over(listing));
        assert!(steps.iter().any(|it| it.contains(index)), "{listing:?}: {steps:?}");
    }
}
