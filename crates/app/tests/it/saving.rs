//! What every save promises.

use serde_json::json;
use smartcms_app::OpContext;
use smartcms_app::entries::{
    ContentError, CreateEntry, RestoreRevision, create_entry, list_revisions, restore_revision,
};
use smartcms_domain::actors::Actor;
use smartcms_domain::entries::{FIELDS_BYTES_MAX, Revision};
use smartcms_domain::events::EventKind;
use smartcms_testkit::TestApp;

use crate::support::{change, change_seen, check_code, create, draft, new_post, update};

#[tokio::test]
async fn a_slug_is_made_from_the_title_and_numbered_when_it_is_taken() {
    let app = TestApp::new();
    assert_eq!(draft(&app, "Hello, World").await.slug.as_str(), "hello-world");
    assert_eq!(draft(&app, "Hello World").await.slug.as_str(), "hello-world-2");
    assert_eq!(draft(&app, "hello world!").await.slug.as_str(), "hello-world-3");
    let entry = draft(&app, "日本語").await;
    assert_eq!(entry.slug.to_string(), entry.id.to_string());
}

#[tokio::test]
async fn a_chosen_slug_that_is_taken_is_a_conflict() {
    let app = TestApp::new();
    draft(&app, "a").await;
    let command = CreateEntry { slug: Some("a".to_owned()), ..new_post(json!({"title": "B"})) };
    check_code(
        create_entry(&OpContext::new(&app, &Actor::Operator), command).await,
        "entry.slug-taken",
    );
    let command =
        CreateEntry { slug: Some("Not A Slug".to_owned()), ..new_post(json!({"title": "B"})) };
    check_code(
        create_entry(&OpContext::new(&app, &Actor::Operator), command).await,
        "entry.invalid",
    );
}

#[tokio::test]
async fn every_problem_of_an_input_is_told_at_once() {
    let app = TestApp::new();
    let wrong = json!({"title": "", "body": 3, "reading_minutes": "many", "colour": "red"});
    let Err(ContentError::Invalid(problems)) = create(&app, wrong).await else {
        panic!("it was stored")
    };
    let mut found: Vec<_> =
        problems.iter().map(|it| (it.field.as_deref().unwrap(), it.code.as_str())).collect();
    found.sort_unstable();
    assert_eq!(found, [("body", "kind"), ("colour", "unknown-field"), ("reading_minutes", "kind")]);
    let Err(ContentError::Invalid(problems)) = create(&app, json!({})).await else {
        panic!("it was stored")
    };
    assert_eq!(problems.first().map(|it| it.code.as_str()), Some("required"));
}

#[tokio::test]
async fn an_entry_over_the_size_limit_is_refused() {
    let app = TestApp::new();
    let part = "a".repeat(900_000);
    let wrong = json!({"title": "a", "body": part});
    assert!(create(&app, wrong).await.is_ok());
    let big = json!({"title": "a", "body": "a".repeat(FIELDS_BYTES_MAX)});
    check_code(create(&app, big).await, "entry.invalid");
}

#[tokio::test]
async fn scripts_are_taken_out_before_the_text_is_stored() {
    let app = TestApp::new();
    let entry =
        create(&app, json!({"title": "a", "body": "x <script>alert(1)</script> y"})).await.unwrap();
    assert_eq!(entry.fields.text("body"), Some("x alert(1) y"));
}

#[tokio::test]
async fn a_save_keeps_what_it_does_not_name_and_takes_away_what_is_null() {
    let app = TestApp::new();
    let entry = create(&app, json!({"title": "a", "excerpt": "b", "body": "c"})).await.unwrap();
    let entry = update(&app, &entry, json!({"excerpt": null, "body": "d"})).await.unwrap();
    assert_eq!(serde_json::to_value(&entry.fields).unwrap(), json!({"title": "a", "body": "d"}));
}

#[tokio::test]
async fn saving_an_old_revision_is_a_conflict_and_changes_nothing() {
    let app = TestApp::new();
    let entry = draft(&app, "a").await;
    let newer = update(&app, &entry, json!({"title": "b"})).await.unwrap();
    check_code(update(&app, &entry, json!({"title": "c"})).await, "entry.stale");
    assert_eq!(app.entries.find(entry.id).await.unwrap(), Some(newer));
}

#[tokio::test]
async fn of_two_saves_at_once_one_wins_and_the_other_is_told() {
    let app = TestApp::new();
    let entry = draft(&app, "a").await;
    let (first, second) = tokio::join!(
        update(&app, &entry, json!({"title": "b"})),
        update(&app, &entry, json!({"title": "c"}))
    );
    assert_eq!(usize::from(first.is_ok()) + usize::from(second.is_ok()), 1);
    check_code(if first.is_err() { first } else { second }, "entry.stale");
}

#[tokio::test]
async fn every_save_is_a_revision_and_an_older_one_can_be_brought_back() {
    let app = TestApp::new();
    let ctx = OpContext::new(&app, &Actor::Operator);
    let entry = draft(&app, "a").await;
    let entry = update(&app, &entry, json!({"title": "b"})).await.unwrap();
    let command = RestoreRevision { change: change(&entry), revision: Revision::FIRST };
    let entry = restore_revision(&ctx, command).await.unwrap();
    assert_eq!(entry.fields.text("title"), Some("a"));
    let history = list_revisions(&ctx, "posts", entry.id, None, 100).await.unwrap();
    let told: Vec<_> =
        history.iter().map(|it| (it.revision.number(), it.change, it.author.as_str())).collect();
    let (created, updated) = (EventKind::EntryCreated, EventKind::EntryUpdated);
    assert_eq!(
        told,
        [(3, updated, "operator"), (2, updated, "operator"), (1, created, "operator")]
    );
    let older = list_revisions(&ctx, "posts", entry.id, Some(Revision::new(2)), 100).await.unwrap();
    assert_eq!(older.len(), 1);
    let unknown = RestoreRevision { change: change_seen(&entry, None), revision: Revision::new(9) };
    check_code(restore_revision(&ctx, unknown).await, "entry.revision-unknown");
}

#[tokio::test]
async fn listeners_hear_of_a_change_and_of_nothing_that_was_refused() {
    let app = TestApp::new();
    let entry = draft(&app, "a").await;
    let _ = create(&app, json!({})).await;
    let _ = update(&app, &entry, json!({"title": ""})).await;
    let heard: Vec<_> = app.changes.take().iter().map(|it| it.kind).collect();
    assert_eq!(heard, [EventKind::EntryCreated]);
}
