//! Short ways to run operations.

use serde_json::{Value, json};
use smartcms_app::entries::{
    ChangeEntry, ContentError, CreateEntry, UpdateEntry, create_entry, publish_entry, update_entry,
};
use smartcms_app::{App, Fault, OpContext};
use smartcms_domain::actors::{Actor, Role};
use smartcms_domain::entries::{Entry, Revision};
use smartcms_testkit::builders::{fields, grants, plugin};

pub(crate) fn token(role: Role) -> Actor {
    Actor::token(role.to_string(), role)
}

pub(crate) fn plugin_actor(texts: &[&str]) -> Actor {
    Actor::Plugin { id: plugin("helper"), grants: grants(texts), acting_for: None }
}

pub(crate) fn plugin_for(texts: &[&str], who: Actor) -> Actor {
    let acting_for = Some(std::sync::Arc::new(who));
    Actor::Plugin { id: plugin("helper"), grants: grants(texts), acting_for }
}

pub(crate) fn new_post(object: Value) -> CreateEntry {
    CreateEntry {
        locale: None,
        translation_of: None,
        collection: "posts".to_owned(),
        slug: None,
        fields: fields(object),
        message: None,
    }
}

pub(crate) async fn create(app: &App, object: Value) -> Result<Entry, ContentError> {
    create_entry(&OpContext::new(app, &Actor::Operator), new_post(object)).await
}

pub(crate) async fn draft(app: &App, title: &str) -> Entry {
    create(app, json!({ "title": title })).await.unwrap()
}

pub(crate) async fn published(app: &App, title: &str) -> Entry {
    let entry = draft(app, title).await;
    publish_entry(&OpContext::new(app, &Actor::Operator), change(&entry)).await.unwrap()
}

pub(crate) async fn update(app: &App, entry: &Entry, object: Value) -> Result<Entry, ContentError> {
    let command =
        UpdateEntry { change: change(entry), slug: None, fields: fields(object), message: None };
    update_entry(&OpContext::new(app, &Actor::Operator), command).await
}

pub(crate) fn change(entry: &Entry) -> ChangeEntry {
    change_seen(entry, Some(entry.revision))
}

pub(crate) fn change_seen(entry: &Entry, seen: Option<Revision>) -> ChangeEntry {
    ChangeEntry { collection: entry.collection.to_string(), id: entry.id, seen }
}

#[track_caller]
pub(crate) fn check_code<T: std::fmt::Debug, E: Fault>(outcome: Result<T, E>, expected: &str) {
    assert_eq!(outcome.unwrap_err().code(), expected);
}
