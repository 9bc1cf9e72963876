//! What is kept for a time and then goes by itself.

use serde_json::json;
use smartcms_app::entries::{
    KeepWorkingCopy, get_working_copy, keep_working_copy, list_revisions, restore_entry,
    trash_entry,
};
use smartcms_app::ports::Clock;
use smartcms_app::retention::{
    drop_old_revisions, empty_trash, forget_events, forget_working_copies,
};
use smartcms_app::{Collections, OpContext};
use smartcms_domain::actors::Actor;
use smartcms_domain::collections::{FieldDefinition, FieldKind, FieldName, OnDelete, Relation};
use smartcms_domain::entries::Entry;
use smartcms_domain::events::EventKind;
use smartcms_testkit::TestApp;
use smartcms_testkit::builders::{collection, fields, posts};

use crate::support::{change, create, draft, update};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Posts that point to posts.
fn app() -> TestApp {
    let mut definition = posts();
    let to = collection("posts");
    let kind = FieldKind::Relation(Relation { to, many: true, on_delete: OnDelete::Clear });
    definition.fields.push(FieldDefinition::new(FieldName::parse("related").unwrap(), kind));
    TestApp::with(|mut parts| {
        parts.collections = Collections::new(vec![definition]);
        parts
    })
}

fn operator(app: &TestApp) -> OpContext<'_> {
    OpContext::new(app, &Actor::Operator)
}

async fn find(app: &TestApp, entry: &Entry) -> Option<Entry> {
    app.entries.find(entry.id).await.unwrap()
}

#[tokio::test]
async fn the_trash_is_emptied_of_what_is_long_in_it() {
    let app = app();
    let (old, new) = (draft(&app, "Old").await, draft(&app, "New").await);
    let referrer = create(&app, json!({ "title": "R", "related": [old.id.to_string()] })).await;
    let referrer = referrer.unwrap();
    trash_entry(&operator(&app), change(&old)).await.unwrap();
    app.clock.advance(DAY_MS);
    let new = trash_entry(&operator(&app), change(&new)).await.unwrap();
    app.clock.advance(29 * DAY_MS);
    assert_eq!(empty_trash(&app, 30).await.unwrap(), 0, "not before its time is over");
    app.clock.advance(1);
    assert_eq!(empty_trash(&app, 0).await.unwrap(), 0, "0 days are for ever");
    assert_eq!(empty_trash(&app, 30).await.unwrap(), 1);
    assert_eq!(find(&app, &old).await, None);
    let left = find(&app, &referrer).await.unwrap();
    assert_eq!(left.fields.get("related"), Some(&json!([])), "nothing points to it any more");
    let history = list_revisions(&operator(&app), "posts", referrer.id, None, 1).await.unwrap();
    let last = history.first().unwrap();
    assert_eq!(
        (last.author.as_str(), last.message.as_deref()),
        ("schedule", Some("old was deleted"))
    );
    let events = app.outbox.after(Default::default(), 100).await.unwrap();
    let event = &events.last().unwrap().event;
    assert_eq!((event.kind, event.entry), (EventKind::EntryPurged, old.id));
    assert_eq!(event.at, Clock::now(&*app.clock), "it happened now");
    restore_entry(&operator(&app), change(&new)).await.unwrap();
    app.clock.advance(100 * DAY_MS);
    assert_eq!(empty_trash(&app, 30).await.unwrap(), 0, "what came back is not in the trash");
}

#[tokio::test]
async fn as_many_entries_as_ever_may_point_to_what_leaves_the_trash() {
    let app = app();
    let old = draft(&app, "Old").await;
    let mut last = None;
    for number in 0..1_001 {
        let object = json!({ "title": format!("R{number}"), "related": [old.id.to_string()] });
        last = Some(create(&app, object).await.unwrap());
    }
    trash_entry(&operator(&app), change(&old)).await.unwrap();
    app.clock.advance(31 * DAY_MS);
    assert_eq!(empty_trash(&app, 30).await.unwrap(), 1);
    let last = find(&app, &last.unwrap()).await.unwrap();
    assert_eq!(last.fields.get("related"), Some(&json!([])));
    assert_eq!(find(&app, &old).await, None);
}

#[tokio::test]
async fn a_history_keeps_so_many_states_and_all_of_them_where_nothing_is_set() {
    let app = app();
    let mut entry = draft(&app, "A").await;
    for number in 0..120 {
        entry = update(&app, &entry, json!({ "title": number.to_string() })).await.unwrap();
    }
    assert_eq!(drop_old_revisions(&app, 0).await.unwrap(), 0);
    assert_eq!(drop_old_revisions(&app, 110).await.unwrap(), 11);
    let oldest = app.entries.revisions(entry.id, Some(entry.revision), 100).await.unwrap();
    assert_eq!(oldest.last().unwrap().revision.number(), 21);
    assert_eq!(app.entries.revisions(entry.id, None, 1).await.unwrap().len(), 1);
}

#[tokio::test]
async fn working_copies_and_events_go_when_they_are_old() {
    let app = app();
    let entry = draft(&app, "A").await;
    let command = KeepWorkingCopy {
        collection: "posts".to_owned(),
        id: entry.id,
        based_on: entry.revision,
        slug: None,
        fields: fields(json!({ "title": "B" })),
    };
    keep_working_copy(&operator(&app), command).await.unwrap();
    draft(&app, "C").await;
    app.clock.advance(14 * DAY_MS);
    assert_eq!(forget_working_copies(&app, 14).await.unwrap(), 0);
    app.clock.advance(1);
    assert_eq!(forget_working_copies(&app, 0).await.unwrap(), 0);
    assert_eq!(forget_working_copies(&app, 14).await.unwrap(), 1);
    assert!(get_working_copy(&operator(&app), "posts", entry.id).await.is_err());
    assert_eq!(forget_events(&app, 14).await.unwrap(), 0, "webhooks have not heard them");
    while smartcms_app::webhooks::fan_out(&app).await.unwrap() {}
    assert_eq!(forget_events(&app, 0).await.unwrap(), 0);
    assert_eq!(forget_events(&app, 14).await.unwrap(), 1, "the newest stays");
}
