//! What the operator does with plugins.

use bytes::Bytes;
use serde_json::Value;
use smartcms_app::App;
use smartcms_app::plugins::{
    AddPlugin, SETTINGS_BYTES_MAX, SettingChange, add_plugin, change_settings, find_plugin, grant,
    list_plugins, remove_plugin, revoke, set_enabled,
};
use smartcms_app::ports::PluginRecord;
use smartcms_domain::plugins::{GRANTS_MAX, Grant};
use smartcms_testkit::TestApp;
use smartcms_testkit::builders::plugin;

use crate::support::check_code;

async fn add(app: &App, version: &str) -> PluginRecord {
    let command = AddPlugin {
        id: plugin("visits"),
        name: "Visits".to_owned(),
        version: version.to_owned(),
        component: Bytes::from(version.to_owned()),
    };
    add_plugin(app, command).await.unwrap()
}

fn caps(texts: &[&str]) -> Vec<Grant> {
    texts.iter().map(|it| it.parse().unwrap()).collect()
}

#[tokio::test]
async fn a_plugin_begins_with_no_grants() {
    let app = TestApp::new();
    let record = add(&app, "1.0.0").await;
    assert!(record.grants.is_empty() && record.enabled);
    let stored = app.blobs.get(&record.digest).await.unwrap();
    assert_eq!(stored.as_deref(), Some(b"1.0.0".as_slice()));
}

#[tokio::test]
async fn grants_stay_for_the_same_major_version_and_end_with_it() {
    let app = TestApp::new();
    add(&app, "1.0.0").await;
    grant(&app, &plugin("visits"), caps(&["kv"])).await.unwrap();
    assert_eq!(add(&app, "1.2.0").await.grants.to_string(), "kv");
    assert!(add(&app, "2.0.0").await.grants.is_empty());
    add(&app, "0.1.0").await;
    grant(&app, &plugin("visits"), caps(&["kv"])).await.unwrap();
    assert_eq!(add(&app, "0.1.9").await.grants.to_string(), "kv");
    assert!(add(&app, "0.2.0").await.grants.is_empty());
}

#[tokio::test]
async fn grants_are_given_and_taken_all_or_none() {
    let app = TestApp::new();
    add(&app, "1.0.0").await;
    let id = plugin("visits");
    grant(&app, &id, caps(&["kv", "env=TZ"])).await.unwrap();
    check_code(revoke(&app, &id, caps(&["kv", "html:trusted"])).await, "plugin.not-granted");
    assert_eq!(find_plugin(&app, &id).await.unwrap().grants.to_string(), "kv env=TZ");
    assert_eq!(revoke(&app, &id, caps(&["kv"])).await.unwrap().grants.to_string(), "env=TZ");
    let many: Vec<Grant> =
        (0..=GRANTS_MAX).map(|it| format!("env=V{it}").parse().unwrap()).collect();
    check_code(grant(&app, &id, many).await, "plugin.too-many-grants");
}

#[tokio::test]
async fn a_plugin_is_switched_off_and_on_and_taken_away() {
    let app = TestApp::new();
    add(&app, "1.0.0").await;
    let id = plugin("visits");
    let before = app.plugin_store.generation().await.unwrap();
    assert!(!set_enabled(&app, &id, false).await.unwrap().enabled);
    assert_ne!(app.plugin_store.generation().await.unwrap(), before);
    assert!(set_enabled(&app, &id, true).await.unwrap().enabled);
    remove_plugin(&app, &id).await.unwrap();
    assert!(list_plugins(&app).await.unwrap().is_empty());
    check_code(remove_plugin(&app, &id).await, "plugin.unknown");
    check_code(grant(&app, &id, caps(&["kv"])).await, "plugin.unknown");
}

#[tokio::test]
async fn settings_change_one_by_one_and_have_a_limit() {
    let app = TestApp::new();
    add(&app, "1.0.0").await;
    let id = plugin("visits");
    let set = |name: &str, value: &str| SettingChange {
        name: name.to_owned(),
        value: Some(Value::String(value.to_owned())),
    };
    let unset = |name: &str| SettingChange { name: name.to_owned(), value: None };
    change_settings(&app, &id, vec![set("a", "1"), set("b", "two")]).await.unwrap();
    change_settings(&app, &id, vec![unset("a")]).await.unwrap();
    let kept = async || find_plugin(&app, &id).await.unwrap().settings;
    assert_eq!(kept().await, r#"{"b":"two"}"#);
    check_code(change_settings(&app, &id, vec![unset("a")]).await, "plugin.not-set");
    check_code(change_settings(&app, &id, vec![set("two words", "1")]).await, "plugin.bad-setting");
    let large = "x".repeat(SETTINGS_BYTES_MAX);
    let refused = change_settings(&app, &id, vec![set("a", "1"), set("b", &large)]).await;
    check_code(refused, "plugin.too-many-settings");
    assert_eq!(kept().await, r#"{"b":"two"}"#);
    assert_eq!(add(&app, "1.1.0").await.settings, r#"{"b":"two"}"#);
    check_code(change_settings(&app, &plugin("other"), vec![]).await, "plugin.unknown");
}
