//! What operations can answer: each status with its headers and the schema of its body.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::operations::{Body, HTML, Operation, RevisionTag};
use super::schemas::reference;
use crate::json::json;

/// Every failure that any operation answers, for the document's components.
const FAILURES: [u16; 14] = [400, 401, 403, 404, 409, 413, 415, 422, 428, 429, 500, 502, 503, 504];

/// The answers of an operation; `named` puts the collection's name into the name of a schema.
pub(super) fn answers(operation: &Operation, named: impl Fn(&str) -> String) -> Value {
    let mut told = Map::new();
    let good = std::iter::once(operation.status);
    let others = operation.also.iter().copied().filter(|it| *it < 300);
    for status in good.chain(others) {
        told.insert(status.to_string(), good_answer(operation, status, &named));
    }
    if !operation.trial.is_empty() {
        told.insert("200".to_owned(), trial_answer(operation));
    }
    if is_tagged(operation) && operation.method == "GET" {
        let told_before = json!({ "description": "It is as it was when the client got its tag" });
        told.insert("304".to_owned(), told_before);
    }
    for status in failures(operation) {
        let name = format!("#/components/responses/{status}");
        told.insert(status.to_string(), json!({ "$ref": name }));
    }
    Value::Object(told)
}

/// The failures, as components that operations refer to.
pub(super) fn components() -> Value {
    let component = |status: u16| {
        let content = json!({ "application/problem+json": { "schema": reference("problem") } });
        let mut told = json!({ "description": describe(status), "content": content });
        let header = match status {
            401 => Some(("WWW-Authenticate", json!({ "type": "string" }))),
            429 | 503 => Some(("Retry-After", json!({ "type": "integer", "minimum": 0 }))),
            _ => None,
        };
        if let (Some((name, schema)), Some(object)) = (header, told.as_object_mut()) {
            let header = json!({ "required": true, "schema": schema });
            let headers = Map::from_iter([(name.to_owned(), header)]);
            object.insert("headers".to_owned(), Value::Object(headers));
        }
        (status.to_string(), told)
    };
    Value::Object(FAILURES.into_iter().map(component).collect())
}

/// Whether its answer has the tag of a revision.
pub(super) fn is_tagged(operation: &Operation) -> bool {
    ["{collection}.entry", "asset", "revision", "collection", "menu.written"]
        .contains(&operation.answer)
}

/// Whether it changes something.
pub(super) fn is_write(operation: &Operation) -> bool {
    operation.method != "GET"
}

/// Whether it is done once for a key.
pub(super) fn takes_key(operation: &Operation) -> bool {
    is_write(operation) && !matches!(operation.body, Body::File)
}

/// What a trial answers; where the real thing answers 200 too, either of the two.
fn trial_answer(operation: &Operation) -> Value {
    let real = (operation.status == 200).then_some(operation.answer);
    let schemas = std::iter::once(operation.trial).chain(real).map(reference).collect::<Vec<_>>();
    let content = json!({ "application/json": { "schema": { "anyOf": schemas } } });
    let mut headers = json!({ "Idempotency-Replayed": { "schema": { "const": "true" } } });
    if let (Some(_), Some(headers)) = (real, headers.as_object_mut()) {
        headers.insert("ETag".to_owned(), json!({ "schema": { "type": "string" } }));
    }
    let told = "What it would do, when it was a trial";
    json!({ "description": told, "content": content, "headers": headers })
}

fn good_answer(operation: &Operation, status: u16, named: impl Fn(&str) -> String) -> Value {
    let mut told = json!({ "description": operation.summary });
    let Some(object) = told.as_object_mut() else { return told };
    let content = match operation.answer {
        "" => None,
        HTML => {
            let schema = json!({ "schema": { "type": "string" } });
            Some(Value::Object(Map::from_iter([(HTML.to_owned(), schema)])))
        }
        // As it is written, with the events `text`, `end` and `error`, for who accepts that.
        name @ ("assist.suggestion" | "ask.answer") => Some(json!({
            "application/json": { "schema": reference(name) },
            "text/event-stream": { "schema": { "type": "string" } } })),
        name => Some(json!({ "application/json": { "schema": reference(&named(name)) } })),
    };
    if let Some(content) = content {
        object.insert("content".to_owned(), content);
    }
    let mut headers = Map::new();
    if is_tagged(operation) {
        // What comes along with `include` changes without the entry: such an answer has no tag.
        let required = !operation.query.contains(&"include");
        let schema = json!({ "type": "string", "pattern": "^\"[0-9]+\"$" });
        headers.insert("ETag".to_owned(), json!({ "required": required, "schema": schema }));
    }
    if status == 201 {
        let schema = json!({ "type": "string", "format": "uri-reference" });
        headers.insert("Location".to_owned(), json!({ "required": true, "schema": schema }));
    }
    if takes_key(operation) {
        headers.insert("Idempotency-Replayed".to_owned(), json!({ "schema": { "const": "true" } }));
    }
    if !headers.is_empty() {
        object.insert("headers".to_owned(), Value::Object(headers));
    }
    told
}

/// The failures that follow from what an operation takes, and those that it names itself.
fn failures(operation: &Operation) -> BTreeSet<u16> {
    let content = operation.path.contains("{collection}");
    let mut found: BTreeSet<u16> = [400, 401, 429, 500, 503].into();
    if operation.path.contains('{') {
        found.insert(404);
    }
    if operation.token || content || operation.query.contains(&"status") {
        found.insert(403);
    }
    if operation.query.contains(&"fields") || operation.query.contains(&"cursor") {
        found.insert(422);
    }
    if operation.query.contains(&"collection") {
        found.insert(404);
    }
    if is_write(operation) {
        found.extend([409, 413, 415, 422]);
        if content {
            // A plugin's hook failed, or took too long.
            found.extend([502, 504]);
        }
    }
    if operation.revision == RevisionTag::Required {
        found.insert(428);
    }
    if matches!(operation.body, Body::File) {
        found.remove(&415);
    }
    found.extend(operation.also.iter().filter(|it| **it >= 300));
    found
}

fn describe(status: u16) -> &'static str {
    match status {
        400 => "The request does not fit this document; the problem names what does not",
        401 => "A token is needed, or the one that came is not valid",
        403 => "The token's role may not do this",
        404 => "It is not there, or not for the one who asks",
        409 => "It does not go together with what is stored",
        413 => "The body, or what it asks for, is larger than a limit",
        415 => "The body is of another type",
        422 => "The request fits this document, but this site cannot do it as it is",
        428 => "A change has to say what it was made from: `If-Match` is missing",
        429 => "Too much at once; `Retry-After` says when to come again",
        500 => "A defect of ours; the problem has a reference that the log has too",
        502 => "A plugin that has to be asked failed",
        503 => "The store or a plugin does not answer now",
        504 => "A plugin that has to be asked took too long",
        _ => "A problem; look at its code",
    }
}
