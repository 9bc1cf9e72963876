//! What the operator does with plugins.

use bytes::Bytes;
use serde_json::Value;
use smartcms_app::audit::list_audit;
use smartcms_app::plugins::{
    AddPlugin, SETTINGS_BYTES_MAX, SettingChange, add_plugin, change_settings, find_plugin, grant,
    list_plugins, remove_plugin, revoke, set_enabled,
};
use smartcms_app::ports::{AuditQuery, PluginRecord};
use smartcms_app::{App, OpContext};
use smartcms_domain::actors::{Actor, Role, UserId};
use smartcms_domain::plugins::{GRANTS_MAX, Grant};
use smartcms_testkit::TestApp;
use smartcms_testkit::builders::plugin;

use crate::support::check_code;

fn by(app: &App) -> OpContext<'_> {
    OpContext::new(app, &Actor::Operator)
}

async fn add(app: &App, version: &str) -> PluginRecord {
    let command = AddPlugin {
        id: plugin("visits"),
        name: "Visits".to_owned(),
        version: version.to_owned(),
        component: Bytes::from(version.to_owned()),
    };
    add_plugin(&by(app), command).await.unwrap()
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
    grant(&by(&app), &plugin("visits"), caps(&["kv"])).await.unwrap();
    assert_eq!(add(&app, "1.2.0").await.grants.to_string(), "kv");
    assert!(add(&app, "2.0.0").await.grants.is_empty());
    add(&app, "0.1.0").await;
    grant(&by(&app), &plugin("visits"), caps(&["kv"])).await.unwrap();
    assert_eq!(add(&app, "0.1.9").await.grants.to_string(), "kv");
    assert!(add(&app, "0.2.0").await.grants.is_empty());
}

#[tokio::test]
async fn grants_are_given_and_taken_all_or_none() {
    let app = TestApp::new();
    add(&app, "1.0.0").await;
    let id = plugin("visits");
    grant(&by(&app), &id, caps(&["kv", "env=TZ"])).await.unwrap();
    check_code(revoke(&by(&app), &id, caps(&["kv", "html:trusted"])).await, "plugin.not-granted");
    assert_eq!(find_plugin(&by(&app), &id).await.unwrap().grants.to_string(), "kv env=TZ");
    assert_eq!(revoke(&by(&app), &id, caps(&["kv"])).await.unwrap().grants.to_string(), "env=TZ");
    let many: Vec<Grant> =
        (0..=GRANTS_MAX).map(|it| format!("env=V{it}").parse().unwrap()).collect();
    check_code(grant(&by(&app), &id, many).await, "plugin.too-many-grants");
}

