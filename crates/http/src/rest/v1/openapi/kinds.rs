//! Fields of collections as JSON Schema: as they are answered, and as they are written.

use serde_json::{Map, Value};
use smartcms_domain::collections::{Choice, FieldDefinition, FieldKind, Pattern};
use smartcms_domain::entries::SLUG_LEN_MAX;

use super::schemas::{reference, with};
use crate::json::json;

/// What a slug looks like.
pub(super) const SLUG: &str = "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$";
/// One line.
const LINE: &str = "^[^\\r\\n]*$";
/// One line that is not blank.
const FULL_LINE: &str = "^[^\\r\\n]*\\S[^\\r\\n]*$";
/// Not blank.
const FULL: &str = "\\S";
/// What an address begins with, and what it does not hold.
const URL: &str = "^(https?://|mailto:|tel:)[^\\s/\\u0000-\\u001f\\u007f-\\u009f][^\\s\\u0000-\\u001f\\u007f-\\u009f]*$";
const COLOUR: &str = "^#([0-9a-fA-F]{6}|[0-9a-fA-F]{8})$";

/// Which side of the wire a schema is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// What the server answers.
    Answered,
    /// What it takes for a new entry: what has a default can be left out.
    New,
    /// What it takes for a change.
    Changed,
}

/// An object with these fields.
pub(super) fn object(fields: &[&FieldDefinition], side: Side) -> Value {
    let properties: Map<String, Value> =
        fields.iter().map(|it| (it.name.to_string(), field(it, side))).collect();
    let schema =
        json!({ "type": "object", "properties": properties, "additionalProperties": false });
    let needed = |it: &&&FieldDefinition| it.required && it.default.is_none();
    let required: Vec<&str> = fields.iter().filter(needed).map(|it| it.name.as_str()).collect();
    if side == Side::New && !required.is_empty() {
        return with(schema, "required", json!(required));
    }
    schema
}

/// The schema of a field's values.
pub(super) fn field(definition: &FieldDefinition, side: Side) -> Value {
    let schema = limited(definition, of_kind(definition, side));
    let schema = match side {
        Side::Answered => schema,
        Side::New | Side::Changed => written(definition, schema, side),
    };
    let schema = with(schema, "title", json!(definition.label));
    match &definition.help {
        Some(help) => with(schema, "description", json!(help)),
        None => schema,
    }
}

/// What can be left out can be taken away: with null, and with what is empty.
fn written(definition: &FieldDefinition, schema: Value, side: Side) -> Value {
    let filled = side == Side::New && definition.default.is_some();
    if definition.required && !filled {
        return schema;
    }
    let mut choices = vec![schema, json!({ "type": "null" })];
    let kind = choices.first().and_then(|it| it.get("type")).and_then(Value::as_str);
    match kind {
        Some("string") if !definition.required => choices.push(json!({ "const": "" })),
        Some("array") if definition.bounds.min.is_some() && !definition.required => {
            choices.push(json!({ "type": "array", "maxItems": 0 }));
        }
        _ => {}
    }
    json!({ "anyOf": choices })
}

fn limited(definition: &FieldDefinition, mut schema: Value) -> Value {
    let kind = &definition.kind;
    let (least, most) = match kind {
        FieldKind::Integer | FieldKind::Number => ("minimum", "maximum"),
        FieldKind::MultiSelect(_) | FieldKind::Assets | FieldKind::Repeater(_) => {
            ("minItems", "maxItems")
        }
        FieldKind::Relation(relation) if relation.many => ("minItems", "maxItems"),
        FieldKind::Text | FieldKind::LongText | FieldKind::Markdown | FieldKind::Url => {
            ("minLength", "maxLength")
        }
        _ => return schema,
    };
    let usual = match kind {
        FieldKind::Integer => (Some(json!(i64::MIN)), json!(i64::MAX)),
        FieldKind::Number => (Some(json!(f64::MIN)), json!(f64::MAX)),
        kind => (None, json!(kind.default_len_max())),
    };
    let bounds = &definition.bounds;
    let min = bounds.min.clone().map(Value::Number).or(usual.0);
    let max = bounds.max.clone().map_or(usual.1, Value::Number);
    if let Some(min) = min {
        schema = with(schema, least, min);
    }
    with(schema, most, max)
}

