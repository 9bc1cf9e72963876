//! What goes over the wire, as JSON Schema.

use serde_json::{Map, Value, json};
use smartcms_app::redirects::IMPORT_LEN_MAX;
use smartcms_domain::actors::Actor;
use smartcms_domain::collections::{Choice, CollectionDefinition, FieldDefinition, FieldKind};

/// A schema by its name in the document.
pub(super) fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// The schemas that no collection changes.
pub(super) fn fixed() -> Map<String, Value> {
    let text = || json!({ "type": "string" });
    let time = || json!({ "type": ["string", "null"], "format": "date-time" });
    let texts = || json!({ "type": "array", "items": { "type": "string" } });
    let webhook = |required: &[&str]| {
        let properties = json!({ "name": text(), "url": { "type": "string", "format": "uri" },
            "events": texts(), "collections": texts(), "enabled": { "type": "boolean" } });
        let schema =
            json!({ "type": "object", "properties": properties, "additionalProperties": false });
        with(schema, "required", json!(required))
    };
    let object = |required: &[&str]| json!({ "type": "object", "required": required });
    let pairs = [
        ("document", json!({ "type": "object" })),
        ("search.hit", object(&["entry", "score", "title", "snippet"])),
        ("search.page", page_of(reference("search.hit"))),
        ("collections", page_of(json!({ "type": "object" }))),
        ("entry", entry()),
        ("revision", object(&["revision", "change", "slug", "author", "message", "at"])),
        ("revisions", page_of(reference("revision"))),
        (
            "schedule",
            json!({ "type": "object", "additionalProperties": false,
            "properties": { "publish_at": time(), "unpublish_at": time() } }),
        ),
        (
            "restore",
            json!({ "type": "object", "additionalProperties": false,
            "properties": { "revision": { "type": "integer", "minimum": 1 } } }),
        ),
        ("asset", object(&["id", "name", "media_type", "bytes_len", "digest", "revision", "url"])),
        (
            "asset.change",
            json!({ "type": "object", "additionalProperties": false,
            "properties": { "name": text(), "alt": text(), "title": text(), "caption": text(),
                "focal_point": { "type": "object" } } }),
        ),
        ("assets", page_of(reference("asset"))),
        ("redirect", redirect()),
        ("redirect.new", redirect_input(&["from"])),
        ("redirect.change", redirect_input(&[])),
        ("redirects", page_of(reference("redirect"))),
        (
            "redirects.new",
            json!({ "type": "object", "additionalProperties": false, "required": ["redirects"],
            "properties": { "redirects": { "type": "array", "maxItems": IMPORT_LEN_MAX,
                "items": reference("redirect.new") } } }),
        ),
        ("redirects.imported", object(&["added", "present"])),
        ("webhook", object(&["id", "name", "url", "events", "collections", "enabled"])),
        ("webhook.new", webhook(&["name", "url", "events", "collections"])),
        ("webhook.change", webhook(&[])),
        ("webhooks", page_of(reference("webhook"))),
        ("delivery", object(&["id", "type", "state", "tries", "created_at", "body"])),
        ("deliveries", page_of(reference("delivery"))),
        (
            "problem",
            json!({ "type": "object",
            "required": ["type", "title", "status", "detail", "code"],
            "properties": { "type": text(), "title": text(), "detail": text(), "code": text(),
                "status": { "type": "integer" }, "hint": text(),
                "problems": { "type": "array", "items": { "type": "object" } } } }),
        ),
    ];
    let pairs = pairs.into_iter().chain(of_work());
    pairs.map(|(name, schema)| (name.to_owned(), schema)).collect()
}

/// The schemas of a collection, with the fields that the actor sees.
pub(super) fn of_collection(
    actor: &Actor,
    definition: &CollectionDefinition,
) -> [(String, Value); 5] {
    let name = |part: &str| format!("{}.{part}", definition.name);
    let seen: Vec<&FieldDefinition> =
        definition.fields.iter().filter(|it| actor.sees(it)).collect();
    let fields = object(&seen, false);
    let of_entry =
        json!({ "type": "object", "properties": { "fields": reference(&name("fields")) } });
    let entry = json!({ "allOf": [reference("entry"), of_entry] });
    let page = page_of(reference(&name("entry")));
    // What is not required may be taken away with null.
    let written = object(&seen, true);
    let input = |required: &[&str]| {
        json!({ "type": "object", "additionalProperties": false, "required": required,
            "properties": { "fields": written, "slug": { "type": "string" },
                "message": { "type": "string" } } })
    };
    let mut new = input(&["fields"]);
    if let Some(properties) = new.get_mut("properties").and_then(Value::as_object_mut) {
        properties.insert("locale".to_owned(), json!({ "type": "string" }));
        let id = json!({ "type": "string", "format": "uuid" });
        properties.insert("translation_of".to_owned(), id);
    }
    [
        (name("fields"), fields),
        (name("entry"), entry),
        (name("page"), page),
        (name("new"), new),
        (name("change"), input(&[])),
    ]
}

