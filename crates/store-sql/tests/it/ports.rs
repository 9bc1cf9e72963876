//! Every port keeps its promises.

use std::error::Error as _;

use smartcms_app::ports::{
    AuditLog as _, EntryStore, LogLevel, LogLine, PluginLog as _, TokenStore as _,
};
use smartcms_testkit::builders::{at, collection, created, draft, plugin};
use smartcms_testkit::suites;

use crate::Folder;

#[tokio::test]
async fn entries_pass_the_suite() {
    let folder = Folder::new().unwrap();
    suites::entries(&folder.open().unwrap()).await;
}

#[tokio::test]
async fn definitions_pass_the_suite() {
    let folder = Folder::new().unwrap();
    suites::definitions(&folder.open().unwrap()).await;
}

#[tokio::test]
async fn assets_pass_the_suite() {
    let folder = Folder::new().unwrap();
    suites::assets(&folder.open().unwrap()).await;
}

#[tokio::test]
async fn uses_of_assets_pass_the_suite() {
    let folder = Folder::new().unwrap();
    let store = folder.open().unwrap();
    suites::asset_uses(&store, &store).await;
}

#[tokio::test]
async fn working_copies_pass_the_suite() {
    let folder = Folder::new().unwrap();
    let store = folder.open().unwrap();
    suites::working_copies(&store, &store).await;
}

#[tokio::test]
async fn writing_help_passes_the_suite() {
    let folder = Folder::new().unwrap();
    suites::assist(&folder.open().unwrap()).await;
}

#[tokio::test]
async fn meanings_pass_the_suite() {
    let folder = Folder::new().unwrap();
    suites::meaning(&folder.open().unwrap()).await;
}

#[tokio::test]
async fn saved_views_pass_the_suite() {
    let folder = Folder::new().unwrap();
    suites::views(&folder.open().unwrap()).await;
}

#[tokio::test]
async fn the_outbox_passes_the_suite() {
    let folder = Folder::new().unwrap();
    suites::outbox(&folder.open().unwrap()).await;
}

#[tokio::test]
async fn the_health_of_plugins_passes_the_suite() {
    let folder = Folder::new().unwrap();
    suites::plugin_health(&folder.open().unwrap()).await;
}

#[tokio::test]
async fn tasks_pass_the_suite() {
    let folder = Folder::new().unwrap();
    suites::tasks(&folder.open().unwrap()).await;
}

#[tokio::test]
async fn tokens_pass_the_suite() {
    let folder = Folder::new().unwrap();
    suites::tokens(&folder.open().unwrap()).await;
}

#[tokio::test]
async fn roles_pass_the_suite() {
    let folder = Folder::new().unwrap();
    let store = folder.open().unwrap();
    suites::roles(&store, &store).await;
}

#[tokio::test]
async fn the_audit_log_passes_the_suite() {
    let folder = Folder::new().unwrap();
    suites::audit(&folder.open().unwrap()).await;
}

#[tokio::test]
async fn people_pass_the_suite() {
    let folder = Folder::new().unwrap();
    suites::people(&folder.open().unwrap()).await;
}

#[tokio::test]
async fn no_statement_changes_a_record_of_the_audit_log_or_takes_one_away() {
    let folder = Folder::new().unwrap();
    let store = folder.open().unwrap();
    store.record(vec![suites::deed(5_000, "operator", "role.changed")]).await.unwrap();
    let db = rusqlite::Connection::open(folder.path()).unwrap();
    for (statement, reason) in [
        ("UPDATE audit SET actor = 'nobody'", "not changed"),
        ("DELETE FROM audit", "not taken away"),
        (
            "INSERT OR REPLACE INTO audit (id, at, actor, operation, outcome) \
             SELECT id, at, 'nobody', operation, outcome FROM audit",
            "not replaced",
        ),
    ] {
        let error = db.execute(statement, []).unwrap_err();
        assert!(error.to_string().contains(reason), "{statement}: {error}");
    }
    assert_eq!(store.forget_audit(at(6_000), 10).await.unwrap(), 1, "retention alone does");
    store.record(vec![suites::deed(5_000, "operator", "role.changed")]).await.unwrap();
    db.execute("DELETE FROM audit", []).unwrap_err();
}

