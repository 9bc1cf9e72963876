//! What a change promises about values.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Converters, DefinitionChange, Effect};
use crate::collections::{CollectionDefinition, CollectionName};
use crate::entries::Fields;

/// Rich text is the business of others.
const CONVERTERS: Converters =
    Converters { markdown_to_blocks: |_| None, blocks_to_markdown: |_| None };

const ID: &str = "01900000-0000-7000-8000-000000000001";
const OTHER_ID: &str = "01900000-0000-7000-8000-000000000002";

/// A collection with these fields beside its title.
fn books(fields: &[Value]) -> CollectionDefinition {
    let mut all = vec![json!({ "name": "title", "kind": "text" })];
    all.extend_from_slice(fields);
    let document =
        json!({ "label": "Books", "label_one": "Book", "title": "title", "fields": all });
    CollectionDefinition::read(CollectionName::parse("books").unwrap(), &document).unwrap()
}

fn fields(object: Value) -> Fields {
    serde_json::from_value(object).unwrap()
}

/// What becomes of values, and of which step: "kept field-renamed".
#[track_caller]
fn check(old: Value, new: Value, before: Value, after: Value, touches: &[&str]) {
    let (old, new) = (books(&list(old)), books(&list(new)));
    let change = DefinitionChange::between(Some(&old), Some(&new)).expect("something differs");
    let rewritten = change.rewrite(&fields(before), &CONVERTERS);
    assert_eq!(rewritten.fields, fields(after));
    let told = rewritten.touches.iter().map(|it| {
        let effect = match it.effect {
            Effect::Kept => "kept",
            Effect::Lost => "lost",
            Effect::Invalid => "invalid",
        };
        format!("{effect} {}", change.steps()[it.step].kind.name())
    });
    assert_eq!(told.collect::<Vec<_>>(), touches);
}

fn list(value: Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items,
        one => vec![one],
    }
}

fn field(kind: &str) -> Value {
    json!({ "name": "it", "kind": kind })
}

#[test]
fn values_move_with_their_name_and_go_with_their_field() {
    let (old, new) =
        (field("text"), json!({ "name": "new", "kind": "text", "renamed_from": "it" }));
    let before = json!({ "title": "A", "it": "x" });
    check(
        old.clone(),
        new.clone(),
        before.clone(),
        json!({ "title": "A", "new": "x" }),
        &["kept field-renamed"],
    );
    check(old.clone(), json!([]), before.clone(), json!({ "title": "A" }), &["lost field-removed"]);
    check(old, json!([]), json!({ "title": "A" }), json!({ "title": "A" }), &[]);
}

#[test]
fn a_rename_that_has_happened_says_nothing() {
    let new = books(&[json!({ "name": "new", "kind": "text", "renamed_from": "it" })]);
    assert!(DefinitionChange::between(Some(&new.clone().settled()), Some(&new)).is_none());
}

#[test]
fn values_change_their_kind_where_nothing_is_lost() {
    let select = |kind: &str| json!({ "name": "it", "kind": kind, "choices": ["a", "b"] });
    let relation =
        |many: bool| json!({ "name": "it", "kind": "relation", "to": "books", "many": many });
    for (old, new, before, after) in [
        (field("integer"), field("number"), json!(3), json!(3)),
        (field("number"), field("integer"), json!(3.0), json!(3)),
        (field("integer"), field("text"), json!(-3), json!("-3")),
        (field("text"), field("integer"), json!("-3"), json!(-3)),
        (field("boolean"), field("text"), json!(true), json!("true")),
        (field("text"), field("boolean"), json!("true"), json!(true)),
        (field("text"), field("long_text"), json!("a *b*"), json!("a *b*")),
        (field("text"), field("markdown"), json!("a *b*"), json!("a *b*")),
        (field("long_text"), field("text"), json!("one line"), json!("one line")),
        (select("select"), field("text"), json!("a"), json!("a")),
        (field("text"), select("select"), json!("a"), json!("a")),
        (select("select"), select("multi_select"), json!("a"), json!(["a"])),
        (select("multi_select"), select("select"), json!(["a"]), json!("a")),
        (relation(false), relation(true), json!(ID), json!([ID])),
        (relation(true), relation(false), json!([ID]), json!(ID)),
        (field("asset"), field("assets"), json!(ID), json!([ID])),
        (field("date"), field("date_time"), json!("2026-11-25"), json!("2026-11-25T00:00:00.000Z")),
        (field("date_time"), field("date"), json!("2026-11-25T00:00:00.000Z"), json!("2026-11-25")),
        (field("colour"), field("text"), json!("#aabbcc"), json!("#aabbcc")),
        (
            field("geo_point"),
            field("json"),
            json!({"latitude": 1, "longitude": 2}),
            json!({"latitude": 1, "longitude": 2}),
        ),
    ] {
        let (before, after) = (json!({ "it": before }), json!({ "it": after }));
        check(old, new, before, after, &["kept kind"]);
    }
}

