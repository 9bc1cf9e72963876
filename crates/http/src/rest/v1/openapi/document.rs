//! The table and the site's collections as a document of OpenAPI 3.1.

use serde_json::{Map, Value, json};
use smartcms_app::App;
use smartcms_domain::actors::Actor;
use smartcms_domain::collections::CollectionDefinition;

use super::operations::{Body, OPERATIONS, Operation, RevisionTag};
use super::schemas::{fixed, of_collection, reference};

/// What stands for a collection in paths and names.
const COLLECTION: &str = "{collection}";

/// The document as this actor sees it: fields that are hidden from it are not there.
pub(super) fn document(app: &App, actor: &Actor) -> Value {
    let collections = app.collections.all();
    let mut schemas = fixed();
    let mut paths = Map::new();
    for operation in &OPERATIONS {
        if !operation.path.contains(COLLECTION) {
            add(&mut paths, operation, None);
            continue;
        }
        for definition in collections.iter() {
            add(&mut paths, operation, Some(definition));
        }
    }
    for definition in collections.iter() {
        schemas.extend(of_collection(actor, definition));
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": format!("{} API", app.site.title), "version": "1" },
        "servers": [{ "url": app.site.base_url }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
        },
    })
}

fn add(paths: &mut Map<String, Value>, operation: &Operation, of: Option<&CollectionDefinition>) {
    let path = named(operation.path, of);
    let methods = paths.entry(path).or_insert_with(|| json!({}));
    if let Some(methods) = methods.as_object_mut() {
        methods.insert(operation.method.to_ascii_lowercase(), described(operation, of));
    }
}

fn named(text: &str, of: Option<&CollectionDefinition>) -> String {
    of.map_or_else(|| text.to_owned(), |it| text.replace(COLLECTION, it.name.as_str()))
}

fn described(operation: &Operation, of: Option<&CollectionDefinition>) -> Value {
    let schema = |name: &str| reference(&named(name, of));
    let mut told = Map::new();
    told.insert("summary".to_owned(), json!(operation.summary));
    let tag = of.map_or("site", |it| it.name.as_str());
    told.insert("tags".to_owned(), json!([tag]));
    let parameters = parameters(operation);
    if !parameters.is_empty() {
        told.insert("parameters".to_owned(), json!(parameters));
    }
    if let Some(body) = body(operation, of) {
        told.insert("requestBody".to_owned(), body);
    }
    let mut good = json!({ "description": operation.summary });
    if let (false, Some(good)) = (operation.answer.is_empty(), good.as_object_mut()) {
        let content = json!({ "application/json": { "schema": schema(operation.answer) } });
        good.insert("content".to_owned(), content);
    }
    let problem = json!({ "description": "A problem; look at its code",
        "content": { "application/problem+json": { "schema": reference("problem") } } });
    let status = operation.status.to_string();
    told.insert("responses".to_owned(), json!({ status: good, "default": problem }));
    // Without a token one is a reader, where that is enough.
    let security =
        if operation.token { json!([{ "token": [] }]) } else { json!([{}, { "token": [] }]) };
    told.insert("security".to_owned(), security);
    Value::Object(told)
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
        Body::File => Some(json!({ "required": true,
            "content": { "*/*": {}, "multipart/form-data": { "schema": { "type": "object" } } } })),
    }
}

fn parameters(operation: &Operation) -> Vec<Value> {
    let in_path = operation.path.split('/').filter_map(|part| {
        let name = part.strip_prefix('{')?.strip_suffix('}')?;
        let told = match name {
            "key" => "An id or a slug",
            "number" => "The number of the revision",
            "other" => "The number of the revision to compare with",
            "id" | "delivery" => "An id",
            _ => return None,
        };
        Some(json!({ "name": name, "in": "path", "required": true, "description": told,
            "schema": { "type": "string" } }))
    });
    let in_query = operation.query.iter().map(|name| query_parameter(name));
    let tag = (operation.revision != RevisionTag::Ignored).then(|| {
        json!({ "name": "If-Match", "in": "header",
            "required": operation.revision == RevisionTag::Required,
            "description": "The ETag that was seen, or * for whatever is stored",
            "schema": { "type": "string" } })
    });
    in_path.chain(in_query).chain(tag).collect()
}

fn query_parameter(name: &str) -> Value {
    let text = json!({ "type": "string" });
    let (told, schema) = match name {
        "status" => (
            "Which entries, and which of their states; what readers see without it",
            json!({ "enum": ["published", "draft", "scheduled", "archived", "any", "trashed"] }),
        ),
        "limit" => (
            "How many at most",
            json!({ "type": "integer", "minimum": 1, "maximum": 100, "default": 20 }),
        ),
        "cursor" => ("The `next` of the page before", text),
        "locale" => ("A language, or * for all; the site's own without it", text),
        "filter" => {
            let told = "Conditions that all hold: filter[rating][gte]=3, filter[author.slug]=ada";
            return json!({ "name": name, "in": "query", "description": told, "style": "deepObject",
                "explode": true, "schema": { "type": "object", "additionalProperties": text } });
        }
        "q" => {
            return json!({ "name": name, "in": "query", "required": true, "schema": text,
                "description": "Words; the last may be a beginning, and \"quoted\" ones stand together" });
        }
        "collection" => ("Names of collections, with commas between; all without it", text),
        "sort" => ("Names of fields with commas between; - before one runs down", text),
        "fields" => ("Names of the fields to show, with commas between", text),
        "include" => ("Names of relations whose entries come along, with commas between", text),
        "state" => ("Which deliveries", text),
        "search" => ("A part of what is said of them", text),
        "name" | "alt" | "title" | "caption" => ("What is said of the file", text),
        "automatic" => ("`true` for those that made themselves, `false` for people's", text),
        "force" => ("`true` to delete it though entries show it", text),
        _ => ("Which kind", text),
    };
    json!({ "name": name, "in": "query", "description": told, "schema": schema })
}
