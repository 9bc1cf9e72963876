//! What the document format promises.

use serde_json::{Value, json};

use crate::collections::{CollectionDefinition, CollectionName, problems_of_set};

fn read(document: &Value) -> Result<CollectionDefinition, Vec<crate::Problem>> {
    CollectionDefinition::read(CollectionName::parse("books").unwrap(), document)
}

fn books(fields: Value) -> Value {
    json!({ "label": "Books", "label_one": "Book", "title": "title", "fields": fields })
}

#[track_caller]
fn check(document: &Value, expected: &[&str]) {
    let problems = read(document).err().unwrap_or_default();
    let told: Vec<String> = problems
        .iter()
        .map(|it| {
            format!("{} {}: {}", it.field.as_deref().unwrap_or_default(), it.code, it.message)
        })
        .collect();
    assert_eq!(told, expected);
}

#[test]
fn a_definition_that_was_written_is_read_back() {
    let document = json!({
        "label": "Books", "label_one": "Book", "title": "title", "body": "text",
        "url": "/books/{slug}", "listed": true, "drafts": false, "taxonomy": "tree",
        "fields": [
            { "name": "title", "kind": "text", "required": true, "localized": true, "help": "Short" },
            { "name": "text", "kind": "rich_text" },
            { "name": "isbn", "kind": "text", "unique": true, "pattern": "[0-9]{13}", "max": 13 },
            { "name": "price", "kind": "number", "min": 0, "max": 999.5, "default": 10, "read": "author", "write": "editor" },
            { "name": "sold", "kind": "boolean", "default": false, "indexed": true, "label": "Sold out" },
            { "name": "genre", "kind": "select", "default": "novel",
              "choices": ["novel", { "value": "scifi", "label": "Science fiction" }] },
            { "name": "parent", "kind": "relation", "to": "books", "on_delete": "restrict" },
            { "name": "sequels", "kind": "relation", "to": "books", "many": true, "renamed_from": "next" },
            { "name": "chapters", "kind": "repeater", "fields": [
                { "name": "name", "kind": "text" },
                { "name": "notes", "kind": "group", "fields": [{ "name": "a", "kind": "json", "default": { "b": [1, "c"] } }] },
            ] },
        ],
    });
    let first = read(&document).unwrap();
    let written = Value::Object(first.to_document());
    assert_eq!(read(&written), Ok(first.clone()));
    assert_eq!(Value::Object(read(&written).unwrap().to_document()), written);
    assert!(first.clone().settled().fields.iter().all(|it| it.renamed_from.is_none()));
}

#[test]
fn everything_that_is_wrong_is_told_by_its_place() {
    check(&json!([]), &[" kind: a definition has to be a table of keys and values"]);
    check(
        &json!({ "lable": "Books", "label_one": 3, "fields": [{ "name": "Title", "knd": "text" }] }),
        &[
            "lable unknown-key: there is no `lable` here; did you mean `label`?",
            "label required: the collection needs `label`",
            "label_one kind: the collection has a `label_one` that is no text",
            "title required: the collection needs `title`",
            "fields[0].knd unknown-key: there is no `knd` here; did you mean `kind`?",
            "fields[0].name malformed: the name `Title` has `T`; a name has a-z, 0-9 and _, and begins with a letter",
            "fields[0].kind required: the field `Title` needs `kind`",
        ],
    );
    let title = json!({ "name": "title", "kind": "text" });
    check(
        &books(json!([
            title,
            { "name": "a", "kind": "txt" },
            { "name": "b", "kind": "select" },
            { "name": "c", "kind": "text", "to": "x", "min": "1", "read": "boss" },
            { "name": "d", "kind": "relation", "to": "tags", "on_delete": "explode" },
            { "name": "e", "kind": "select", "choices": ["a", { "valu": "b" }] },
            { "name": "f", "kind": "json", "default": { "a": null } },
        ])),
        &[
            "fields[1].kind unknown: the field `a` has the unknown kind `txt`; kinds are text, long_text, rich_text, \
             markdown, integer, number, boolean, date, date_time, select, multi_select, slug, email, url, colour, \
             json, geo_point, asset, assets, relation, group, repeater; did you mean `text`?",
            "fields[2].choices required: the field `b` is of the kind `select`, which needs `choices`",
            "fields[3].to not-here: the field `c` has `to`, which only the kinds relation have",
            "fields[3].min kind: the field `c` has a `min` that is no number",
            "fields[3].read malformed: `boss` is not a built-in role; these are owner, administrator, editor, author, contributor, viewer",
            "fields[4].on_delete malformed: `on_delete` is clear, restrict or cascade, not `explode`",
            "fields[5].choices[1].valu unknown-key: there is no `valu` here; did you mean `value`?",
            "fields[5].choices[1].value required: `fields[5].choices[1]` needs `value`",
            "fields[6].default kind: the field `f` has a default with null, or with a number of more than 64 bits, inside",
        ],
    );
}