fn of_kind(definition: &FieldDefinition, side: Side) -> Value {
    let format = |name: &str| json!({ "type": "string", "format": name });
    let list = |items: Value| json!({ "type": "array", "items": items });
    let set = |items: Value| json!({ "type": "array", "items": items, "uniqueItems": true });
    match &definition.kind {
        FieldKind::Text => text(definition, if definition.required { FULL_LINE } else { LINE }),
        FieldKind::LongText => text(definition, if definition.required { FULL } else { "" }),
        FieldKind::Markdown => {
            let schema = text(definition, if definition.required { FULL } else { "" });
            with(schema, "contentMediaType", json!("text/markdown"))
        }
        FieldKind::Slug => with(text(definition, SLUG), "maxLength", json!(SLUG_LEN_MAX)),
        FieldKind::Url => text(definition, URL),
        FieldKind::Colour => text(definition, COLOUR),
        FieldKind::RichText => reference("document"),
        FieldKind::Integer => json!({ "type": "integer", "format": "int64" }),
        FieldKind::Number => json!({ "type": "number", "format": "double" }),
        FieldKind::Boolean => json!({ "type": "boolean" }),
        FieldKind::Date => format("date"),
        FieldKind::DateTime => format("date-time"),
        FieldKind::Select(choices) => one_of(choices),
        FieldKind::MultiSelect(choices) => set(one_of(choices)),
        FieldKind::Email => with(format("idn-email"), "maxLength", json!(254)),
        FieldKind::Json => json!({}),
        FieldKind::GeoPoint => json!({ "type": "object", "additionalProperties": false,
            "required": ["latitude", "longitude"],
            "properties": { "latitude": { "type": "number", "minimum": -90, "maximum": 90 },
                "longitude": { "type": "number", "minimum": -180, "maximum": 180 } } }),
        FieldKind::Asset => format("uuid"),
        FieldKind::Assets => set(format("uuid")),
        FieldKind::Relation(relation) => {
            let id = with(format("uuid"), "x-collection", json!(relation.to.as_str()));
            if relation.many { set(id) } else { id }
        }
        FieldKind::Group(fields) => inner(fields, side),
        FieldKind::Repeater(fields) => list(inner(fields, side)),
    }
}

/// What stands in a group is whole whenever the group is written.
fn inner(fields: &[FieldDefinition], side: Side) -> Value {
    let side = if side == Side::Changed { Side::New } else { side };
    let fields: Vec<FieldDefinition> =
        fields.iter().map(|it| FieldDefinition { default: None, ..it.clone() }).collect();
    object(&fields.iter().collect::<Vec<_>>(), side)
}

/// A text of this form, or of the form that its definition gives.
fn text(definition: &FieldDefinition, usual: &str) -> Value {
    let schema = json!({ "type": "string" });
    match definition.pattern.as_ref().map(Pattern::as_str) {
        Some(own) if is_shared(own) => with(schema, "pattern", json!(format!("^(?:{own})$"))),
        Some(own) => with(schema, "x-pattern", json!(own)),
        None if usual.is_empty() => schema,
        None => with(schema, "pattern", json!(usual)),
    }
}

/// Whether a pattern means the same in the crate `regex-lite` and in ECMA 262, which JSON Schema uses: there `\s` knows the
/// spaces of Unicode.
fn is_shared(pattern: &str) -> bool {
    let plain = pattern.replace("(?:", "(");
    !["(?", "[[", "\\A", "\\z", "\\a", "\\s", "\\S", "\\x{", "\\<", "\\>", "\\b{"]
        .iter()
        .any(|it| plain.contains(it))
}

fn one_of(choices: &[Choice]) -> Value {
    let values: Vec<&str> = choices.iter().map(|it| it.value.as_str()).collect();
    json!({ "type": "string", "enum": values })
}

#[cfg(test)]
mod tests {
    use super::is_shared;

    #[test]
    fn only_patterns_that_clients_read_in_the_same_way_are_told_as_patterns() {
        for pattern in ["[A-Z]{2}-[0-9]+", "(?:a|b)c?", "\\d{4}", "^x$"] {
            assert!(is_shared(pattern), "{pattern}");
        }
        for pattern in ["(?i)abc", "[[:alpha:]]+", "a\\sb", "\\Aab\\z"] {
            assert!(!is_shared(pattern), "{pattern}");
        }
    }
}
