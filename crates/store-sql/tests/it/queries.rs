//! Filters, orders and unique values on a real file.

use serde_json::{Value, json};
use smartcms_app::ports::{
    EntryFacts, EntryQuery, EntryStore as _, Listing, SideFacts, WriteError,
};
use smartcms_domain::collections::{FieldDefinition, FieldKind, FieldName, Reference, Target};
use smartcms_domain::entries::{Entry, EntryId};
use smartcms_domain::events::EventKind;
use smartcms_domain::queries::{Condition, Filter, Path, SortKey, SystemField, Test};
use smartcms_store_sql::SqliteStore;
use smartcms_testkit::builders::{
    at, changed, collection, created, draft, entry_id, fields, locale, posts,
};

use crate::Folder;

/// Stores a public entry whose two states are the same, with what it points to by the field `author`.
async fn public(
    store: &SqliteStore,
    of: &str,
    number: u128,
    name: &str,
    values: Value,
    to: &[EntryId],
) {
    let entry = Entry { fields: fields(values), ..draft(&collection(of), number, name) };
    let reference =
        |id: &EntryId| Reference { field: "author".to_owned(), target: Target::Entry(*id) };
    let side = SideFacts { references: to.iter().map(reference).collect(), ..SideFacts::default() };
    let facts = EntryFacts { newest: Some(side.clone()), live: Some(side) };
    let mut first = created(&entry);
    first.facts = facts.clone();
    store.write(first.into()).await.unwrap();
    let live = entry.clone().publish(at(10_000 + i64::try_from(number).unwrap())).unwrap();
    let mut second = changed(&entry, live, EventKind::EntryPublished);
    second.facts = facts;
    store.write(second.into()).await.unwrap();
}

fn field(names: &[&str]) -> Path {
    Path::Field(names.iter().map(|it| (*it).to_owned()).collect())
}

fn list(name: &str) -> Path {
    Path::List(vec![name.to_owned()])
}

fn is(path: Path, test: Test) -> Filter {
    Filter::Is(Condition { path, test })
}

fn query(of: &str, listing: Listing, filter: Option<Filter>, sort: Vec<SortKey>) -> EntryQuery {
    let collection = collection(of);
    let fallbacks = Vec::new();
    EntryQuery {
        author: None,
        collection,
        listing,
        locale: None,
        fallbacks,
        filter,
        sort,
        limit: 100,
        after: None,
    }
}

/// The slugs that pass on both sides, sorted.
async fn passing(store: &SqliteStore, filter: Filter) -> String {
    let mut sides = Vec::new();
    for listing in [Listing::Published, Listing::Newest(None)] {
        let page = store.list(&query("posts", listing, Some(filter.clone()), Vec::new())).await;
        let entries = page.unwrap().entries;
        let mut slugs: Vec<String> = entries.iter().map(|it| it.slug.to_string()).collect();
        slugs.sort_unstable();
        sides.push(slugs.join(" "));
    }
    assert_eq!(sides[0], sides[1], "{filter:?}");
    sides.remove(0)
}

/// Four entries: `a` to `c` in rising order in every kind, `none` without a value.
async fn rising(folder: &Folder) -> SqliteStore {
    let store = folder.open().unwrap();
    let rows = [
        (
            "a",
            json!({ "text": "Apple", "whole": -5, "real": -0.5, "day": "2026-01-31",
            "time": "2026-01-31T10:00:00.000Z", "flag": false, "tags": ["x"], "seo": { "title": "A" } }),
        ),
        (
            "b",
            json!({ "text": "apricot", "whole": 3, "real": 3, "day": "2026-11-02",
            "time": "2026-11-02T09:59:59.999Z", "flag": false, "tags": ["x", "y"], "seo": { "title": "B" } }),
        ),
        (
            "c",
            json!({ "text": "cherry", "whole": 20, "real": 20.25, "day": "2027-01-01",
            "time": "2027-01-01T00:00:00.000Z", "flag": true, "tags": ["z"], "seo": { "title": "C" } }),
        ),
        ("none", json!({ "tags": [] })),
    ];
    for (number, (name, values)) in (1..).zip(rows) {
        public(&store, "posts", number, name, values, &[]).await;
    }
    // Neither another collection nor the trash is ever in an answer.
    public(&store, "pages", 9, "b", json!({ "whole": 3, "text": "apricot" }), &[]).await;
    store
}

