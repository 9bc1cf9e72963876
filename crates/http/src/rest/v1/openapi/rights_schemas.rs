//! Roles, tokens and the audit log, as JSON Schema.

use serde_json::{Map, Value};
use smartcms_app::ports::AuditOutcome;
use smartcms_app::tokens::TOKEN_NAME_LEN_MAX;
use smartcms_domain::actors::{
    AssetPermission, FieldReach, LABEL_LEN_MAX, Permission, ROLE_COLLECTIONS_MAX, ROLE_FIELDS_MAX,
    Rank, Reach, SCOPES_MAX, SiteRight,
};

use super::schemas::{
    Named, id, maybe, maybe_time, page_of, reference, revision_number, text, time, whole,
};
use crate::json::json;

/// What names a role.
pub(super) const ROLE_NAME: &str = "^[a-z][a-z0-9_]{0,39}$";

const SCOPE: &str = "^(content:(\\*|read_drafts|create|update|publish|delete)(=[a-z][a-z0-9_]{0,63})?\
|assets:(\\*|list|upload|change|delete)|site:(arrange|manage))$";

/// The schemas.
pub(super) fn of_rights() -> Vec<Named> {
    let required = ["label", "base", "name", "built_in"];
    let bases = Rank::ALL.map(Rank::name);
    let role = whole(
        json!({ "name": name(), "built_in": { "type": "boolean" }, "label": text(),
            "base": { "enum": bases }, "collections": rules(), "assets": assets(),
            "site": { "enum": SiteRight::ALL.map(SiteRight::name) },
            "revision": revision_number(), "changed_at": time(), "changed_by": text() }),
        &required,
    );
    vec![
        ("role", role),
        ("roles", page_of(reference("role"))),
        ("role.definition", definition()),
        ("role.rule", rule()),
        ("token", token(json!({}), &[])),
        ("token.made", token(json!({ "token": text() }), &["token"])),
        ("token.new", new_token()),
        ("tokens", page_of(reference("token"))),
        ("user", user()),
        ("user.change", user_change()),
        ("users", page_of(reference("user"))),
        ("audit.record", record()),
        ("audit", page_of(reference("audit.record"))),
    ]
}

fn name() -> Value {
    json!({ "type": "string", "pattern": ROLE_NAME })
}

/// What a role is stored from. What a `GET` adds is taken and left out.
fn definition() -> Value {
    let bases: Vec<&str> = Rank::ALL.iter().skip(1).map(|it| it.name()).collect();
    let sites: Vec<Value> =
        SiteRight::ALL.iter().map(|it| json!(it.name())).chain([Value::Null]).collect();
    let label = json!({ "type": "string", "minLength": 1, "maxLength": LABEL_LEN_MAX,
        "pattern": "^[^\\s\\u0000-\\u001f\\u007f-\\u009f]([^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f])?$" });
    whole(
        json!({ "label": label, "base": { "enum": bases }, "collections": rules(),
            "assets": assets(), "site": { "enum": sites },
            "name": {}, "built_in": {}, "revision": {}, "changed_at": {}, "changed_by": {} }),
        &["label", "base"],
    )
}

fn rules() -> Value {
    json!({ "type": ["object", "null"], "maxProperties": ROLE_COLLECTIONS_MAX,
        "propertyNames": { "pattern": "^(\\*|[a-z][a-z0-9_]{0,63})$" },
        "additionalProperties": reference("role.rule") })
}

fn assets() -> Value {
    json!({ "type": ["array", "null"],
        "items": { "enum": AssetPermission::ALL.map(AssetPermission::name) } })
}

fn rule() -> Value {
    let reaches: Vec<Value> =
        Reach::ALL.iter().map(|it| json!(it.name())).chain([Value::Null]).collect();
    let mut members: Map<String, Value> = Permission::ALL
        .iter()
        .map(|it| (it.name().to_owned(), json!({ "enum": reaches })))
        .collect();
    let fields = json!({ "type": ["object", "null"], "maxProperties": ROLE_FIELDS_MAX,
        "propertyNames": { "pattern": "^[a-z][a-z0-9_]{0,63}$" },
        "additionalProperties": { "enum": FieldReach::ALL.map(FieldReach::name) } });
    members.insert("fields".to_owned(), fields);
    whole(Value::Object(members), &[])
}

fn token(more: Value, also: &[&str]) -> Value {
    let mut members = json!({ "name": text(), "role": name(),
        "scopes": { "type": ["array", "null"], "items": { "type": "string", "pattern": SCOPE } },
        "made_by": { "type": ["string", "null"], "format": "uuid" },
        "created_at": time(), "expires_at": maybe_time() });
    if let (Some(members), Value::Object(more)) = (members.as_object_mut(), more) {
        members.extend(more);
    }
    let required = ["name", "role", "scopes", "made_by", "created_at", "expires_at"];
    whole(members, &[&required[..], also].concat())
}

fn new_token() -> Value {
    let name = json!({ "type": "string", "minLength": 1, "maxLength": TOKEN_NAME_LEN_MAX,
        "pattern": "^[^\\u0000-\\u001f\\u007f-\\u009f]+$" });
    let scopes = json!({ "type": ["array", "null"], "minItems": 1, "maxItems": SCOPES_MAX,
        "items": { "type": "string", "pattern": SCOPE } });
    whole(
        json!({ "name": name, "role": { "type": "string", "pattern": ROLE_NAME },
            "scopes": scopes, "expires_at": maybe_time() }),
        &["name", "role"],
    )
}

fn user() -> Value {
    whole(
        json!({ "id": id(), "email": text(), "name": text(), "role": name(),
            "enabled": { "type": "boolean" }, "created_at": time(), "signed_in_at": maybe_time(),
            "has_totp": { "type": "boolean" }, "passkeys": { "type": "integer", "minimum": 0 } }),
        &[
            "id",
            "email",
            "name",
            "role",
            "enabled",
            "created_at",
            "signed_in_at",
            "has_totp",
            "passkeys",
        ],
    )
}

fn user_change() -> Value {
    whole(
        json!({ "role": { "type": ["string", "null"], "pattern": ROLE_NAME },
            "name": maybe("string"), "enabled": maybe("boolean") }),
        &[],
    )
}

fn record() -> Value {
    let digest = json!({ "type": ["string", "null"], "pattern": "^[0-9a-f]{64}$" });
    let target = whole(json!({ "kind": text(), "id": text() }), &["kind", "id"]);
    whole(
        json!({ "id": id(), "at": time(), "actor": text(), "operation": text(),
            "outcome": { "enum": AuditOutcome::ALL.map(AuditOutcome::name) },
            "target": { "anyOf": [target, { "type": "null" }] },
            "before": digest, "after": digest, "address": maybe("string"),
            "user_agent": maybe("string"), "detail": maybe("string") }),
        &[
            "id",
            "at",
            "actor",
            "operation",
            "outcome",
            "target",
            "before",
            "after",
            "address",
            "user_agent",
            "detail",
        ],
    )
}