fn redirect_input(required: &[&str]) -> Value {
    let status = json!({ "enum": [301, 302, 307, 308, 410] });
    json!({ "type": "object", "additionalProperties": false, "required": required,
        "properties": { "from": { "type": "string" }, "to": { "type": "string" },
            "entry": { "type": "string", "format": "uuid" }, "status": status } })
}

fn redirect() -> Value {
    let text = || json!({ "type": ["string", "null"] });
    let time = || json!({ "type": "string", "format": "date-time" });
    json!({ "type": "object",
        "required": ["id", "from", "to", "entry", "status", "automatic", "leads_to", "created_at",
            "updated_at"],
        "properties": {
            "id": { "type": "string", "format": "uuid" }, "from": { "type": "string" },
            "to": text(), "entry": { "type": ["string", "null"], "format": "uuid" },
            "status": { "enum": [301, 302, 307, 308, 410] }, "automatic": { "type": "boolean" },
            "leads_to": text(), "created_at": time(), "updated_at": time(),
        } })
}

fn entry() -> Value {
    let text = || json!({ "type": "string" });
    let time = || json!({ "type": "string", "format": "date-time" });
    json!({ "type": "object",
        "required": ["id", "collection", "locale", "group", "slug", "status", "revision", "fields",
            "url", "created_at", "updated_at", "published_at"],
        "properties": {
            "id": { "type": "string", "format": "uuid" }, "collection": text(), "locale": text(),
            "group": { "type": "string", "format": "uuid" }, "slug": text(),
            "status": { "enum": ["published", "draft", "scheduled", "archived", "trashed"] },
            "revision": { "type": "integer", "minimum": 1 },
            "fields": { "type": "object" }, "url": { "type": ["string", "null"] },
            "created_at": time(), "updated_at": time(),
            "published_at": { "type": ["string", "null"], "format": "date-time" },
            "has_newer_draft": { "type": "boolean" }, "trashed_at": time(),
            "publish_at": time(), "unpublish_at": time(),
            "included": { "type": "array", "items": reference("entry") },
            "editing": { "type": "array", "items": reference("editing") },
        } })
}