#[tokio::test]
async fn every_operator_compares_every_kind_of_value() {
    let folder = Folder::new().unwrap();
    let store = rising(&folder).await;
    let kinds = [
        (field(&["text"]), json!("Apple"), json!("apricot"), json!("cherry")),
        (field(&["whole"]), json!(-5), json!(3), json!(20)),
        (field(&["real"]), json!(-0.5), json!(3.0), json!(20.25)),
        (field(&["whole"]), json!(-5.0), json!(3.0), json!(20.0)),
        (field(&["day"]), json!("2026-01-31"), json!("2026-11-02"), json!("2027-01-01")),
        (
            field(&["time"]),
            json!("2026-01-31T10:00:00.000Z"),
            json!("2026-11-02T09:59:59.999Z"),
            json!("2027-01-01T00:00:00.000Z"),
        ),
        (field(&["seo", "title"]), json!("A"), json!("B"), json!("C")),
    ];
    for (path, a, b, c) in kinds {
        for (test, expected) in [
            (Test::Eq(b.clone()), "b"),
            (Test::Ne(b.clone()), "a c none"),
            (Test::Lt(b.clone()), "a"),
            (Test::Lte(b.clone()), "a b"),
            (Test::Gt(b.clone()), "c"),
            (Test::Gte(b.clone()), "b c"),
            (Test::In(vec![a.clone(), c.clone()]), "a c"),
            (Test::NotIn(vec![a.clone(), c.clone()]), "b none"),
            (Test::Between(a.clone(), b.clone()), "a b"),
            (Test::Between(c.clone(), a.clone()), ""),
            (Test::Null(true), "none"),
            (Test::Null(false), "a b c"),
        ] {
            let filter = is(path.clone(), test);
            assert_eq!(passing(&store, filter.clone()).await, expected, "{filter:?}");
            // What does not pass is all the rest, those without a value among it.
            let rest = passing(&store, Filter::Not(Box::new(filter.clone()))).await;
            let mut all: Vec<&str> = rest.split(' ').chain(expected.split(' ')).collect();
            all.retain(|it| !it.is_empty());
            all.sort_unstable();
            assert_eq!(all, ["a", "b", "c", "none"], "not {filter:?}");
        }
    }
    for (test, expected) in [
        (Test::Eq(json!(true)), "c"),
        (Test::Ne(json!(true)), "a b none"),
        (Test::In(vec![json!(false)]), "a b"),
        (Test::NotIn(vec![json!(false)]), "c none"),
    ] {
        assert_eq!(passing(&store, is(field(&["flag"]), test)).await, expected);
    }
}

#[tokio::test]
async fn what_every_entry_has_is_compared_too() {
    let folder = Folder::new().unwrap();
    let store = rising(&folder).await;
    let id = json!(entry_id(2).to_string());
    for (system, test, expected) in [
        (SystemField::Id, Test::Eq(id.clone()), "b"),
        (SystemField::Id, Test::Ne(id.clone()), "a c none"),
        (SystemField::Id, Test::In(vec![id.clone(), json!(entry_id(3).to_string())]), "b c"),
        (SystemField::Id, Test::NotIn(vec![id]), "a c none"),
        (SystemField::Slug, Test::Gte(json!("b")), "b c none"),
        (SystemField::Slug, Test::StartsWith("NO".to_owned()), "none"),
        (SystemField::CreatedAt, Test::Lt(json!(1_003)), "a b"),
        (SystemField::UpdatedAt, Test::Gt(json!(10_002)), "c none"),
        (SystemField::PublishedAt, Test::Between(json!(10_002), json!(10_003)), "b c"),
        (SystemField::PublishedAt, Test::Null(true), ""),
    ] {
        let filter = is(Path::System(system), test);
        assert_eq!(passing(&store, filter.clone()).await, expected, "{filter:?}");
    }
}

#[tokio::test]
async fn lists_pass_by_their_items() {
    let folder = Folder::new().unwrap();
    let store = rising(&folder).await;
    let (x, z) = (json!("x"), json!("z"));
    for (test, expected) in [
        (Test::Eq(x.clone()), "a b"),
        (Test::Contains(x.clone()), "a b"),
        (Test::Ne(x.clone()), "c none"),
        (Test::In(vec![json!("y"), z.clone()]), "b c"),
        (Test::NotIn(vec![x.clone(), z]), "none"),
        (Test::Null(true), "none"),
        (Test::Null(false), "a b c"),
    ] {
        assert_eq!(passing(&store, is(list("tags"), test.clone())).await, expected, "{test:?}");
    }
    assert_eq!(passing(&store, is(list("absent"), Test::Null(true))).await, "a b c none");
    let ordered = query("posts", Listing::Published, Some(is(list("tags"), Test::Lt(x))), vec![]);
    assert!(store.list(&ordered).await.is_err(), "a list has no order");
}

