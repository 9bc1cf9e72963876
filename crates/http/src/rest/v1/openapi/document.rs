//! The table and the site's collections as a document of OpenAPI 3.1.

use serde_json::{Map, Value};
use smartcms_app::App;
use smartcms_domain::actors::Actor;
use smartcms_domain::collections::CollectionDefinition;

use super::answers::{answers, components};
use super::entry_schemas::of_collection;
use super::operations::{Body, OPERATIONS, Operation};
use super::parameters::parameters;
use super::schemas::{fixed, reference};
use crate::json::json;

/// What stands for a collection in paths and names.
const COLLECTION: &str = "{collection}";

/// What holds for every operation.
const ABOUT: &str = "Every failure is a problem document of RFC 9457; programs look at its `code`. \
    400 says that a request does not fit this document, 422 that it fits and cannot be done. \
    No text holds the character U+0000. Nothing is ignored: unknown parameters and keys are errors.";

/// Who asks, and on which site.
pub(super) struct Asked<'a> {
    pub(super) app: &'a App,
    pub(super) actor: &'a Actor,
}

/// The document as this actor sees it: fields that are hidden from it are not there.
pub(super) fn document(app: &App, actor: &Actor) -> Value {
    let asked = Asked { app, actor };
    let collections = app.collections.all();
    let mut schemas = fixed(app);
    let mut paths = Map::new();
    for operation in OPERATIONS {
        if !operation.path.contains(COLLECTION) {
            add(&mut paths, &asked, operation, None);
            continue;
        }
        for definition in collections.iter() {
            add(&mut paths, &asked, operation, Some(definition));
        }
    }
    for definition in collections.iter() {
        schemas.extend(of_collection(&asked, definition));
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": format!("{} API", app.site.title), "version": "1", "description": ABOUT },
        "servers": [{ "url": app.site.base_url }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": components(),
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
        },
    })
}

fn add(
    paths: &mut Map<String, Value>,
    asked: &Asked<'_>,
    operation: &Operation,
    of: Option<&CollectionDefinition>,
) {
    let path = named(operation.path, of);
    let methods = paths.entry(path).or_insert_with(|| json!({}));
    if let Some(methods) = methods.as_object_mut() {
        methods.insert(operation.method.to_ascii_lowercase(), described(asked, operation, of));
    }
}

fn named(text: &str, of: Option<&CollectionDefinition>) -> String {
    of.map_or_else(|| text.to_owned(), |it| text.replace(COLLECTION, it.name.as_str()))
}

fn described(asked: &Asked<'_>, operation: &Operation, of: Option<&CollectionDefinition>) -> Value {
    let mut told = Map::new();
    told.insert("operationId".to_owned(), json!(name_of(operation, of)));
    told.insert("summary".to_owned(), json!(operation.summary));
    let tag = of.map_or("site", |it| it.name.as_str());
    told.insert("tags".to_owned(), json!([tag]));
    let parameters = parameters(asked, operation, of);
    if !parameters.is_empty() {
        told.insert("parameters".to_owned(), json!(parameters));
    }
    if let Some(body) = body(operation, of) {
        told.insert("requestBody".to_owned(), body);
    }
    told.insert("responses".to_owned(), answers(operation, |name| named(name, of)));
    // Without a token one is a reader, where that is enough.
    let security =
        if operation.token { json!([{ "token": [] }]) } else { json!([{}, { "token": [] }]) };
    told.insert("security".to_owned(), security);
    Value::Object(told)
}

/// A name for programs that make clients: `get_content_posts_by_key_revisions`.
fn name_of(operation: &Operation, of: Option<&CollectionDefinition>) -> String {
    let path = named(operation.path, of);
    let mut name = operation.method.to_ascii_lowercase();
    for part in path.trim_start_matches("/api/v1/").trim_start_matches("/api/").split('/') {
        name.push('_');
        match part.strip_prefix('{').and_then(|it| it.strip_suffix('}')) {
            Some(parameter) => name.push_str(&format!("by_{parameter}")),
            None => name.push_str(&part.replace(['.', '-'], "_")),
        }
    }
    name
}

fn body(operation: &Operation, of: Option<&CollectionDefinition>) -> Option<Value> {
    let json = |name: &str, required: bool| {
        let schema = json!({ "schema": reference(&named(name, of)) });
        Some(json!({ "required": required, "content": { "application/json": schema } }))
    };
    match operation.body {
        Body::None => None,
        Body::Optional(name) => json(name, false),
        Body::Required(name) => json(name, true),
        Body::File => Some(json!({ "required": true, "content": {
            "application/octet-stream": { "schema": { "type": "string", "format": "binary", "minLength": 1 } },
            "multipart/form-data": { "schema": reference("asset.form") } } })),
    }
}
