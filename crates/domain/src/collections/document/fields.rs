//! Reading the fields of a definition.

use serde_json::{Number, Value};

use super::FIELD_KEYS;
use super::table::Table;
use crate::Problem;
use crate::actors::Rank;
use crate::collections::computed::Computed;
use crate::collections::field::{Bounds, FieldAccess, FieldDefinition, FieldName, Pattern};
use crate::collections::kind::{Choice, FieldKind, OnDelete, Relation};
use crate::collections::name::CollectionName;
use crate::plugins::PluginId;

/// What only some kinds have.
const KEYS_OF_KINDS: [(&str, &[&str]); 5] = [
    ("choices", &["select", "multi_select"]),
    ("to", &["relation"]),
    ("many", &["relation"]),
    ("on_delete", &["relation"]),
    ("fields", &["group", "repeater"]),
];

/// The fields of a list; those that cannot be read are left out, and are problems.
pub(super) fn fields(
    list: &[Value],
    path: &str,
    problems: &mut Vec<Problem>,
) -> Vec<FieldDefinition> {
    let read = |(at, value): (usize, &Value)| field(value, &format!("{path}[{at}]"), problems);
    list.iter().enumerate().filter_map(read).collect()
}

fn field(value: &Value, path: &str, problems: &mut Vec<Problem>) -> Option<FieldDefinition> {
    let mut table = Table::of(value, path, &FIELD_KEYS, problems)?;
    if let Some(name) = table.get("name").and_then(Value::as_str) {
        table.call(format!("the field `{name}`"));
    }
    let name = table.required("name", FieldName::parse);
    let kind = kind(&mut table);
    let label = table.text("label").map(str::to_owned);
    let help = table.text("help").map(str::to_owned);
    let flags = ["required", "unique", "indexed", "localized"].map(|it| table.flag(it, false));
    let bounds = Bounds { min: bound(&mut table, "min"), max: bound(&mut table, "max") };
    let pattern = table.parsed("pattern", Pattern::parse);
    let default = default(&mut table);
    let mut role = |key: &str| table.parsed(key, str::parse::<Rank>);
    let access = FieldAccess { read: role("read"), write: role("write") };
    let computed = computed(&mut table);
    let renamed_from = table.parsed("renamed_from", FieldName::parse);
    let plain = FieldDefinition::new(name?, kind?);
    let [required, unique, indexed, localized] = flags;
    Some(FieldDefinition {
        label: label.unwrap_or_else(|| plain.label.clone()),
        help,
        required,
        unique,
        indexed,
        localized,
        default,
        bounds,
        pattern,
        access,
        computed,
        renamed_from,
        ..plain
    })
}

fn kind(table: &mut Table<'_, '_>) -> Option<FieldKind> {
    if table.get("kind").is_none() {
        table.missing("kind");
    }
    let name = table.text("kind")?;
    if !FieldKind::NAMES.contains(&name) {
        let names = FieldKind::NAMES.join(", ");
        let meant = crate::meant(name, FieldKind::NAMES);
        table.wrong(
            "kind",
            "unknown",
            &format!("has the unknown kind `{name}`; kinds are {names}{meant}"),
        );
        return None;
    }
    for (key, kinds) in KEYS_OF_KINDS {
        let says = table.get(key).is_some_and(|it| *it != Value::Bool(false));
        if says && !kinds.contains(&name) {
            let reason = format!("has `{key}`, which only the kinds {} have", kinds.join(" and "));
            table.wrong(key, "not-here", &reason);
        }
    }
    match name {
        "select" => needed(table, "choices", name).map(|it| FieldKind::Select(choices(table, it))),
        "multi_select" => {
            needed(table, "choices", name).map(|it| FieldKind::MultiSelect(choices(table, it)))
        }
        "group" => needed(table, "fields", name).map(|it| FieldKind::Group(inner(table, it))),
        "repeater" => needed(table, "fields", name).map(|it| FieldKind::Repeater(inner(table, it))),
        "relation" => relation(table),
        other => FieldKind::plain(other),
    }
}