#[tokio::test]
async fn groups_of_conditions_join_as_they_say() {
    let folder = Folder::new().unwrap();
    let store = rising(&folder).await;
    let whole = |test| is(field(&["whole"]), test);
    let (low, high) = (|| whole(Test::Lt(json!(0))), || whole(Test::Gt(json!(10))));
    let flag = || is(field(&["flag"]), Test::Eq(json!(false)));
    for (filter, expected) in [
        (Filter::All(vec![]), "a b c none"),
        (Filter::Any(vec![]), ""),
        (Filter::All(vec![low(), high()]), ""),
        (Filter::Any(vec![low(), high()]), "a c"),
        (Filter::All(vec![Filter::Any(vec![low(), high()]), flag()]), "a"),
        (Filter::Any(vec![Filter::All(vec![low(), flag()]), high()]), "a c"),
        (Filter::Not(Box::new(Filter::Any(vec![low(), high()]))), "b none"),
        (Filter::Not(Box::new(Filter::All(vec![]))), ""),
    ] {
        assert_eq!(passing(&store, filter.clone()).await, expected, "{filter:?}");
    }
}

#[tokio::test]
async fn what_people_type_is_no_pattern() {
    let folder = Folder::new().unwrap();
    let store = folder.open().unwrap();
    let texts =
        [("percent", "100% sure"), ("under", "a_b"), ("back", "a\\b"), ("plain", "100 axb' \"")];
    for (number, (name, text)) in (1..).zip(texts) {
        public(&store, "posts", number, name, json!({ "text": text }), &[]).await;
    }
    for (text, expected) in [
        ("%", "percent"),
        ("_", "under"),
        ("\\", "back"),
        ("A_B", "under"),
        ("a%b", ""),
        ("100% s", "percent"),
        ("' \"", "plain"),
        ("'; DROP TABLE entries; --", ""),
    ] {
        let contains = is(field(&["text"]), Test::Contains(json!(text)));
        assert_eq!(passing(&store, contains).await, expected, "{text}");
    }
    for (text, expected) in
        [("100", "percent plain"), ("100%", "percent"), ("%", ""), ("A", "back under")]
    {
        let starts = is(field(&["text"]), Test::StartsWith(text.to_owned()));
        assert_eq!(passing(&store, starts).await, expected, "{text}");
    }
}

#[tokio::test]
async fn relations_are_tested_by_their_targets_and_by_what_those_hold() {
    let folder = Folder::new().unwrap();
    let store = folder.open().unwrap();
    let (ada, bob, stranger) = (entry_id(11), entry_id(12), entry_id(13));
    let author = |rating: i64| json!({ "rating": rating, "tags": ["poet"] });
    public(&store, "authors", 11, "ada", author(5), &[bob]).await;
    public(&store, "authors", 12, "bob", author(1), &[]).await;
    public(&store, "strangers", 13, "ada", author(5), &[]).await;
    for (number, name, to) in [
        (1, "one", vec![ada]),
        (2, "two", vec![ada, bob]),
        (3, "three", vec![stranger]),
        (4, "four", vec![]),
    ] {
        public(&store, "posts", number, name, json!({}), &to).await;
    }
    let (a, b) = (json!(ada.to_string()), json!(bob.to_string()));
    for (test, expected) in [
        (Test::Eq(a.clone()), "one two"),
        (Test::Contains(b.clone()), "two"),
        (Test::Ne(b.clone()), "four one three"),
        (Test::In(vec![b.clone(), json!(stranger.to_string())]), "three two"),
        (Test::NotIn(vec![a, b.clone()]), "four three"),
        (Test::Null(true), "four"),
        (Test::Null(false), "one three two"),
    ] {
        let filter = is(Path::Relation("author".to_owned()), test);
        assert_eq!(passing(&store, filter.clone()).await, expected, "{filter:?}");
    }
    let through = |then: Path, test: Test| {
        let to = collection("authors");
        is(Path::Through { relation: "author".to_owned(), to, then: Box::new(then) }, test)
    };
    for (then, test, expected) in [
        (Path::System(SystemField::Slug), Test::Eq(json!("ada")), "one two"),
        (Path::System(SystemField::Id), Test::Eq(b.clone()), "two"),
        (field(&["rating"]), Test::Lt(json!(3)), "two"),
        (field(&["rating"]), Test::Null(true), ""),
        (list("tags"), Test::Contains(json!("poet")), "one two"),
        (Path::Relation("author".to_owned()), Test::Eq(b), "one two"),
    ] {
        let filter = through(then, test);
        assert_eq!(passing(&store, filter.clone()).await, expected, "{filter:?}");
    }
}

