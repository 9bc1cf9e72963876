//! What is being written, and what differs between saved states, as JSON Schema.

use serde_json::Value;

use super::schemas::{Named, id, maybe, reference, revision_number, text, time, whole};
use crate::json::json;

/// The schemas.
pub(super) fn of_work() -> Vec<Named> {
    let kept = json!({ "based_on": revision_number(), "slug": maybe("string"),
        "fields": { "type": ["object", "null"] } });
    let editing = json!({ "author": text(), "since": time(), "updated_at": time() });
    let difference = json!({ "from": reference("revision"), "to": reference("revision"),
        "fields": { "type": "array", "items": reference("diff.field") } });
    vec![
        ("editing", whole(editing, &["author", "since", "updated_at"])),
        ("working-copy", working_copy()),
        ("working-copy.new", whole(kept, &["based_on"])),
        ("diff", whole(difference, &["from", "to", "fields"])),
        ("diff.field", diff_of_field()),
    ]
}

/// The schemas of redirects.
pub(super) fn of_redirects(import_len_max: usize) -> Vec<Named> {
    let imported = json!({ "added": { "type": "integer", "minimum": 0 },
        "present": { "type": "integer", "minimum": 0 } });
    let many = json!({ "redirects": { "type": "array", "maxItems": import_len_max,
        "items": reference("redirect.new") } });
    vec![
        ("redirect", redirect()),
        ("redirect.new", redirect_input("string", &["from"])),
        ("redirect.change", redirect_input("null", &[])),
        ("redirects", super::schemas::page_of(reference("redirect"))),
        ("redirects.new", whole(many, &["redirects"])),
        ("redirects.imported", whole(imported, &["added", "present"])),
    ]
}

/// One way to tell what differs is there, by the kind of the field.
fn diff_of_field() -> Value {
    let list = || json!({ "type": "array", "items": { "type": "object" } });
    json!({ "type": "object", "required": ["field", "kind", "change"],
        "properties": { "field": text(), "kind": text(),
            "change": { "enum": ["added", "removed", "changed"] }, "from": {}, "to": {},
            "text": { "type": "object", "properties": { "parts": list(),
                "too_large": { "type": "boolean" } } },
            "items": list(), "rows": list(), "blocks": list(),
            "fields": { "type": "array", "items": reference("diff.field") } } })
}

fn working_copy() -> Value {
    whole(
        json!({ "author": text(), "based_on": revision_number(), "revision": revision_number(),
            "stale": { "type": "boolean" }, "slug": maybe("string"),
            "fields": { "type": "object" }, "since": time(), "updated_at": time(),
            "editing": { "type": "array", "items": reference("editing") } }),
        &[
            "author",
            "based_on",
            "revision",
            "stale",
            "slug",
            "fields",
            "since",
            "updated_at",
            "editing",
        ],
    )
}

fn redirect() -> Value {
    whole(
        json!({ "id": id(), "from": text(), "to": maybe("string"),
            "entry": { "type": ["string", "null"], "format": "uuid" },
            "status": { "enum": [301, 302, 307, 308, 410] }, "automatic": { "type": "boolean" },
            "leads_to": maybe("string"), "created_at": time(), "updated_at": time() }),
        &[
            "id",
            "from",
            "to",
            "entry",
            "status",
            "automatic",
            "leads_to",
            "created_at",
            "updated_at",
        ],
    )
}

/// `or` says what the source may be beside a text.
fn redirect_input(or: &str, required: &[&str]) -> Value {
    let from = if or == "null" { maybe("string") } else { text() };
    whole(
        json!({ "from": from, "to": maybe("string"),
            "entry": { "type": ["string", "null"], "format": "uuid" },
            "status": { "enum": [301, 302, 307, 308, 410, null] } }),
        required,
    )
}