#[test]
fn what_cannot_be_another_kind_is_lost_and_said_to_be() {
    let relation =
        |to: &str, many: bool| json!({ "name": "it", "kind": "relation", "to": to, "many": many });
    for (old, new, before) in [
        (field("text"), field("integer"), json!("3 apples")),
        (field("text"), field("integer"), json!("03")),
        (field("number"), field("integer"), json!(3.5)),
        (field("long_text"), field("text"), json!("two\nlines")),
        (field("text"), field("slug"), json!("No Slug")),
        (field("date_time"), field("date"), json!("2026-11-25T10:00:00.000Z")),
        (relation("books", false), relation("tags", false), json!(ID)),
        (field("asset"), relation("books", false), json!(ID)),
        (field("text"), relation("books", false), json!(ID)),
        (field("json"), field("rich_text"), json!({ "no": "document" })),
    ] {
        check(old, new, json!({ "it": before }), json!({}), &["lost kind"]);
    }
    let (many, one) = (relation("books", true), relation("books", false));
    check(many, one, json!({ "it": [ID, OTHER_ID] }), json!({ "it": ID }), &["lost kind"]);
}

#[test]
fn values_inside_groups_and_repeaters_go_along() {
    let group = |kind: &str, inner: Value| json!({ "name": "it", "kind": kind, "fields": inner });
    let old = json!([{ "name": "a", "kind": "text" }, { "name": "b", "kind": "integer" }]);
    let new = json!([{ "name": "c", "kind": "text", "renamed_from": "a" }, { "name": "b", "kind": "text" }]);
    for (kind, before, after) in [
        ("group", json!({ "a": "x", "b": 1 }), json!({ "c": "x", "b": "1" })),
        ("repeater", json!([{ "a": "x", "b": 1 }]), json!([{ "c": "x", "b": "1" }])),
    ] {
        let (old, new) = (group(kind, old.clone()), group(kind, new.clone()));
        check(
            old,
            new,
            json!({ "it": before }),
            json!({ "it": after }),
            &["kept field-renamed", "kept kind"],
        );
    }
}

#[test]
fn a_rule_that_is_tightened_breaks_values_and_takes_none() {
    let with = |key: &str, value: Value| json!({ "name": "it", "kind": "text", key: value });
    for (new, value, touch) in [
        (with("required", json!(true)), json!(null), "invalid required"),
        (with("max", json!(3)), json!("four"), "invalid bounds"),
        (with("min", json!(5)), json!("four"), "invalid bounds"),
        (with("pattern", json!("[0-9]+")), json!("four"), "invalid pattern"),
    ] {
        let values = if value.is_null() { json!({}) } else { json!({ "it": value }) };
        check(field("text"), new, values.clone(), values, &[touch]);
    }
    let select = |choices: Value| json!({ "name": "it", "kind": "select", "choices": choices });
    let values = json!({ "it": "b" });
    check(
        select(json!(["a", "b"])),
        select(json!(["a"])),
        values.clone(),
        values,
        &["invalid choices"],
    );
    let new = json!({ "name": "it", "kind": "text", "required": true });
    check(json!([]), new, json!({}), json!({}), &["invalid field-added"]);
}

#[test]
fn what_was_broken_before_is_not_the_changes_doing() {
    let (old, new) = (
        json!({ "name": "it", "kind": "text", "max": 3 }),
        json!({ "name": "it", "kind": "text", "max": 2 }),
    );
    let values = json!({ "it": "four" });
    check(old, new, values.clone(), values, &[]);
}

#[test]
fn looser_rules_and_labels_look_at_no_entry() {
    let old = books(&[json!({ "name": "it", "kind": "text", "required": true, "max": 3 })]);
    let new = books(&[
        json!({ "name": "it", "kind": "text", "label": "Other", "max": 4, "indexed": true }),
    ]);
    let change = DefinitionChange::between(Some(&old), Some(&new)).unwrap();
    assert!(!change.looks_at_entries());
    let told: Vec<_> = change.steps().iter().map(|it| it.message.as_str()).collect();
    assert_eq!(told, ["other `label`, `required`, `indexed`, `bounds`"]);
    assert!(DefinitionChange::between(Some(&new), Some(&new)).is_none());
}

#[test]
fn a_field_that_becomes_unique_or_shared_is_named() {
    let old = books(&[json!({ "name": "it", "kind": "text", "localized": true })]);
    let new =
        books(&[json!({ "name": "new", "kind": "text", "unique": true, "renamed_from": "it" })]);
    let change = DefinitionChange::between(Some(&old), Some(&new)).unwrap();
    let unique: Vec<_> =
        change.unique_now().map(|(_, old, new)| (old.name.as_str(), new.name.as_str())).collect();
    assert_eq!(unique, [("it", "new")]);
    let shared: Vec<_> = change.shared_now().map(|(_, name)| name).collect();
    assert_eq!(shared, ["new"]);
}