#[tokio::test]
async fn readers_find_by_the_public_state_and_editors_by_the_newest() {
    let folder = Folder::new().unwrap();
    let store = folder.open().unwrap();
    public(&store, "posts", 1, "one", json!({ "text": "public" }), &[]).await;
    let entry = store.find(entry_id(1)).await.unwrap().unwrap();
    let newer = Entry {
        fields: fields(json!({ "text": "newer" })),
        revision: entry.revision.next(),
        ..entry.clone()
    };
    store.write(changed(&entry, newer, EventKind::EntryUpdated).into()).await.unwrap();
    for (listing, text, count) in [
        (Listing::Published, "public", 1),
        (Listing::Published, "newer", 0),
        (Listing::Newest(None), "public", 0),
        (Listing::Newest(None), "newer", 1),
        (Listing::Trashed, "newer", 0),
    ] {
        let filter = is(field(&["text"]), Test::Eq(json!(text)));
        let page = store.list(&query("posts", listing, Some(filter), vec![])).await.unwrap();
        assert_eq!(page.entries.len(), count, "{listing:?} {text}");
    }
}

#[tokio::test]
async fn every_order_is_read_page_by_page_without_gaps_or_repeats() {
    let folder = Folder::new().unwrap();
    let store = folder.open().unwrap();
    // Ties, values that are not there, numbers of both kinds, and drafts that were never published.
    for number in 1..=12_u128 {
        let mut values = json!({ "two": format!("t{}", number % 2) });
        if number % 3 > 0 {
            values["three"] = json!(f64::from(u32::try_from(number % 3).unwrap()) / 3.0);
        }
        if number % 4 > 0 {
            values["four"] = json!(number % 4 > 1);
        }
        let name = format!("e{number:02}");
        if number % 5 == 0 {
            let entry = draft(&collection("posts"), number, &name);
            let entry = Entry { fields: fields(values), ..entry };
            store.write(created(&entry).into()).await.unwrap();
        } else {
            public(&store, "posts", number, &name, values, &[]).await;
        }
    }
    let one = |path: Path| vec![vec![(path.clone(), false)], vec![(path, true)]];
    let mut orders: Vec<Vec<(Path, bool)>> = vec![Vec::new()];
    orders.extend(["two", "three", "four", "absent"].into_iter().flat_map(|it| one(field(&[it]))));
    orders.extend(SystemField::ALL.into_iter().flat_map(|(_, it)| one(Path::System(it))));
    for (first, second) in [(false, false), (false, true), (true, false), (true, true)] {
        orders.push(vec![(field(&["three"]), first), (field(&["two"]), second)]);
        orders.push(vec![(field(&["four"]), first), (Path::System(SystemField::Id), second)]);
        let published = Path::System(SystemField::PublishedAt);
        orders.push(vec![
            (published, first),
            (field(&["four"]), second),
            (field(&["three"]), first),
        ]);
    }
    let filters = [None, Some(is(field(&["two"]), Test::Null(false)))];
    for (order, filter) in orders.iter().flat_map(|it| filters.iter().map(move |f| (it, f))) {
        for (listing, len) in [(Listing::Published, 10), (Listing::Newest(None), 12)] {
            let sort = order
                .iter()
                .map(|(path, descending)| SortKey { path: path.clone(), descending: *descending });
            let asked = query("posts", listing, filter.clone(), sort.collect());
            let whole = slugs(&store, asked.clone()).await;
            assert_eq!(whole.len(), len, "{order:?}");
            for limit in [1, 2, 3, 5] {
                let paged = slugs(&store, EntryQuery { limit, ..asked.clone() }).await;
                assert_eq!(paged, whole, "{listing:?} {order:?} {filter:?} by {limit}");
            }
        }
    }
}