#[test]
fn what_does_not_fit_together_is_told_too() {
    let title = json!({ "name": "title", "kind": "text" });
    check(
        &json!({ "label": " ", "label_one": "Book", "title": "titel", "taxonomy": "tree", "fields": [title] }),
        &[
            "label blank: `label` has to be one line of text",
            "title unknown-field: `title = \"titel\"` names no field of the collection; did you mean `title`?",
            "taxonomy no-parent: a tree needs the field `parent`, a relation to the collection itself",
        ],
    );
    check(
        &books(json!([
            title,
            title,
            { "name": "a", "kind": "json", "unique": true },
            { "name": "b", "kind": "integer", "min": 3, "max": 2 },
            { "name": "c", "kind": "text", "max": -1 },
            { "name": "d", "kind": "integer", "default": "x" },
            { "name": "e", "kind": "text", "renamed_from": "a" },
            { "name": "f", "kind": "select", "choices": ["x", "x"] },
            { "name": "g", "kind": "group", "fields": [{ "name": "h", "kind": "text", "localized": true }] },
        ])),
        &[
            "fields[1].name twice: the field `title` is defined twice",
            "fields[2].unique not-here: the field `a` cannot be unique or indexed: only fields of the collection itself that hold one value can",
            "fields[3].max empty: the field `b` has a `min` of 3 and a `max` of 2, between which nothing is",
            "fields[4].max kind: the field `c` has a `max` of -1, which counts characters or items: a whole number from 0",
            "fields[5].default default: the field `d` has a default that it refuses: D has to be a whole number of 64 bits",
            "fields[6].renamed_from taken: `renamed_from = \"a\"` is a field that is still there",
            "fields[7].choices[1] twice: the choice `x` is there twice",
            "fields[8].fields[0] not-here: the field `h` cannot be localized or hidden by itself: say so of the field around it",
        ],
    );
}

#[test]
fn limits_hold_at_their_edge() {
    let fields = |len: usize| {
        let field = |at: usize| json!({ "name": format!("f{at}"), "kind": "text" });
        json!({ "label": "B", "label_one": "B", "title": "f0", "fields": (0..len).map(field).collect::<Vec<_>>() })
    };
    check(&fields(200), &[]);
    check(&fields(201), &["fields too-many: there are 201 fields here; 200 is the limit"]);
    let label = |len: usize| {
        let mut document = fields(1);
        document["label"] = json!("x".repeat(len));
        document
    };
    check(&label(200), &[]);
    check(&label(201), &["label too-long: `label` has 201 characters; 200 is the limit"]);
    let deep = |depth: usize| {
        let inner = json!({ "name": "it", "kind": "text" });
        let around = |inner: Value, _| json!({ "name": "it", "kind": "group", "fields": [inner] });
        let mut document = fields(1);
        document["fields"] = json!([document["fields"][0], (0..depth).fold(inner, around)]);
        document
    };
    check(&deep(3), &[]);
    check(
        &deep(4),
        &[
            "fields[1].fields[0].fields[0].fields[0].fields too-deep: the field `it` is more than 4 groups deep",
        ],
    );
}

#[test]
fn collections_lead_to_one_another_and_have_addresses_of_their_own() {
    let named = |name: &str, url: &str, to: &str| {
        let document = json!({ "label": "A", "label_one": "A", "title": "title", "url": url, "fields": [
            { "name": "title", "kind": "text" },
            { "name": "it", "kind": "group", "fields": [{ "name": "a", "kind": "relation", "to": to }] },
        ] });
        CollectionDefinition::read(CollectionName::parse(name).unwrap(), &document).unwrap()
    };
    let set = [named("a", "/a/{slug}", "b"), named("b", "/a/{slug}", "bb")];
    let told = problems_of_set(&set).into_iter().map(|(name, it)| format!("{name} {it}"));
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            "b url: the collection `a` has the url `/a/{slug}` already",
            "b fields[1].fields[0].to: the field `a` points to the collection `bb`, which is not there; did you mean `b`?",
        ]
    );
}
