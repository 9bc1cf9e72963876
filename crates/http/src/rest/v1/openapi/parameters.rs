//! What operations take beside their bodies: in the path, after the `?`, and in headers.

use serde_json::Value;
use smartcms_app::assist::Task;
use smartcms_app::idempotency::KEY_LEN_MAX;
use smartcms_app::ports::AuditOutcome;
use smartcms_app::tokens::TOKEN_NAME_LEN_MAX;
use smartcms_domain::actors::Subject;
use smartcms_domain::collections::{CollectionDefinition, FieldKind};
use smartcms_domain::queries::{SORT_KEYS_MAX, SystemField};

use super::answers::{is_tagged, takes_key};
use super::collection_schemas::COLLECTION_NAME;
use super::document::Asked;
use super::filters::{filters, is_sortable};
use super::operations::{Operation, RevisionTag};
use super::rights_schemas::ROLE_NAME;
use crate::json::json;

/// The parameters of an operation.
pub(super) fn parameters(
    asked: &Asked<'_>,
    operation: &Operation,
    of: Option<&CollectionDefinition>,
) -> Vec<Value> {
    let mut told: Vec<Value> =
        operation.path.split('/').filter_map(|it| in_path(operation, it)).collect();
    for name in operation.query {
        match (*name, of) {
            ("filter", Some(definition)) => told.extend(filters(asked, definition)),
            _ => told.extend(in_query(asked, operation, of, name)),
        }
    }
    told.extend(headers(operation));
    told
}

fn in_path(operation: &Operation, part: &str) -> Option<Value> {
    let name = part.strip_prefix('{')?.strip_suffix('}')?;
    let (told, schema) = match name {
        "key" => ("An id or a slug", json!({ "type": "string", "minLength": 1 })),
        "number" => ("The number of the revision", json!({ "type": "integer", "minimum": 1 })),
        "other" => (
            "The number of the revision to compare with",
            json!({ "type": "integer", "minimum": 1 }),
        ),
        "task" => (
            "What to help with",
            json!({ "enum": Task::ALL.iter().map(|it| it.name()).collect::<Vec<_>>() }),
        ),
        "collection" => return None,
        "name" if operation.path.starts_with("/api/v1/collections") => {
            ("The name of a collection", json!({ "type": "string", "pattern": COLLECTION_NAME }))
        }
        "name" if operation.path.starts_with("/api/v1/roles") => {
            ("The name of a role", json!({ "type": "string", "pattern": ROLE_NAME }))
        }
        "name" if operation.path.starts_with("/api/v1/tokens") => (
            "The name of a token",
            json!({ "type": "string", "minLength": 1, "maxLength": TOKEN_NAME_LEN_MAX }),
        ),
        "name" => (
            "The name of a menu",
            json!({ "type": "string", "pattern": "^[a-z0-9]([a-z0-9_-]{0,62}[a-z0-9])?$" }),
        ),
        _ => ("An id", json!({ "type": "string", "format": "uuid" })),
    };
    Some(json!({ "name": name, "in": "path", "required": true, "description": told,
        "schema": schema }))
}

/// What chooses records of the audit log.
fn of_audit(name: &str) -> Option<(&'static str, Value)> {
    Some(match name {
        "actor" => ("By whom: `user ID`, `token NAME`, `operator`", json!({ "type": "string" })),
        "operation" => ("Of this operation, or of an area: `role.*`", json!({ "type": "string" })),
        "target_kind" => ("About things of this kind", json!({ "type": "string" })),
        "target_id" => ("About this one", json!({ "type": "string" })),
        "outcome" => ("How it ended", json!({ "enum": AuditOutcome::ALL.map(AuditOutcome::name) })),
        "since" => ("From this time on", json!({ "type": "string", "format": "date-time" })),
        "until" => ("Before this time", json!({ "type": "string", "format": "date-time" })),
        _ => return None,
    })
}

/// How the search looks.
fn of_search(name: &str) -> Option<(&'static str, Value)> {
    (name == "mode").then(|| {
        (
            "By its words, by its meaning, or by both; by meaning only what is public is found",
            json!({ "enum": ["text", "semantic", "hybrid"], "default": "text" }),
        )
    })
}