#[tokio::test]
async fn keys_of_requests_pass_the_suite() {
    let folder = Folder::new().unwrap();
    suites::idempotency(&folder.open().unwrap()).await;
}

#[tokio::test]
async fn webhooks_pass_the_suite() {
    let folder = Folder::new().unwrap();
    suites::webhooks(&folder.open().unwrap()).await;
}

#[tokio::test]
async fn menus_pass_the_suite() {
    let folder = Folder::new().unwrap();
    suites::menus(&folder.open().unwrap()).await;
}

#[tokio::test]
async fn redirects_pass_the_suite() {
    let folder = Folder::new().unwrap();
    suites::redirects(&folder.open().unwrap()).await;
}

#[tokio::test]
async fn plugins_pass_the_suite() {
    let folder = Folder::new().unwrap();
    suites::plugins(&folder.open().unwrap()).await;
}

#[tokio::test]
async fn keys_pass_the_suite() {
    let folder = Folder::new().unwrap();
    suites::key_value(&folder.open().unwrap()).await;
}

#[tokio::test]
async fn the_plugin_log_passes_the_suite() {
    let folder = Folder::new().unwrap();
    suites::plugin_log(&folder.open().unwrap()).await;
}

#[tokio::test]
async fn of_a_log_the_newest_ten_thousand_lines_are_kept() {
    let folder = Folder::new().unwrap();
    let store = folder.open().unwrap();
    let id = plugin("loud");
    let line = |number: u32| LogLine {
        plugin: id.clone(),
        at: at(1),
        level: LogLevel::Info,
        source: "stdout".to_owned(),
        text: number.to_string(),
    };
    for start in (0..10_050).step_by(1_000) {
        store.append((start..10_050.min(start + 1_000)).map(line).collect());
        store.newest(&id, 1).await.unwrap(); // Lines past the bound of those that wait would be lost.
    }
    let lines = store.newest(&id, u32::MAX).await.unwrap();
    assert_eq!(lines.len(), 10_000);
    assert_eq!(lines.first().unwrap().text, "50");
    assert_eq!(lines.last().unwrap().text, "10049");
    assert_eq!(store.log_lines_lost(), 0);
}

#[tokio::test]
async fn a_damaged_row_is_an_error_that_names_it() {
    let folder = Folder::new().unwrap();
    let store = folder.open().unwrap();
    let entry = draft(&collection("posts"), 1, "a");
    store.write(created(&entry).into()).await.unwrap();
    let db = rusqlite::Connection::open(folder.path()).unwrap();
    for (damage, reason) in [
        ("UPDATE entries SET slug = 'No slug'", "a slug has a-z"),
        ("UPDATE entries SET slug = 'a', fields = x'ff00ff'", "malformed JSON"),
        ("UPDATE entries SET fields = jsonb('[1]')", "invalid type: sequence"),
        ("UPDATE entries SET fields = jsonb('{}'), revision = -1", "out of range"),
    ] {
        db.execute(damage, []).unwrap();
        let error = EntryStore::find(&store, entry.id).await.unwrap_err();
        assert_eq!(error.to_string(), format!("the store could not read entry {}", entry.id));
        let mut causes = std::iter::successors(error.source(), |it| (*it).source());
        assert!(causes.any(|it| it.to_string().contains(reason)), "{damage}: {error:?}");
    }
}

#[tokio::test]
async fn two_tokens_with_one_hash_are_an_error() {
    let folder = Folder::new().unwrap();
    let store = folder.open().unwrap();
    let token = |name: &str| smartcms_app::ports::TokenRecord {
        name: name.to_owned(),
        role: smartcms_domain::actors::Rank::Viewer.into(),
        scopes: None,
        made_by: None,
        hash: [1; 32],
        created_at: at(1),
        expires_at: None,
    };
    let audit = |millis| suites::deed(millis, "operator", "token.created");
    store.add(token("one"), audit(1)).await.unwrap();
    let error = store.add(token("two"), audit(2)).await.unwrap_err();
    assert_eq!(error.to_string(), "the store could not store token two");
}