#[tokio::test]
async fn a_plugin_is_switched_off_and_on_and_taken_away() {
    let app = TestApp::new();
    add(&app, "1.0.0").await;
    let id = plugin("visits");
    let before = app.plugin_store.generation().await.unwrap();
    assert!(!set_enabled(&by(&app), &id, false).await.unwrap().enabled);
    assert_ne!(app.plugin_store.generation().await.unwrap(), before);
    assert!(set_enabled(&by(&app), &id, true).await.unwrap().enabled);
    remove_plugin(&by(&app), &id).await.unwrap();
    assert!(list_plugins(&by(&app)).await.unwrap().is_empty());
    check_code(remove_plugin(&by(&app), &id).await, "plugin.unknown");
    check_code(grant(&by(&app), &id, caps(&["kv"])).await, "plugin.unknown");
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
    change_settings(&by(&app), &id, vec![set("a", "1"), set("b", "two")]).await.unwrap();
    change_settings(&by(&app), &id, vec![unset("a")]).await.unwrap();
    let kept = async || find_plugin(&by(&app), &id).await.unwrap().settings;
    assert_eq!(kept().await, r#"{"b":"two"}"#);
    check_code(change_settings(&by(&app), &id, vec![unset("a")]).await, "plugin.not-set");
    check_code(
        change_settings(&by(&app), &id, vec![set("two words", "1")]).await,
        "plugin.bad-setting",
    );
    let large = "x".repeat(SETTINGS_BYTES_MAX);
    let refused = change_settings(&by(&app), &id, vec![set("a", "1"), set("b", &large)]).await;
    check_code(refused, "plugin.too-many-settings");
    assert_eq!(kept().await, r#"{"b":"two"}"#);
    assert_eq!(add(&app, "1.1.0").await.settings, r#"{"b":"two"}"#);
    check_code(change_settings(&by(&app), &plugin("other"), vec![]).await, "plugin.unknown");
}

fn user(role: Role) -> Actor {
    Actor::User { id: UserId::parse("01900000-0000-7000-8000-0000000000aa").unwrap(), role }
}

#[tokio::test]
async fn administrators_and_owners_manage_plugins_and_nobody_else_does() {
    let app = TestApp::new();
    add(&app, "1.0.0").await;
    let id = plugin("visits");
    for role in Role::BUILT_IN {
        let may = matches!(role.name(), "owner" | "administrator");
        let actor = user(role);
        let ctx = OpContext::new(&app, &actor);
        if may {
            grant(&ctx, &id, caps(&["kv"])).await.unwrap();
            revoke(&ctx, &id, caps(&["kv"])).await.unwrap();
            set_enabled(&ctx, &id, true).await.unwrap();
        } else {
            check_code(list_plugins(&ctx).await, "plugin.denied");
            check_code(grant(&ctx, &id, caps(&["kv"])).await, "plugin.denied");
            check_code(revoke(&ctx, &id, caps(&["kv"])).await, "plugin.denied");
            check_code(set_enabled(&ctx, &id, false).await, "plugin.denied");
            check_code(change_settings(&ctx, &id, vec![]).await, "plugin.denied");
            check_code(remove_plugin(&ctx, &id).await, "plugin.denied");
        }
    }
    let helper = Actor::Plugin {
        id: id.clone(),
        grants: caps(&["kv"]).into_iter().collect(),
        acting_for: None,
    };
    check_code(grant(&OpContext::new(&app, &helper), &id, caps(&["kv"])).await, "plugin.denied");
}

#[tokio::test]
async fn what_reaches_the_machine_is_given_by_owners_and_not_passed_on_by_others() {
    let app = TestApp::new();
    add(&app, "1.0.0").await;
    let id = plugin("visits");
    let (owner, administrator) = (user(Role::OWNER), user(Role::ADMINISTRATOR));
    let (owner, administrator) =
        (OpContext::new(&app, &owner), OpContext::new(&app, &administrator));
    let folder = || caps(&["fs=./stories:/stories:ro"]);
    check_code(grant(&administrator, &id, folder()).await, "plugin.for-owners");
    check_code(
        grant(&administrator, &id, caps(&["kv", "html:trusted"])).await,
        "plugin.for-owners",
    );
    assert!(find_plugin(&owner, &id).await.unwrap().grants.is_empty());
    grant(&owner, &id, folder()).await.unwrap();
    // Another file under the same id would get the folder.
    let other = |version: &str| AddPlugin {
        id: plugin("visits"),
        name: "Visits".to_owned(),
        version: version.to_owned(),
        component: Bytes::from_static(b"another"),
    };
    check_code(add_plugin(&administrator, other("1.1.0")).await, "plugin.for-owners");
    // What is not kept is not passed on.
    assert!(add_plugin(&administrator, other("2.0.0")).await.unwrap().grants.is_empty());
}

#[tokio::test]
async fn what_is_done_to_plugins_is_recorded_with_who_did_it() {
    let app = TestApp::new();
    add(&app, "1.0.0").await;
    let (id, actor) = (plugin("visits"), user(Role::ADMINISTRATOR));
    grant(&OpContext::new(&app, &actor), &id, caps(&["kv"])).await.unwrap();
    let page =
        list_audit(&by(&app), AuditQuery { limit: 10, ..AuditQuery::default() }).await.unwrap();
    let newest = page.records.first().unwrap();
    assert_eq!(
        (newest.operation.as_str(), newest.actor.as_str()),
        ("plugin.granted", actor.to_string().as_str())
    );
    assert_eq!(newest.detail.as_deref(), Some("kv"));
}
