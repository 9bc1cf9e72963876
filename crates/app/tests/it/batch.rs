//! Several operations that are stored together.

use serde_json::json;
use smartcms_app::entries::{
    Batch, ChangeEntry, ContentError, UpdateEntry, View, create_entry, get_entry, publish_entry,
    update_entry,
};
use smartcms_app::{Fault, OpContext};
use smartcms_domain::actors::Actor;
use smartcms_domain::entries::Entry;
use smartcms_testkit::TestApp;
use smartcms_testkit::builders::fields;

use crate::support::new_post;

fn seen(entry: &Entry) -> ChangeEntry {
    ChangeEntry { collection: "posts".to_owned(), id: entry.id, seen: Some(entry.revision) }
}

fn renamed(entry: &Entry, title: &str) -> UpdateEntry {
    let fields = fields(json!({ "title": title }));
    UpdateEntry { change: seen(entry), slug: None, fields, message: None }
}

#[tokio::test]
async fn nobody_sees_anything_until_all_of_it_is_stored() {
    let app = TestApp::new();
    let (real, actor) = (OpContext::new(&app, &Actor::Operator), &Actor::Operator);
    let batch = Batch::new(&app);
    let ctx = OpContext::new(batch.app(), actor);
    let entry = create_entry(&ctx, new_post(json!({ "title": "A" }))).await.unwrap();
    publish_entry(&ctx, seen(&entry)).await.unwrap();
    let id = entry.id.to_string();
    assert!(get_entry(&ctx, "posts", "a", View::Published).await.is_ok());
    let unknown = get_entry(&real, "posts", &id, View::Newest).await.unwrap_err();
    assert_eq!(unknown.code(), "entry.unknown");
    assert!(app.changes.take().is_empty(), "nothing was committed");
    batch.commit(&real).await.unwrap();
    assert!(get_entry(&real, "posts", "a", View::Published).await.is_ok());
    assert_eq!(app.changes.take().len(), 2, "both changes are told, after the commit");
}

#[tokio::test]
async fn a_change_by_somebody_else_stops_it_and_names_the_operation() {
    let app = TestApp::new();
    let real = OpContext::new(&app, &Actor::Operator);
    let entry = create_entry(&real, new_post(json!({ "title": "A" }))).await.unwrap();
    let batch = Batch::new(&app);
    let ctx = OpContext::new(batch.app(), &Actor::Operator);
    batch.begin(0);
    create_entry(&ctx, new_post(json!({ "title": "Other" }))).await.unwrap();
    batch.begin(1);
    update_entry(&ctx, renamed(&entry, "B")).await.unwrap();
    update_entry(&real, renamed(&entry, "C")).await.unwrap();
    let error = batch.commit(&real).await.unwrap_err();
    assert_eq!((error.operation, error.error.code()), (Some(1), "entry.stale"));
    assert!(!error.is_of_reading());
    assert!(get_entry(&real, "posts", "other", View::Newest).await.is_err(), "nothing is stored");
}

#[tokio::test]
async fn what_was_shown_is_still_so_when_it_is_stored() {
    let app = TestApp::new();
    let real = OpContext::new(&app, &Actor::Operator);
    let entry = create_entry(&real, new_post(json!({ "title": "A" }))).await.unwrap();
    let other = create_entry(&real, new_post(json!({ "title": "B" }))).await.unwrap();
    for writes in [true, false] {
        let entry = get_entry(&real, "posts", &entry.id.to_string(), View::Newest).await.unwrap();
        let batch = Batch::new(&app);
        let ctx = OpContext::new(batch.app(), &Actor::Operator);
        batch.shown(&entry);
        batch.shown(&other);
        if writes {
            create_entry(&ctx, new_post(json!({ "title": "New" }))).await.unwrap();
        }
        update_entry(&real, renamed(&entry, "Changed")).await.unwrap();
        let error = batch.commit(&real).await.unwrap_err();
        assert!(error.is_of_reading(), "{error:?}");
        assert!(matches!(error.error, ContentError::ChangedMeanwhile(_)));
    }
    assert!(get_entry(&real, "posts", "new", View::Newest).await.is_err());
}
