//! What goes over the wire, as JSON Schema, as far as no collection changes it.

use serde_json::{Map, Value};
use smartcms_app::App;
use smartcms_app::ports::DeliveryState;
use smartcms_app::redirects::IMPORT_LEN_MAX;
use smartcms_domain::events::EventKind;

use super::assist_schemas::of_assist;
use super::batch_schemas::of_batches;
use super::collection_schemas::definitions;
use super::menu_schemas::of_menus;
use super::rights_schemas::of_rights;
use super::work_schemas::{of_redirects, of_work};
use crate::json::json;
use crate::members::WHOLE_MAX;

/// A schema by its name in the document.
pub(super) fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// The schemas that no collection changes.
pub(super) fn fixed(app: &App) -> Map<String, Value> {
    let all = content()
        .into_iter()
        .chain(of_batches(app))
        .chain(of_work())
        .chain(of_assist(app))
        .chain(assets())
        .chain(webhooks(app))
        .chain(of_redirects(IMPORT_LEN_MAX));
    let all = all.chain(of_menus()).chain(of_rights()).chain(definitions()).chain([
        ("problem", problem()),
        (
            "openapi",
            json!({ "type": "object", "required": ["openapi", "info", "paths", "components"] }),
        ),
    ]);
    all.map(|(name, schema)| (name.to_owned(), schema)).collect()
}

/// A schema with one more keyword.
pub(super) fn with(mut schema: Value, name: &str, value: Value) -> Value {
    if let Some(object) = schema.as_object_mut() {
        object.insert(name.to_owned(), value);
    }
    schema
}

/// One page of a list.
pub(super) fn page_of(items: Value) -> Value {
    whole(
        json!({ "items": { "type": "array", "items": items }, "next": maybe("string"),
            "included": { "type": "array", "items": reference("entry") },
            "included_assets": { "type": "array", "items": reference("asset") },
            "warnings": { "type": "array", "items": text() } }),
        &["items", "next"],
    )
}