/// Reads a list to its end.
async fn slugs(store: &SqliteStore, mut query: EntryQuery) -> Vec<String> {
    let mut slugs = Vec::new();
    for _ in 0..100 {
        let page = store.list(&query).await.unwrap();
        slugs.extend(page.entries.iter().map(|it| it.slug.to_string()));
        query.after = page.next;
        if query.after.is_none() {
            return slugs;
        }
    }
    panic!("the list has no end: {query:?}");
}

#[tokio::test]
async fn entries_without_a_value_come_last_in_both_directions() {
    let folder = Folder::new().unwrap();
    let store = rising(&folder).await;
    for (name, up) in [("whole", "a b c none"), ("text", "a b c none"), ("real", "a b c none")] {
        for (descending, expected) in [(false, up), (true, "c b a none")] {
            let sort = vec![SortKey { path: field(&[name]), descending }];
            let found = slugs(&store, query("posts", Listing::Published, None, sort)).await;
            assert_eq!(found.join(" "), expected, "{name}");
        }
    }
}

#[tokio::test]
async fn a_unique_value_is_taken_once_in_a_language_and_the_error_names_the_field() {
    let folder = Folder::new().unwrap();
    let store = folder.open().unwrap();
    let mut definition = posts();
    let sku = FieldDefinition::new(FieldName::parse("sku").unwrap(), FieldKind::Text);
    definition.fields.push(FieldDefinition { unique: true, indexed: true, ..sku });
    let definitions = [std::sync::Arc::new(definition)];
    store.prepare(&definitions).await.unwrap();
    store.prepare(&definitions).await.unwrap();
    let entry = |of: &str, number: u128, sku: Value| {
        let entry = draft(&collection(of), number, &format!("e{number}"));
        Entry { fields: fields(json!({ "sku": sku })), ..entry }
    };
    let first = entry("posts", 1, json!("A"));
    store.write(created(&first).into()).await.unwrap();
    let error = store.write(created(&entry("posts", 2, json!("A"))).into()).await.unwrap_err();
    let taken = |it: &WriteError, number: u128| matches!(it, WriteError::ValueTaken { entry, field } if *entry == entry_id(number) && field == "sku");
    assert!(taken(&error, 2), "{error:?}");
    assert!(store.find(entry_id(2)).await.unwrap().is_none(), "nothing is stored");
    let other_language = Entry { locale: locale("de"), ..entry("posts", 3, json!("A")) };
    for free in [
        entry("posts", 4, json!("a")),
        entry("posts", 5, json!("B")),
        entry("pages", 6, json!("A")),
        other_language,
    ] {
        store.write(created(&free).into()).await.unwrap();
    }
    for number in [7, 8] {
        let none = draft(&collection("posts"), number, &format!("e{number}"));
        store.write(created(&none).into()).await.unwrap();
    }
    let before = entry("posts", 5, json!("B"));
    let after = Entry { revision: before.revision.next(), ..entry("posts", 5, json!("A")) };
    let change = changed(&before, after, EventKind::EntryUpdated);
    let error = store.write(change.into()).await.unwrap_err();
    assert!(taken(&error, 5), "a change too: {error:?}");
    // What goes to the trash gives its value back.
    let gone = first.clone().trash(at(9_000)).unwrap();
    store.write(changed(&first, gone, EventKind::EntryTrashed).into()).await.unwrap();
    store.write(created(&entry("posts", 9, json!("A"))).into()).await.unwrap();
}

#[tokio::test]
async fn values_that_are_not_unique_are_named_when_a_field_becomes_so() {
    let folder = Folder::new().unwrap();
    let store = folder.open().unwrap();
    for number in [1, 2] {
        public(&store, "posts", number, &format!("e{number}"), json!({ "sku": "A" }), &[]).await;
    }
    let with = |unique: bool| {
        let mut definition = posts();
        let sku = FieldDefinition::new(FieldName::parse("sku").unwrap(), FieldKind::Text);
        definition.fields.push(FieldDefinition { unique, indexed: !unique, ..sku });
        [std::sync::Arc::new(definition)]
    };
    store.prepare(&with(false)).await.unwrap();
    let error = store.prepare(&with(true)).await.unwrap_err();
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert!(cause.starts_with("entries of posts share a value of `sku`"), "{cause}");
    store.prepare(&with(false)).await.unwrap();
}