fn in_query(
    asked: &Asked<'_>,
    operation: &Operation,
    of: Option<&CollectionDefinition>,
    name: &str,
) -> Option<Value> {
    if let Some((told, schema)) = of_audit(name).or_else(|| of_search(name)) {
        return Some(json!({ "name": name, "in": "query", "description": told,
            "schema": schema }));
    }
    let (told, schema) = match name {
        // Without it, those that made themselves come with the others.
        "automatic" => (flag(name), json!({ "type": "boolean" })),
        "fallback" | "force" | "dry_run" => {
            (flag(name), json!({ "type": "boolean", "default": false }))
        }
        "status" if of.is_none() => {
            ("What readers see, or the newest states", json!({ "enum": ["published", "any"] }))
        }
        "status" => (
            "Which entries, and which of their states; what readers see without it",
            json!({ "enum": ["published", "draft", "scheduled", "archived", "any", "trashed"] }),
        ),
        "limit" => (
            "How many at most",
            json!({ "type": "integer", "minimum": 1, "maximum": 100, "default": 20 }),
        ),
        "cursor" => ("The `next` of the page before", json!({ "type": "string", "minLength": 1 })),
        "locale" if operation.path.starts_with("/api/v1/menus") => {
            ("A language; the site's own without it", locales(asked, &[]))
        }
        "locale" if operation.path.ends_with("{key}") => (
            "A language; without it, a slug is one of the site's own and an id is that entry",
            locales(asked, &[]),
        ),
        "locale" => ("A language, or * for all; the site's own without it", locales(asked, &["*"])),
        "q" => {
            let text = json!({ "type": "string", "maxLength": 200, "pattern": "\\S" });
            return Some(json!({ "name": name, "in": "query", "required": true, "schema": text,
                "description": "Words; the last may be a beginning, and \"quoted\" ones stand together" }));
        }
        "collection" => {
            let names = asked.app.collections.all().iter().map(|it| it.name.to_string()).collect();
            ("Names of collections, with commas between; all without it", listed(names, "", 100)?)
        }
        "sort" => (
            "Names of fields with commas between; - before one runs down",
            listed(sortable(asked, of?), "-?", SORT_KEYS_MAX)?,
        ),
        "fields" => (
            "Names of the fields to show, with commas between; none of them when it is empty",
            listed(shown(asked, of?, |_| true), "", 100)?,
        ),
        "include" => {
            let includable = |it: &FieldKind| {
                matches!(it, FieldKind::Relation(_) | FieldKind::Asset | FieldKind::Assets)
            };
            let names = listed(shown(asked, of?, includable), "", 10)?;
            ("Names of fields whose entries or files come along, with commas between", names)
        }
        "state" => ("Which deliveries", json!({ "enum": ["waiting", "delivered", "failed"] })),
        "search" => ("A part of what is said of them", json!({ "type": "string" })),
        "name" => {
            ("What it is called; what no name can hold is left out", json!({ "type": "string" }))
        }
        "alt" | "title" | "caption" => {
            ("What is said of the file", json!({ "type": "string", "maxLength": most(name) }))
        }
        "type" if operation.path.ends_with("/assets") => (
            "A media type, or the first part of one",
            json!({ "enum": ["image", "video", "audio", "text", "font", "application",
                "image/jpeg", "image/png", "image/webp", "image/gif", "image/svg+xml", "application/pdf"] }),
        ),
        _ => ("Which kind", json!({ "type": "string" })),
    };
    Some(json!({ "name": name, "in": "query", "description": told, "schema": schema }))
}

/// The longest text that is said of a file.
fn most(name: &str) -> usize {
    match name {
        "alt" => 1_000,
        "caption" => 2_000,
        _ => 200,
    }
}

fn locales(asked: &Asked<'_>, others: &[&str]) -> Value {
    let names = asked.app.site.locales.iter().map(ToString::to_string);
    let others = others.iter().map(|it| (*it).to_owned());
    json!({ "enum": names.chain(others).collect::<Vec<_>>() })
}

/// A list of names with commas between; `None` where there is nothing to name.
fn listed(names: Vec<String>, before: &str, most: usize) -> Option<Value> {
    if names.is_empty() {
        return None;
    }
    let one = format!("{before}({})", names.join("|"));
    let more = most.saturating_sub(1);
    Some(json!({ "type": "string", "pattern": format!("^({one}( *, *{one}){{0,{more}}})?$") }))
}

fn shown(
    asked: &Asked<'_>,
    definition: &CollectionDefinition,
    rule: impl Fn(&FieldKind) -> bool,
) -> Vec<String> {
    let seen = definition
        .fields
        .iter()
        .filter(|it| asked.actor.sees(Subject::public(&definition.name), it));
    seen.filter(|it| rule(&it.kind)).map(|it| it.name.to_string()).collect()
}

fn sortable(asked: &Asked<'_>, definition: &CollectionDefinition) -> Vec<String> {
    let fields = shown(asked, definition, is_sortable);
    let own = SystemField::ALL.iter().map(|(name, _)| (*name).to_owned());
    let own: Vec<String> = own.filter(|it| definition.field(it).is_none()).collect();
    own.into_iter().chain(fields).collect()
}

fn headers(operation: &Operation) -> Vec<Value> {
    let mut told = Vec::new();
    if operation.revision != RevisionTag::Ignored {
        told.push(json!({ "name": "If-Match", "in": "header",
            "required": operation.revision == RevisionTag::Required,
            "description": "The ETag that was seen, or * for whatever is stored",
            "schema": { "anyOf": [{ "const": "*" },
                { "type": "string", "pattern": "^(W/)?\"[0-9]{1,15}\"$" }] } }));
    }
    if takes_key(operation) {
        told.push(json!({ "name": "Idempotency-Key", "in": "header",
            "description": "Names the request: sent again with it, it is not done again but answered as before",
            "schema": { "type": "string", "minLength": 1, "maxLength": KEY_LEN_MAX,
                "pattern": "^[!#-\\[\\]-~]+$" } }));
    }
    if is_tagged(operation) && operation.method == "GET" {
        told.push(json!({ "name": "If-None-Match", "in": "header",
            "description": "ETags that the client has; 304 when one is still good",
            "schema": { "type": "string" } }));
    }
    told
}

/// What a parameter that is `true` or `false` says.
fn flag(name: &str) -> &'static str {
    match name {
        "fallback" => {
            "Whether what is not there in the language comes in the best one that it falls back to"
        }
        "automatic" => "Those that made themselves, or people's",
        "force" => "Whether to do it though entries show it, or something is lost",
        _ => "Whether to say what would be done, and do nothing",
    }
}