/// A kind with a value of it.
fn valued() -> impl Strategy<Value = (Value, Value)> {
    let text = "[a-zA-Z0-9 *_#-]{1,12}".prop_filter("not blank", |it| !it.trim().is_empty());
    prop_oneof![
        text.clone().prop_map(|it| (json!({ "kind": "text" }), json!(it))),
        text.clone().prop_map(|it| (json!({ "kind": "long_text" }), json!(format!("{it}\n{it}")))),
        text.prop_map(|it| (json!({ "kind": "markdown" }), json!(it))),
        any::<i64>().prop_map(|it| (json!({ "kind": "integer" }), json!(it))),
        (-1e9..1e9).prop_map(|it: f64| (json!({ "kind": "number" }), json!(it))),
        (0i32..100).prop_map(|it| (json!({ "kind": "number" }), json!(f64::from(it)))),
        any::<bool>().prop_map(|it| (json!({ "kind": "boolean" }), json!(it))),
        (1u8..29).prop_map(|it| (json!({ "kind": "date" }), json!(format!("2026-01-{it:02}")))),
        (1u8..29).prop_map(|it| {
            (json!({ "kind": "date_time" }), json!(format!("2026-01-{it:02}T00:00:00.000Z")))
        }),
        "[ab]".prop_map(|it| (json!({ "kind": "select", "choices": ["a", "b"] }), json!(it))),
        Just((json!({ "kind": "multi_select", "choices": ["a", "b"] }), json!(["a"]))),
        Just((json!({ "kind": "multi_select", "choices": ["a", "b"] }), json!(["a", "b"]))),
        "[0-9]{1,4}".prop_map(|it| (json!({ "kind": "text" }), json!(it))),
        Just((json!({ "kind": "json" }), json!({ "a": [1, "b"] }))),
        Just((json!({ "kind": "relation", "to": "books" }), json!(ID))),
        Just((json!({ "kind": "relation", "to": "books", "many": true }), json!([ID]))),
        Just((json!({ "kind": "relation", "to": "books", "many": true }), json!([ID, OTHER_ID]))),
        Just((json!({ "kind": "asset" }), json!(ID))),
        Just((
            json!({ "kind": "group", "fields": [{ "name": "a", "kind": "text" }] }),
            json!({ "a": "x" })
        )),
    ]
}

/// Whether one value says what the other says, told without the rules under test.
fn says_the_same(old: &Value, new: &Value) -> bool {
    let instant = |it: &Value| {
        it.as_str().and_then(|it| it.strip_suffix("T00:00:00.000Z")).map(|it| json!(it))
    };
    let number = |it: &Value| it.as_f64().zip(it.as_number()).map(|(it, _)| it);
    old == new
        || *new == json!([old])
        || *old == json!([new])
        || new.as_str() == Some(&old.to_string())
        || old.as_str() == Some(&new.to_string())
        || instant(new).as_ref() == Some(old)
        || instant(old).as_ref() == Some(new)
        || number(old).is_some_and(|it| number(new) == Some(it))
}

proptest! {
    #[test]
    fn a_change_without_loss_keeps_every_value(
        values in prop::collection::vec((valued(), valued(), any::<bool>(), any::<bool>()), 1..6),
    ) {
        let described = |at: usize, it: &Value, renamed: bool, required: bool| {
            let mut field = it.clone();
            field["name"] = json!(if renamed { format!("g{at}") } else { format!("f{at}") });
            field["required"] = json!(required);
            if renamed {
                field["renamed_from"] = json!(format!("f{at}"));
            }
            field
        };
        let all = || values.iter().enumerate();
        let old = books(&all().map(|(at, (old, ..))| described(at, &old.0, false, false)).collect::<Vec<_>>());
        let new = books(&all().map(|(at, (_, new, renamed, required))| described(at, &new.0, *renamed, *required)).collect::<Vec<_>>());
        let before: Fields = all().map(|(at, (old, ..))| (format!("f{at}"), old.1.clone())).collect();
        prop_assert!(old.problems_of(&before).is_empty(), "{:?}", old.problems_of(&before));
        let Some(change) = DefinitionChange::between(Some(&old), Some(&new)) else { return Ok(()) };
        let rewritten = change.rewrite(&before, &CONVERTERS);
        let lost: Vec<&str> = rewritten.touches.iter().filter(|it| it.effect == Effect::Lost)
            .filter_map(|it| change.steps()[it.step].field.as_deref()).collect();
        for (at, (old, _, renamed, _)) in all() {
            let name = if *renamed { format!("g{at}") } else { format!("f{at}") };
            if lost.contains(&name.as_str()) {
                continue;
            }
            let kept = rewritten.fields.get(&name);
            prop_assert!(kept.is_some_and(|it| says_the_same(&old.1, it)), "{} became {kept:?}", old.1);
        }
        let invalid = rewritten.touches.iter().any(|it| it.effect == Effect::Invalid);
        let problems = new.problems_of(&rewritten.fields);
        prop_assert!(invalid || !lost.is_empty() || problems.is_empty(), "{problems:?}");
    }
}
