//! For every operation and role: who may, and who may not.

use serde_json::json;
use smartcms_app::entries::{
    ListEntries, RestoreRevision, UpdateEntry, View, create_entry, get_entry, get_revision,
    list_entries, list_revisions, publish_entry, restore_entry, restore_revision, trash_entry,
    unpublish_entry, update_entry,
};
use smartcms_app::ports::Listing;
use smartcms_app::{App, Fault, FaultKind, OpContext};
use smartcms_domain::actors::{Actor, Role};
use smartcms_domain::entries::Revision;
use smartcms_testkit::TestApp;
use smartcms_testkit::builders::fields;

use crate::support::{change, draft, new_post, plugin_actor, plugin_for, published, token};

/// Tries an operation on fresh entries; whether the actor was let through.
async fn allowed(app: &App, actor: &Actor, operation: &str) -> bool {
    let ctx = OpContext::new(app, actor);
    let operator = OpContext::new(app, &Actor::Operator);
    let draft = draft(app, "draft").await;
    let public = published(app, "public").await;
    let outcome = match operation {
        "create" => create_entry(&ctx, new_post(json!({"title": "new"}))).await.map(drop),
        "update" => {
            let fields = fields(json!({"title": "b"}));
            let command = UpdateEntry { change: change(&draft), slug: None, fields, message: None };
            update_entry(&ctx, command).await.map(drop)
        }
        "publish" => publish_entry(&ctx, change(&draft)).await.map(drop),
        "unpublish" => unpublish_entry(&ctx, change(&public)).await.map(drop),
        "trash" => trash_entry(&ctx, change(&draft)).await.map(drop),
        "restore" => {
            let trashed = trash_entry(&operator, change(&draft)).await.unwrap();
            restore_entry(&ctx, change(&trashed)).await.map(drop)
        }
        "restore a revision" => {
            let command = RestoreRevision { change: change(&draft), revision: Revision::FIRST };
            restore_revision(&ctx, command).await.map(drop)
        }
        "see a draft" => {
            get_entry(&ctx, "posts", &draft.id.to_string(), View::Newest).await.map(drop)
        }
        "list drafts" => {
            let listing = Listing::Newest(None);
            let query = ListEntries::first("posts", listing, 10);
            list_entries(&ctx, query).await.map(drop)
        }
        "see revisions" => list_revisions(&ctx, "posts", draft.id, None, 10).await.map(drop),
        "see a revision" => get_revision(&ctx, "posts", draft.id, Revision::FIRST).await.map(drop),
        "read" => get_entry(&ctx, "posts", "public", View::Published).await.map(drop),
        other => panic!("no operation {other}"),
    };
    match outcome {
        Ok(()) => true,
        Err(error) => {
            let refused = matches!(error.kind(), FaultKind::Forbidden | FaultKind::NotFound);
            assert!(refused, "{operation} by {actor} failed otherwise: {error}");
            false
        }
    }
}

const OPERATIONS: [&str; 12] = [
    "read",
    "see a draft",
    "list drafts",
    "see revisions",
    "see a revision",
    "create",
    "update",
    "restore a revision",
    "publish",
    "unpublish",
    "trash",
    "restore",
];

async fn check(actor: Actor, expected: &[&str]) {
    for operation in OPERATIONS {
        let app = TestApp::new();
        let got = allowed(&app, &actor, operation).await;
        assert_eq!(got, expected.contains(&operation), "{operation} by {actor}");
    }
}

const READS: [&str; 5] = ["read", "see a draft", "list drafts", "see revisions", "see a revision"];

#[tokio::test]
async fn a_reader_reads() {
    check(Actor::Anonymous, &["read"]).await;
}

#[tokio::test]
async fn a_viewer_reads_everything() {
    check(token(Role::VIEWER), &READS).await;
}

#[tokio::test]
async fn a_contributor_writes_and_others_publish() {
    check(
        token(Role::CONTRIBUTOR),
        &[&READS[..], &["create", "update", "restore a revision"]].concat(),
    )
    .await;
}

#[tokio::test]
async fn an_author_writes_and_publishes_and_deletes_nothing() {
    let writes = ["create", "update", "restore a revision", "publish", "unpublish"];
    check(token(Role::AUTHOR), &[&READS[..], &writes].concat()).await;
}

#[tokio::test]
async fn editors_and_above_do_everything() {
    for role in [Role::EDITOR, Role::ADMINISTRATOR, Role::OWNER] {
        check(token(role), &OPERATIONS).await;
    }
    check(Actor::Operator, &OPERATIONS).await;
}

#[tokio::test]
async fn a_plugin_does_what_it_was_granted_and_nothing_else() {
    check(plugin_actor(&[]), &[]).await;
    check(plugin_actor(&["kv", "http=example.com:443"]), &[]).await;
    check(plugin_actor(&["content:read=posts"]), &["read"]).await;
    check(plugin_actor(&["content:read=posts:drafts"]), &READS).await;
    check(plugin_actor(&["content:read=pages:drafts", "content:write=pages"]), &[]).await;
    let writes = ["create", "update", "restore a revision", "publish", "unpublish"];
    check(plugin_actor(&["content:write=posts"]), &writes).await;
    let drafts = ["create", "update", "restore a revision"];
    check(plugin_actor(&["content:write=posts:drafts-only"]), &drafts).await;
    check(plugin_actor(&["content:write=posts:own"]), &["create"]).await;
    check(plugin_actor(&["content:read=posts:own-drafts"]), &["read"]).await;
}

#[tokio::test]
async fn for_somebody_a_plugin_does_what_both_may() {
    let grants = ["content:read=posts:drafts", "content:write=posts"];
    check(plugin_for(&grants, Actor::Anonymous), &["read"]).await;
    check(plugin_for(&grants, token(Role::VIEWER)), &READS).await;
    let drafts = ["create", "update", "restore a revision"];
    check(plugin_for(&grants, token(Role::CONTRIBUTOR)), &[&READS[..], &drafts].concat()).await;
    let writes = ["create", "update", "restore a revision", "publish", "unpublish"];
    check(plugin_for(&grants, token(Role::OWNER)), &[&READS[..], &writes].concat()).await;
    check(plugin_for(&["content:read=posts"], Actor::Operator), &["read"]).await;
    check(plugin_for(&["content:write=posts:as-itself"], Actor::Anonymous), &writes).await;
}