/// A schema with its name.
pub(super) type Named = (&'static str, Value);

fn content() -> Vec<Named> {
    vec![
        ("entry", entry()),
        ("document", document()),
        (
            "search.hit",
            whole(
                json!({ "entry": reference("entry"), "score": { "type": "number" },
                "title": html(), "snippet": html() }),
                &["entry", "score", "title", "snippet"],
            ),
        ),
        ("search.page", page_of(reference("search.hit"))),
        ("collections", page_of(reference("collection"))),
        ("revision", revision()),
        ("revisions", page_of(reference("revision"))),
        (
            "schedule",
            whole(json!({ "publish_at": maybe_time(), "unpublish_at": maybe_time() }), &[]),
        ),
        (
            "restore",
            whole(json!({ "revision": { "type": ["integer", "null"], "minimum": 1 } }), &[]),
        ),
    ]
}

fn assets() -> Vec<Named> {
    let most = |len: u32| json!({ "type": ["string", "null"], "maxLength": len });
    let part = json!({ "type": "number", "minimum": 0, "maximum": 1 });
    let point = whole(json!({ "x": part, "y": part }), &["x", "y"]);
    let file = json!({ "type": "string", "format": "binary", "minLength": 1 });
    let form = json!({ "file": file, "name": text(), "alt": text(), "title": text(),
        "caption": text() });
    vec![
        ("asset", asset(&point)),
        ("assets", page_of(reference("asset"))),
        ("asset.form", whole(form, &["file"])),
        (
            "asset.change",
            whole(
                json!({ "name": most(120), "alt": most(1_000), "title": most(200),
                "caption": most(2_000), "focal_point": { "anyOf": [point, { "type": "null" }] } }),
                &[],
            ),
        ),
    ]
}

fn webhooks(app: &App) -> Vec<Named> {
    let events: Vec<&str> = EventKind::ALL.iter().map(|it| it.name()).collect();
    let collections: Vec<String> =
        app.collections.all().iter().map(|it| it.name.to_string()).collect();
    let some = |names: Value| {
        json!({ "anyOf": [
            { "const": ["*"] },
            { "type": "array", "items": { "enum": names }, "minItems": 1, "maxItems": 100 },
            { "type": "null" },
        ] })
    };
    let name = "^[^\\u0000-\\u001f\\u007f-\\u009f]+$";
    let url = "^https?://[^/?#@:\\s\\\\][^/?#@\\s\\\\]*([/?][^#\\s\\\\]*)?$";
    let input = |kind: Value, required: &[&str]| {
        let properties = json!({
            "name": { "type": kind, "minLength": 1, "maxLength": 64, "pattern": name },
            "url": { "type": kind, "maxLength": 2048, "pattern": url },
            "events": some(json!(events)), "collections": some(json!(collections)),
            "enabled": maybe("boolean") });
        whole(properties, required)
    };
    vec![
        ("webhook", webhook()),
        ("webhook.new", input(json!("string"), &["name", "url"])),
        ("webhook.change", input(json!(["string", "null"]), &[])),
        ("webhooks", page_of(reference("webhook"))),
        ("delivery", delivery()),
        ("deliveries", page_of(reference("delivery"))),
    ]
}

/// An object with these members and no others.
pub(super) fn whole(properties: Value, required: &[&str]) -> Value {
    let schema =
        json!({ "type": "object", "additionalProperties": false, "properties": properties });
    if required.is_empty() { schema } else { with(schema, "required", json!(required)) }
}

pub(super) fn text() -> Value {
    json!({ "type": "string" })
}

fn html() -> Value {
    json!({ "type": "string", "contentMediaType": "text/html" })
}

pub(super) fn id() -> Value {
    json!({ "type": "string", "format": "uuid" })
}

pub(super) fn time() -> Value {
    json!({ "type": "string", "format": "date-time" })
}

pub(super) fn maybe(kind: &str) -> Value {
    json!({ "type": [kind, "null"] })
}

pub(super) fn maybe_time() -> Value {
    json!({ "type": ["string", "null"], "format": "date-time" })
}

fn count() -> Value {
    json!({ "type": "integer", "minimum": 0 })
}

pub(super) fn revision_number() -> Value {
    json!({ "type": "integer", "minimum": 1, "maximum": WHOLE_MAX })
}

/// Open: a collection's own schema says which fields there are.
fn entry() -> Value {
    json!({ "type": "object",
        "required": ["id", "collection", "locale", "group", "slug", "status", "revision", "fields",
            "url", "created_at", "updated_at", "published_at"],
        "properties": {
            "id": id(), "collection": text(), "locale": text(), "group": id(), "slug": text(),
            "status": { "enum": ["published", "draft", "scheduled", "archived", "trashed"] },
            "revision": revision_number(), "fields": { "type": "object" }, "url": maybe("string"),
            "created_at": time(), "updated_at": time(), "published_at": maybe_time(),
            "has_newer_draft": { "type": "boolean" }, "trashed_at": time(),
            "publish_at": time(), "unpublish_at": time(),
            "included": { "type": "array", "items": reference("entry") },
            "included_assets": { "type": "array", "items": reference("asset") },
            "editing": { "type": "array", "items": reference("editing") },
        } })
}

/// Rich text. Blocks are told in `docs/rich-text.md`; those of a type that is not known are kept.
fn document() -> Value {
    let block = json!({ "type": "object", "required": ["type"], "properties": {
        "type": { "type": "string", "minLength": 1 },
        "id": { "type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$" } } });
    whole(
        json!({ "version": { "const": 1 }, "blocks": { "type": "array", "items": block } }),
        &["version", "blocks"],
    )
}

fn revision() -> Value {
    let changes: Vec<&str> = EventKind::ALL.iter().map(|it| it.name()).collect();
    json!({ "type": "object",
        "required": ["revision", "change", "slug", "author", "message", "at"],
        "properties": { "revision": revision_number(), "change": { "enum": changes },
            "slug": text(), "author": text(), "message": maybe("string"), "at": time(),
            "help": { "type": "array", "items": reference("assist.help") },
            "fields": { "type": "object" } } })
}

fn asset(point: &Value) -> Value {
    let variant = whole(
        json!({ "media_type": text(), "width": count(), "height": count(), "url": text() }),
        &["media_type", "width", "height", "url"],
    );
    whole(
        json!({ "id": id(), "name": text(), "media_type": text(), "bytes_len": count(),
            "digest": { "type": "string", "pattern": "^[0-9a-f]{64}$" },
            "width": { "type": ["integer", "null"] }, "height": { "type": ["integer", "null"] },
            "animated": { "type": "boolean" }, "thumbhash": maybe("string"), "focal_point": point,
            "alt": maybe("string"), "title": maybe("string"), "caption": maybe("string"),
            "revision": revision_number(), "url": text(),
            "variants": { "type": "array", "items": variant },
            "created_at": time(), "updated_at": time(), "uploaded_by": text(),
            "used_by": { "type": "array", "items": of_use() },
            "used_by_more": { "type": "boolean" }, "duplicate": { "type": "boolean" } }),
        &[
            "id",
            "name",
            "media_type",
            "bytes_len",
            "digest",
            "width",
            "height",
            "animated",
            "thumbhash",
            "focal_point",
            "alt",
            "title",
            "caption",
            "revision",
            "url",
            "variants",
            "created_at",
            "updated_at",
        ],
    )
}

/// An entry that uses a file.
fn of_use() -> Value {
    whole(
        json!({ "collection": text(), "id": id(), "locale": text(), "slug": text(),
            "title": maybe("string"), "status": { "enum": ["published", "draft", "scheduled", "archived"] },
            "fields": { "type": "array", "items": text(), "minItems": 1 } }),
        &["collection", "id", "locale", "slug", "title", "status", "fields"],
    )
}

fn webhook() -> Value {
    let names = json!({ "type": "array", "items": text(), "minItems": 1 });
    whole(
        json!({ "id": id(), "name": text(), "url": text(), "events": names, "collections": names,
            "enabled": { "type": "boolean" }, "disabled_reason": maybe("string"),
            "failing_since": maybe_time(), "created_at": time(), "updated_at": time(),
            "secret": text() }),
        &[
            "id",
            "name",
            "url",
            "events",
            "collections",
            "enabled",
            "disabled_reason",
            "failing_since",
            "created_at",
            "updated_at",
        ],
    )
}

fn delivery() -> Value {
    let last_try = whole(
        json!({ "at": time(), "duration_ms": count(), "status": { "type": ["integer", "null"] },
            "answer": text(), "error": maybe("string") }),
        &["at", "duration_ms", "status", "answer", "error"],
    );
    let states: Vec<&str> = DeliveryState::ALL.iter().map(|it| it.name()).collect();
    whole(
        json!({ "id": id(), "type": text(), "event": { "type": ["string", "null"], "format": "uuid" },
            "state": { "enum": states }, "tries": count(), "created_at": time(),
            "next_at": maybe_time(), "body": text(),
            "last_try": { "anyOf": [last_try, { "type": "null" }] } }),
        &["id", "type", "event", "state", "tries", "created_at", "next_at", "body", "last_try"],
    )
}

fn problem() -> Value {
    let one = whole(
        json!({ "field": maybe("string"), "code": text(), "message": text() }),
        &["field", "code", "message"],
    );
    whole(
        json!({ "type": { "type": "string", "pattern": "^urn:smartcms:problem:" },
            "title": text(), "detail": text(), "code": text(),
            "status": { "type": "integer", "minimum": 400, "maximum": 599 }, "hint": text(),
            "problems": { "type": "array", "items": one }, "plugin": text(),
            "plan": reference("collection.plan"),
            "revision": revision_number(), "operation": count() }),
        &["type", "title", "status", "detail", "code"],
    )
}
