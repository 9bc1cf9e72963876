//! The conditions of lists: one parameter for each value of an entry that can be compared.

use serde_json::{Map, Value};
use smartcms_domain::actors::Subject;
use smartcms_domain::collections::{CollectionDefinition, FieldDefinition, FieldKind};
use smartcms_domain::queries::SystemField;

use super::document::Asked;
use crate::json::json;

const UUID: &str = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const NUMBER: &str = "-?[0-9]{1,9}";
const INSTANT: &str =
    "20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z";
const TEXT: &str = "[^,\\s\\u0000]{1,40}";

/// How the values at a place compare.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Compared {
    Id,
    Ids,
    Choices,
    Instant,
    Number,
    Boolean,
    Text,
}

/// The filters of a collection: `filter[rating][gte]=3` is the parameter `filter[rating]`, a deep object.
pub(super) fn filters(asked: &Asked<'_>, definition: &CollectionDefinition) -> Vec<Value> {
    let mut told = Vec::new();
    for (name, system) in SystemField::ALL {
        if definition.field(name).is_none() {
            let compared = match system {
                SystemField::Id => Compared::Id,
                SystemField::Slug => Compared::Text,
                _ => Compared::Instant,
            };
            told.push(parameter(name, compared, false));
        }
    }
    for field in definition
        .fields
        .iter()
        .filter(|it| asked.actor.sees(Subject::public(&definition.name), it))
    {
        add(&mut told, "", field);
    }
    told
}

/// Whether a list can be sorted by a field of this kind.
pub(super) fn is_sortable(kind: &FieldKind) -> bool {
    kind.is_scalar()
}

fn add(told: &mut Vec<Value>, before: &str, field: &FieldDefinition) {
    let path = format!("{before}{}", field.name);
    if let FieldKind::Group(fields) = &field.kind {
        fields.iter().for_each(|it| add(told, &format!("{path}."), it));
    } else if let Some(compared) = compared(&field.kind, before.is_empty()) {
        told.push(parameter(&path, compared, matches!(field.kind, FieldKind::Relation(_))));
    }
}

/// How a field compares; `None` when it does not.
fn compared(kind: &FieldKind, is_top: bool) -> Option<Compared> {
    Some(match kind {
        FieldKind::Relation(_) | FieldKind::Assets => Compared::Ids,
        FieldKind::Asset if is_top => Compared::Ids,
        FieldKind::Asset => Compared::Id,
        FieldKind::MultiSelect(_) => Compared::Choices,
        FieldKind::Integer | FieldKind::Number => Compared::Number,
        FieldKind::Boolean => Compared::Boolean,
        FieldKind::DateTime => Compared::Instant,
        FieldKind::RichText
        | FieldKind::Json
        | FieldKind::GeoPoint
        | FieldKind::Group(_)
        | FieldKind::Repeater(_) => return None,
        _ => Compared::Text,
    })
}

fn parameter(path: &str, compared: Compared, is_relation: bool) -> Value {
    let mut operators = Map::new();
    let (one, item) = match compared {
        Compared::Id | Compared::Ids => (json!({ "type": "string", "format": "uuid" }), UUID),
        Compared::Instant => {
            (json!({ "type": "string", "pattern": format!("^{INSTANT}$") }), INSTANT)
        }
        Compared::Number => {
            (json!({ "type": "number", "minimum": -1e15, "maximum": 1e15 }), NUMBER)
        }
        Compared::Boolean => (json!({ "type": "boolean" }), "(true|false)"),
        Compared::Text | Compared::Choices => (json!({ "type": "string", "maxLength": 250 }), TEXT),
    };
    let list =
        |more: &str| json!({ "type": "string", "pattern": format!("^{item}(,{item}){more}$") });
    for name in ["eq", "ne"] {
        operators.insert(name.to_owned(), one.clone());
    }
    for name in ["in", "nin"] {
        operators.insert(name.to_owned(), list("{0,9}"));
    }
    operators.insert("null".to_owned(), json!({ "type": "boolean" }));
    let ordered = matches!(compared, Compared::Instant | Compared::Number | Compared::Text);
    if ordered {
        for name in ["lt", "lte", "gt", "gte"] {
            operators.insert(name.to_owned(), one.clone());
        }
        operators.insert("between".to_owned(), list(""));
    }
    if compared == Compared::Text {
        operators.insert("starts_with".to_owned(), one.clone());
    }
    if matches!(compared, Compared::Text | Compared::Ids | Compared::Choices) {
        operators.insert("contains".to_owned(), one);
    }
    let told = if is_relation {
        format!("A condition on `{path}`, or through it: filter[{path}.slug][eq]=…")
    } else {
        format!("A condition on `{path}`; all conditions hold")
    };
    json!({ "name": format!("filter[{path}]"), "in": "query", "description": told,
        "style": "deepObject", "explode": true,
        "schema": { "type": "object", "additionalProperties": false, "properties": operators } })
}