/// What is being written, and what differs between saved states.
fn of_work() -> [(&'static str, Value); 5] {
    let kept = json!({ "type": "object", "additionalProperties": false, "required": ["based_on"],
        "properties": { "based_on": { "type": "integer", "minimum": 1 },
            "slug": { "type": ["string", "null"] }, "fields": { "type": "object" } } });
    [
        ("editing", editing()),
        ("working-copy", working_copy()),
        ("working-copy.new", kept),
        ("diff", diff()),
        ("diff.field", diff_of_field()),
    ]
}

/// Somebody who is at an entry.
fn editing() -> Value {
    let time = || json!({ "type": "string", "format": "date-time" });
    json!({ "type": "object", "required": ["author", "since", "updated_at"],
        "properties": { "author": { "type": "string" }, "since": time(), "updated_at": time() } })
}

fn diff() -> Value {
    json!({ "type": "object", "required": ["from", "to", "fields"],
        "properties": { "from": reference("revision"), "to": reference("revision"),
            "fields": { "type": "array", "items": reference("diff.field") } } })
}

/// One way to tell what differs is there, by the kind of the field.
fn diff_of_field() -> Value {
    let list = || json!({ "type": "array", "items": { "type": "object" } });
    json!({ "type": "object", "required": ["field", "kind", "change"],
        "properties": { "field": { "type": "string" }, "kind": { "type": "string" },
            "change": { "enum": ["added", "removed", "changed"] }, "from": {}, "to": {},
            "text": { "type": "object", "properties": { "parts": list(),
                "too_large": { "type": "boolean" } } },
            "items": list(), "rows": list(), "blocks": list(),
            "fields": { "type": "array", "items": reference("diff.field") } } })
}

fn working_copy() -> Value {
    let number = || json!({ "type": "integer", "minimum": 1 });
    let time = || json!({ "type": "string", "format": "date-time" });
    json!({ "type": "object",
        "required": ["author", "based_on", "revision", "stale", "slug", "fields", "since",
            "updated_at", "editing"],
        "properties": { "author": { "type": "string" }, "based_on": number(),
            "revision": number(), "stale": { "type": "boolean" },
            "slug": { "type": ["string", "null"] }, "fields": { "type": "object" },
            "since": time(), "updated_at": time(),
            "editing": { "type": "array", "items": reference("editing") } } })
}

fn page_of(items: Value) -> Value {
    json!({ "type": "object", "required": ["items", "next"],
        "properties": { "items": { "type": "array", "items": items },
            "next": { "type": ["string", "null"] },
            "included": { "type": "array", "items": reference("entry") },
            "warnings": { "type": "array", "items": { "type": "string" } } } })
}

/// An object with these fields. What is required is not asked of every write: a change names what it changes.
fn object(fields: &[&FieldDefinition], nullable: bool) -> Value {
    let property = |it: &&FieldDefinition| {
        let schema = field(it);
        let schema = match nullable {
            true => json!({ "anyOf": [schema, { "type": "null" }] }),
            false => schema,
        };
        (it.name.to_string(), schema)
    };
    let properties: Map<String, Value> = fields.iter().map(property).collect();
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

/// The schema of a field's values.
pub(super) fn field(definition: &FieldDefinition) -> Value {
    let mut schema = of_kind(&definition.kind);
    let limits = match &definition.kind {
        FieldKind::Integer | FieldKind::Number => Some(("minimum", "maximum")),
        FieldKind::MultiSelect(_) | FieldKind::Assets | FieldKind::Repeater(_) => {
            Some(("minItems", "maxItems"))
        }
        FieldKind::Relation(relation) => relation.many.then_some(("minItems", "maxItems")),
        kind if schema.get("type") == Some(&json!("string")) && kind.is_scalar() => {
            Some(("minLength", "maxLength"))
        }
        FieldKind::Markdown => Some(("minLength", "maxLength")),
        _ => None,
    };
    let bounds = &definition.bounds;
    if let Some((least, most)) = limits {
        for (name, bound) in [(least, &bounds.min), (most, &bounds.max)] {
            if let Some(bound) = bound {
                schema = with(schema, name, Value::Number(bound.clone()));
            }
        }
    }
    if let Some(pattern) = &definition.pattern {
        schema = with(schema, "pattern", json!(format!("^(?:{})$", pattern.as_str())));
    }
    schema = with(schema, "title", json!(definition.label));
    match &definition.help {
        Some(help) => with(schema, "description", json!(help)),
        None => schema,
    }
}

fn of_kind(kind: &FieldKind) -> Value {
    let format = |name: &str| json!({ "type": "string", "format": name });
    let list = |items: Value| json!({ "type": "array", "items": items });
    match kind {
        FieldKind::Text | FieldKind::LongText | FieldKind::Slug => json!({ "type": "string" }),
        FieldKind::Markdown => json!({ "type": "string", "contentMediaType": "text/markdown" }),
        FieldKind::RichText => json!({ "type": "object" }),
        FieldKind::Integer => json!({ "type": "integer" }),
        FieldKind::Number => json!({ "type": "number" }),
        FieldKind::Boolean => json!({ "type": "boolean" }),
        FieldKind::Date => format("date"),
        FieldKind::DateTime => format("date-time"),
        FieldKind::Select(choices) => one_of(choices),
        FieldKind::MultiSelect(choices) => with(list(one_of(choices)), "uniqueItems", json!(true)),
        FieldKind::Email => format("email"),
        FieldKind::Url => format("uri"),
        FieldKind::Colour => {
            json!({ "type": "string", "pattern": "^#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?$" })
        }
        FieldKind::Json => json!({}),
        FieldKind::GeoPoint => json!({ "type": "object", "additionalProperties": false,
            "required": ["latitude", "longitude"],
            "properties": { "latitude": { "type": "number", "minimum": -90, "maximum": 90 },
                "longitude": { "type": "number", "minimum": -180, "maximum": 180 } } }),
        FieldKind::Asset => format("uuid"),
        FieldKind::Assets => list(format("uuid")),
        FieldKind::Relation(relation) => {
            let id = with(format("uuid"), "x-collection", json!(relation.to.as_str()));
            if relation.many { list(id) } else { id }
        }
        FieldKind::Group(fields) => object(&fields.iter().collect::<Vec<_>>(), false),
        FieldKind::Repeater(fields) => list(object(&fields.iter().collect::<Vec<_>>(), false)),
    }
}

fn one_of(choices: &[Choice]) -> Value {
    let values: Vec<&str> = choices.iter().map(|it| it.value.as_str()).collect();
    json!({ "type": "string", "enum": values })
}

fn with(mut schema: Value, name: &str, value: Value) -> Value {
    if let Some(object) = schema.as_object_mut() {
        object.insert(name.to_owned(), value);
    }
    schema
}
