//! Batches as JSON Schema.

use serde_json::{Map, Value};
use smartcms_app::App;
use smartcms_app::entries::{BATCH_LEN_MAX, MESSAGE_LEN_MAX};
use smartcms_domain::entries::SLUG_LEN_MAX;

use super::kinds::SLUG;
use super::schemas::{Named, maybe_time, reference, whole};
use crate::json::json;

/// The schemas.
pub(super) fn of_batches(app: &App) -> Vec<Named> {
    let operations = json!({ "operations": { "type": "array", "minItems": 1,
        "maxItems": BATCH_LEN_MAX, "items": { "anyOf": operations(app) } } });
    let result = json!({ "status": { "enum": [200, 201, 204] },
        "entry": { "anyOf": [reference("entry"), { "type": "null" }] } });
    let results = json!({ "results": { "type": "array",
        "items": whole(result, &["status", "entry"]) } });
    let batch = super::schemas::with(whole(operations, &["operations"]), "examples", example(app));
    vec![("batch", batch), ("batch.results", whole(results, &["results"]))]
}

fn example(app: &App) -> Value {
    let all = app.collections.all();
    let Some(name) = all.first().map(|it| it.name.as_str()) else { return json!([]) };
    json!([{ "operations": [{ "do": "read", "collection": name, "key": "hello", "status": "any" }] }])
}

/// One schema for each thing that can be done: what the others take is refused.
fn operations(app: &App) -> Vec<Value> {
    let slug = json!({ "type": ["string", "null"], "pattern": SLUG, "maxLength": SLUG_LEN_MAX });
    let message = json!({ "type": ["string", "null"], "maxLength": MESSAGE_LEN_MAX });
    let id = json!({ "type": ["string", "null"], "format": "uuid" });
    let fields = |kind: Value| json!({ "type": kind });
    let statuses = crate::rest::v1::selection::NAMES.iter().map(|it| json!(it));
    let statuses: Vec<Value> = statuses.chain([Value::Null]).collect();
    let locales = app.site.locales.iter().map(|it| json!(it.as_str()));
    let locales: Vec<Value> = locales.chain([Value::Null]).collect();
    let create = json!({ "id": id, "fields": fields(json!("object")), "slug": slug,
        "message": message, "translation_of": id, "locale": { "enum": locales } });
    let update = json!({ "fields": fields(json!(["object", "null"])), "slug": slug,
        "message": message });
    let times = json!({ "publish_at": maybe_time(), "unpublish_at": maybe_time() });
    let revision = json!({ "revision": { "type": ["integer", "null"], "minimum": 1 } });
    let mut all = vec![
        one(app, "create", create, &["fields"], false),
        one(app, "read", json!({ "status": { "enum": statuses } }), &["key"], false),
        one(app, "update", update, &["key", "if_match"], true),
        one(app, "schedule", times, &["key"], true),
        one(app, "restore", revision, &["key"], true),
    ];
    for name in ["delete", "purge"] {
        all.push(one(app, name, json!({}), &["key", "if_match"], true));
    }
    for name in ["publish", "unpublish", "archive"] {
        all.push(one(app, name, json!({}), &["key"], true));
    }
    all
}

fn one(app: &App, name: &str, properties: Value, required: &[&str], is_change: bool) -> Value {
    let collections: Vec<String> =
        app.collections.all().iter().map(|it| it.name.to_string()).collect();
    let mut all = Map::new();
    all.insert("do".to_owned(), json!({ "const": name }));
    all.insert("collection".to_owned(), json!({ "enum": collections }));
    if required.contains(&"key") {
        all.insert("key".to_owned(), json!({ "type": "string", "minLength": 1 }));
    }
    if is_change {
        let revision = json!({ "type": "integer", "minimum": 1, "maximum": 1000000000000 });
        let mut seen = vec![revision, json!({ "const": "*" })];
        if !required.contains(&"if_match") {
            seen.push(json!({ "type": "null" }));
        }
        all.insert("if_match".to_owned(), json!({ "anyOf": seen }));
    }
    if let Value::Object(more) = properties {
        all.extend(more);
    }
    let required: Vec<&str> = ["do", "collection"].iter().chain(required).copied().collect();
    whole(Value::Object(all), &required)
}
