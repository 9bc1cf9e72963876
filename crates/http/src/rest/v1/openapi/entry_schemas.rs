//! What a collection's entries look like, on both sides of the wire.

use serde_json::{Map, Value};
use smartcms_app::entries::MESSAGE_LEN_MAX;
use smartcms_app::ports::SUGGESTIONS_NAMED_MAX;
use smartcms_domain::actors::Subject;
use smartcms_domain::collections::{CollectionDefinition, FieldDefinition, FieldKind};
use smartcms_domain::entries::SLUG_LEN_MAX;

use super::document::Asked;
use super::kinds::{SLUG, Side, object};
use super::schemas::{page_of, reference, with};
use crate::json::json;

/// The schemas of a collection: with the fields that the actor sees, and for writing those that it changes.
pub(super) fn of_collection(
    asked: &Asked<'_>,
    definition: &CollectionDefinition,
) -> [(String, Value); 5] {
    let name = |part: &str| format!("{}.{part}", definition.name);
    let seen = definition
        .fields
        .iter()
        .filter(|it| asked.actor.sees(Subject::public(&definition.name), it))
        .collect::<Vec<_>>();
    let changed = definition
        .fields
        .iter()
        .filter(|it| it.computed.is_none())
        .filter(|it| asked.actor.changes(Subject::newest(&definition.name), it));
    let changed: Vec<&FieldDefinition> = changed.collect();
    let of_entry =
        json!({ "type": "object", "properties": { "fields": reference(&name("fields")) } });
    let entry = json!({ "allOf": [reference("entry"), of_entry], "unevaluatedProperties": false });
    [
        (name("fields"), object(&seen, Side::Answered)),
        (name("page"), page_of(reference(&name("entry")))),
        (name("entry"), entry),
        (name("new"), new(asked, &changed)),
        (name("change"), input(object(&changed, Side::Changed))),
    ]
}

fn new(asked: &Asked<'_>, fields: &[&FieldDefinition]) -> Value {
    let mut schema = with(input(Value::Null), "required", json!(["fields"]));
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        properties.insert("fields".to_owned(), object(fields, Side::New));
        let locales = asked.app.site.locales.iter().map(|it| json!(it.as_str()));
        let locales: Vec<Value> = locales.chain([Value::Null]).collect();
        properties.insert("locale".to_owned(), json!({ "enum": locales }));
        let id = json!({ "type": ["string", "null"], "format": "uuid" });
        properties.insert("translation_of".to_owned(), id.clone());
        properties.insert("id".to_owned(), id);
    }
    match example(fields) {
        Some(fields) => with(schema, "examples", json!([{ "fields": fields }])),
        None => schema,
    }
}

fn input(fields: Value) -> Value {
    json!({ "type": "object", "additionalProperties": false,
        "properties": {
            "fields": { "anyOf": [fields, { "type": "null" }] },
            "slug": { "type": ["string", "null"], "pattern": SLUG, "maxLength": SLUG_LEN_MAX },
            "suggestions": { "type": ["array", "null"], "maxItems": SUGGESTIONS_NAMED_MAX,
                "items": { "type": "string", "format": "uuid" } },
            "message": { "type": ["string", "null"], "maxLength": MESSAGE_LEN_MAX } } })
}

/// What is required, filled in; `None` where that needs an entry or a file that is there.
fn example(fields: &[&FieldDefinition]) -> Option<Value> {
    let required = fields.iter().filter(|it| it.required && it.default.is_none());
    let filled: Option<Map<String, Value>> =
        required.map(|it| Some((it.name.to_string(), example_of(it)?))).collect();
    filled.map(Value::Object)
}

fn example_of(field: &FieldDefinition) -> Option<Value> {
    if field.pattern.is_some() || field.bounds.min.is_some() || field.bounds.max.is_some() {
        return None;
    }
    Some(match &field.kind {
        FieldKind::Text | FieldKind::LongText => json!("Hello, World"),
        FieldKind::Markdown => json!("Hello, *World*"),
        FieldKind::Integer | FieldKind::Number => json!(3),
        FieldKind::Boolean => json!(true),
        FieldKind::Date => json!("2026-11-24"),
        FieldKind::DateTime => json!("2026-11-24T10:00:00Z"),
        FieldKind::Select(choices) => json!(choices.first()?.value),
        FieldKind::MultiSelect(choices) => json!([choices.first()?.value]),
        FieldKind::Slug => json!("hello-world"),
        FieldKind::Email => json!("ada@example.com"),
        FieldKind::Url => json!("https://example.com/"),
        FieldKind::Colour => json!("#1a2b3c"),
        _ => return None,
    })
}
