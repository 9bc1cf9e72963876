//! Definitions and plans, as JSON Schema.

use serde_json::{Map, Value};
use smartcms_domain::actors::Rank;
use smartcms_domain::collections::{ARGUMENTS_MAX, COLLECTION_KEYS, FieldKind, OnDelete};

use super::schemas::reference;
use crate::json::json;

/// What the name of a collection or a field looks like.
pub(super) const COLLECTION_NAME: &str = "^[a-z][a-z0-9_]{0,63}$";

/// What a definition has to say.
const REQUIRED: [&str; 4] = ["label", "label_one", "title", "fields"];
/// What is known of it beside.
const KNOWN: [&str; 5] = ["name", "origin", "revision", "changed_at", "changed_by"];

/// The schemas of definitions.
pub(super) fn definitions() -> [(&'static str, Value); 6] {
    let required = |more: &[&'static str]| [&REQUIRED, more].concat();
    let whole = [&COLLECTION_KEYS[..], &KNOWN].concat();
    let everything = || words().into_iter().chain(known()).collect();
    let new = words().into_iter().chain([("name", name())]).collect();
    [
        ("collection", object(&whole, everything())),
        ("collection.new", object(&required(&["name"]), new)),
        ("collection.definition", object(&required(&[]), everything())),
        ("collection.field", object(&["name", "kind"], field())),
        ("collection.choice", choice()),
        ("collection.plan", plan()),
    ]
}

fn object(required: &[&str], properties: Vec<(&'static str, Value)>) -> Value {
    let properties: Map<String, Value> =
        properties.into_iter().map(|(key, schema)| (key.to_owned(), schema)).collect();
    json!({ "type": "object", "required": required, "properties": properties,
        "additionalProperties": false })
}

fn name() -> Value {
    json!({ "type": "string", "pattern": COLLECTION_NAME })
}

fn maybe(kind: &str) -> Value {
    json!({ "type": [kind, "null"] })
}

fn words() -> Vec<(&'static str, Value)> {
    let label = || json!({ "type": "string", "minLength": 1, "maxLength": 200 });
    let maybe_name = || json!({ "anyOf": [name(), { "type": "null" }] });
    vec![
        ("label", label()),
        ("label_one", label()),
        ("url", maybe("string")),
        ("listed", maybe("boolean")),
        ("title", name()),
        ("body", maybe_name()),
        ("image", maybe_name()),
        ("drafts", maybe("boolean")),
        ("taxonomy", json!({ "enum": ["flat", "tree", null] })),
        ("fields", list("collection.field")),
    ]
}

fn known() -> Vec<(&'static str, Value)> {
    vec![
        ("name", name()),
        ("origin", json!({ "enum": ["file", "database"] })),
        ("revision", json!({ "type": "integer", "minimum": 1 })),
        ("changed_at", json!({ "type": "string", "format": "date-time" })),
        ("changed_by", json!({ "type": "string" })),
    ]
}

fn field() -> Vec<(&'static str, Value)> {
    let roles: Vec<Value> =
        Rank::ALL.iter().map(|it| json!(it.name())).chain([Value::Null]).collect();
    let rules: Vec<Value> =
        OnDelete::ALL.iter().map(|it| json!(it.name())).chain([Value::Null]).collect();
    let flags = ["required", "unique", "indexed", "localized", "many"];
    let mut words: Vec<(&'static str, Value)> =
        flags.into_iter().map(|it| (it, maybe("boolean"))).collect();
    words.extend([
        ("name", name()),
        ("kind", json!({ "enum": FieldKind::NAMES })),
        ("label", maybe("string")),
        ("help", maybe("string")),
        ("to", maybe("string")),
        ("on_delete", json!({ "enum": rules })),
        ("choices", list("collection.choice")),
        ("min", maybe("number")),
        ("max", maybe("number")),
        ("pattern", maybe("string")),
        ("default", json!({})),
        ("read", json!({ "enum": roles })),
        ("write", json!({ "enum": roles })),
        ("computed", computed()),
        ("renamed_from", maybe("string")),
        ("fields", list("collection.field")),
    ]);
    words
}

/// The function of a plugin that computes a field, and the fields it is computed from.
fn computed() -> Value {
    let text = || json!({ "type": "string" });
    let arguments = json!({ "type": "array", "maxItems": ARGUMENTS_MAX, "items": name() });
    let words = vec![("plugin", text()), ("function", text()), ("arguments", arguments)];
    json!({ "anyOf": [object(&["plugin", "function"], words), { "type": "null" }] })
}

fn list(of: &str) -> Value {
    json!({ "type": ["array", "null"], "items": reference(of) })
}

/// A text, or a value with what people read.
fn choice() -> Value {
    let label = json!({ "type": ["string", "null"] });
    let labelled =
        object(&["value"], vec![("value", json!({ "type": "string" })), ("label", label)]);
    json!({ "anyOf": [{ "type": "string" }, labelled] })
}

fn plan() -> Value {
    let count = || json!({ "type": "integer", "minimum": 0 });
    let ids = || json!({ "type": "array", "items": { "type": "string", "format": "uuid" } });
    let duplicate = json!({ "type": "object", "required": ["side", "locale", "value", "entries"],
        "properties": { "side": { "enum": ["newest", "public"] }, "locale": { "type": "string" },
            "value": {}, "entries": ids() } });
    let step = json!({ "type": "object",
        "required": ["field", "kind", "message", "entries", "public", "lost", "invalid", "examples"],
        "properties": { "field": { "type": ["string", "null"] }, "kind": { "type": "string" },
            "message": { "type": "string" }, "entries": count(), "public": count(),
            "lost": count(), "invalid": count(), "examples": ids(),
            "duplicates": { "type": "array", "items": duplicate } } });
    json!({ "type": "object", "required": ["collection", "loses", "steps"],
        "properties": { "collection": { "type": "string" }, "loses": { "type": "boolean" },
            "steps": { "type": "array", "items": step } } })
}