#[tokio::test]
async fn entries_with_several_of_the_targets_come_once_and_page_by_page() {
    let folder = Folder::new().unwrap();
    let store = folder.open().unwrap();
    let targets = [entry_id(101), entry_id(102), entry_id(103)];
    for (number, target) in (101..).zip(targets) {
        public(&store, "authors", number, &format!("a{number}"), json!({}), &[]).await;
        assert_eq!(target, entry_id(number));
    }
    for number in 1..=14_u128 {
        // By turns to one, to two, to all three, to one of them twice, and to none.
        let to: Vec<EntryId> = match number % 5 {
            0 => vec![targets[0]],
            1 => vec![targets[1], targets[2]],
            2 => targets.to_vec(),
            3 => vec![targets[2], targets[0], targets[2]],
            _ => vec![],
        };
        let values = json!({ "flag": number > 3 });
        public(&store, "posts", number, &format!("e{number:02}"), values, &to).await;
    }
    let id = |it: &EntryId| json!(it.to_string());
    let author = |test| is(Path::Relation("author".to_owned()), test);
    let slug = Path::Through {
        relation: "author".to_owned(),
        to: collection("authors"),
        then: Box::new(Path::System(SystemField::Slug)),
    };
    for (filter, expected) in [
        (author(Test::Eq(id(&targets[0]))), "e13 e12 e10 e08 e07 e05 e03 e02"),
        (
            author(Test::In(targets.iter().map(id).collect())),
            "e13 e12 e11 e10 e08 e07 e06 e05 e03 e02 e01",
        ),
        (
            author(Test::In(vec![id(&targets[1]), id(&targets[2])])),
            "e13 e12 e11 e08 e07 e06 e03 e02 e01",
        ),
        (is(slug.clone(), Test::Eq(json!("a102"))), "e12 e11 e07 e06 e02 e01"),
        (
            is(slug, Test::In(vec![json!("a101"), json!("a103")])),
            "e13 e12 e11 e10 e08 e07 e06 e05 e03 e02 e01",
        ),
    ] {
        let flag = is(field(&["flag"]), Test::Eq(json!(true)));
        let flagged: Vec<&str> = expected.split(' ').filter(|it| *it > "e03").collect();
        for (filter, expected) in [
            (Filter::All(vec![filter.clone()]), expected.to_owned()),
            (Filter::All(vec![flag, filter]), flagged.join(" ")),
        ] {
            for (listing, limit) in [Listing::Published, Listing::Newest(None)]
                .into_iter()
                .flat_map(|it| [1, 2, 3, 100].map(|l| (it, l)))
            {
                let asked = query("posts", listing, Some(filter.clone()), vec![]);
                let asked = EntryQuery { limit, locale: Some(locale("en")), ..asked };
                let found = slugs(&store, asked).await.join(" ");
                assert_eq!(found, expected, "{listing:?} by {limit}: {filter:?}");
            }
        }
    }
}

#[tokio::test]
async fn indexes_change_no_answer() {
    let folder = Folder::new().unwrap();
    let store = rising(&folder).await;
    let all = || {
        let names = ["text", "whole", "real", "day", "flag"];
        let fields =
            names.map(|it| FieldDefinition::new(FieldName::parse(it).unwrap(), FieldKind::Text));
        fields.map(|it| FieldDefinition { indexed: true, ..it })
    };
    let mut definition = posts();
    definition.fields.extend(all());
    store.prepare(&[std::sync::Arc::new(definition)]).await.unwrap();
    for (path, test, expected) in [
        ("text", Test::Eq(json!("apricot")), "b"),
        ("text", Test::StartsWith("AP".to_owned()), "a b"),
        ("text", Test::StartsWith("apr".to_owned()), "b"),
        ("text", Test::StartsWith(String::new()), "a b c"),
        ("text", Test::In(vec![json!("cherry"), json!("Apple")]), "a c"),
        ("whole", Test::Between(json!(-5.0), json!(3.5)), "a b"),
        ("real", Test::Gt(json!(-1)), "a b c"),
        ("day", Test::Lt(json!("2026-12")), "a b"),
        ("flag", Test::Null(true), "none"),
        ("flag", Test::Ne(json!(true)), "a b none"),
    ] {
        let filter = Filter::All(vec![is(field(&[path]), test)]);
        assert_eq!(passing(&store, filter.clone()).await, expected, "{filter:?}");
    }
}
