//! What roles look like: their documents, with what is known of them.

use serde_json::{Map, Value, json};
use smartcms_app::ports::RoleRecord;
use smartcms_app::roles::RoleView;
use smartcms_domain::actors::Role;

/// What a document has that is told and not taken.
pub(super) const READ_ONLY: [&str; 5] =
    ["name", "built_in", "revision", "changed_at", "changed_by"];

/// A role as it is told.
pub(super) fn told(view: &RoleView) -> Value {
    let mut document = match &view.role {
        Role::Custom(role) => role.document(),
        Role::BuiltIn(rank) => json!({ "label": rank.name(), "base": rank.name() }),
    };
    if let Some(members) = document.as_object_mut() {
        members.insert("name".to_owned(), json!(view.role.name()));
        members.insert("built_in".to_owned(), json!(view.record.is_none()));
        if let Some(record) = &view.record {
            add_state(members, record);
        }
    }
    document
}

/// A role of the site as it is told.
pub(super) fn told_of(record: &RoleRecord) -> Value {
    told(&RoleView { role: record.role.clone().into(), record: Some(record.clone()) })
}

fn add_state(members: &mut Map<String, Value>, record: &RoleRecord) {
    members.insert("revision".to_owned(), json!(record.revision.number()));
    members.insert("changed_at".to_owned(), json!(record.changed_at.to_string()));
    members.insert("changed_by".to_owned(), json!(record.changed_by));
}