/// How a field is computed: `{ plugin = "text", function = "slugify", arguments = ["title"] }`.
fn computed(table: &mut Table<'_, '_>) -> Option<Computed> {
    let value = table.get("computed")?;
    let path = table.path("computed");
    let keys = ["plugin", "function", "arguments"];
    let mut inner = Table::of(value, &path, &keys, table.problems())?;
    let plugin = inner.required("plugin", PluginId::parse);
    let function = inner.required("function", Computed::function_name);
    let list = inner.list("arguments").unwrap_or_default();
    let mut arguments = Vec::with_capacity(list.len());
    for name in list {
        match name.as_str().map(FieldName::parse) {
            Some(Ok(name)) => arguments.push(name),
            Some(Err(error)) => inner.refused("arguments", "malformed", error.to_string()),
            None => inner.wrong("arguments", "kind", "has an argument that is no name of a field"),
        }
    }
    Some(Computed { plugin: plugin?, function: function?, arguments })
}

/// A list that this kind cannot do without.
fn needed<'a>(table: &mut Table<'a, '_>, key: &str, kind: &str) -> Option<&'a [Value]> {
    if table.get(key).is_none() {
        let reason = format!("is of the kind `{kind}`, which needs `{key}`");
        table.wrong(key, "required", &reason);
    }
    table.list(key)
}

fn inner(table: &mut Table<'_, '_>, list: &[Value]) -> Vec<FieldDefinition> {
    let path = table.path("fields");
    fields(list, &path, table.problems())
}

fn relation(table: &mut Table<'_, '_>) -> Option<FieldKind> {
    if table.get("to").is_none() {
        table.wrong("to", "required", "is of the kind `relation`, which needs `to`");
    }
    let to = table.parsed("to", CollectionName::parse);
    let many = table.flag("many", false);
    let rule = |text: &str| {
        OnDelete::from_name(text)
            .ok_or_else(|| format!("`on_delete` is clear, restrict or cascade, not `{text}`"))
    };
    let on_delete = table.parsed("on_delete", rule).unwrap_or_default();
    Some(FieldKind::Relation(Relation { to: to?, many, on_delete }))
}

/// A choice is a text, or an object with `value` and `label`.
fn choices(table: &mut Table<'_, '_>, list: &[Value]) -> Vec<Choice> {
    let path = table.path("choices");
    let mut choices = Vec::new();
    for (at, item) in list.iter().enumerate() {
        if let Some(value) = item.as_str() {
            choices.push(Choice { value: value.to_owned(), label: value.to_owned() });
            continue;
        }
        let keys = ["value", "label"];
        let Some(mut choice) = Table::of(item, &format!("{path}[{at}]"), &keys, table.problems())
        else {
            continue;
        };
        let value = choice.required_text("value");
        let label = choice.text("label").map_or_else(|| value.clone(), str::to_owned);
        choices.push(Choice { value, label });
    }
    choices
}

fn bound(table: &mut Table<'_, '_>, key: &str) -> Option<Number> {
    let value = table.get(key)?;
    match value {
        Value::Number(number) if fits_a_file(number) => Some(number.clone()),
        Value::Number(_) => {
            table.wrong(key, "kind", &format!("has a `{key}` that is no number of 64 bits"));
            None
        }
        _ => {
            table.wrong(key, "kind", &format!("has a `{key}` that is no number"));
            None
        }
    }
}

/// A default that a file can hold, too.
fn default(table: &mut Table<'_, '_>) -> Option<Value> {
    let value = table.get("default")?;
    if !fits(value) {
        let reason = "has a default with null, or with a number of more than 64 bits, inside";
        table.wrong("default", "kind", reason);
        return None;
    }
    Some(value.clone())
}

/// Recursion is bounded by the parsers of requests and files.
fn fits(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Number(number) => fits_a_file(number),
        Value::Array(items) => items.iter().all(fits),
        Value::Object(members) => members.values().all(fits),
        Value::Bool(_) | Value::String(_) => true,
    }
}

fn fits_a_file(number: &Number) -> bool {
    number.as_i64().is_some() || number.is_f64()
}
