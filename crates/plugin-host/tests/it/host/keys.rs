//! Keys: a plugin's own, through both interfaces, within the quota, and only when granted.

use smartcms_app::ports::{KeySpace, KeyValueQuota, KeyValueStore, PluginFailureKind};
use smartcms_plugin_host::{CallLimits, Condition, PluginLimits};
use smartcms_testkit::builders::plugin;

use super::filters::filtered;
use super::guest::filter;
use super::site::Site;

/// Stores the HTML under `k` and answers with what is stored there then.
fn remembers() -> Vec<u8> {
    let functions = r#"
        (import "component:smartcms/kvstore" "set" (func $set (param i32 i32 i32 i32)))
        (import "component:smartcms/kvstore" "get" (func $get (param i32 i32 i32)))
        (data (i32.const 4096) "k")"#;
    let body = "
        (call $set (i32.const 4096) (i32.const 1) (local.get 8) (local.get 9))
        (call $get (i32.const 4096) (i32.const 1) (i32.const 64))
        (call $ok (i32.load (i32.const 68)) (i32.load (i32.const 72)))";
    filter("import component:smartcms/kvstore;", functions, body)
}

/// Counts `n` up in a bucket and answers with the HTML; calls `atomics.increment` as often as told.
fn counts(times: u32) -> Vec<u8> {
    let functions = r#"
        (import "wasi:keyvalue/store@0.2.0-draft" "open" (func $open (param i32 i32 i32)))
        (import "wasi:keyvalue/atomics@0.2.0-draft" "increment" (func $increment (param i32 i32 i32 i64 i32)))
        (data (i32.const 4096) "n")"#;
    let body = format!(
        "(call $open (i32.const 0) (i32.const 0) (i32.const 64))
         (if (i32.load8_u (i32.const 64)) (then unreachable))
         (loop $again
           (call $increment (i32.load (i32.const 68)) (i32.const 4096) (i32.const 1) (i64.const 2) (i32.const 128))
           (local.set $a (i32.add (local.get $a) (i32.const 1)))
           (br_if $again (i32.lt_u (local.get $a) (i32.const {times}))))
         (call $ok (local.get 8) (local.get 9))"
    );
    let imports =
        "import wasi:keyvalue/store@0.2.0-draft; import wasi:keyvalue/atomics@0.2.0-draft;";
    filter(imports, functions, &body)
}

/// Opens buckets and never closes one.
fn leaks() -> Vec<u8> {
    let functions = r#"
        (import "wasi:keyvalue/store@0.2.0-draft" "open" (func $open (param i32 i32 i32)))"#;
    let body = "(loop $again (call $open (i32.const 0) (i32.const 0) (i32.const 64)) (br $again)) unreachable";
    filter("import wasi:keyvalue/store@0.2.0-draft;", functions, body)
}

fn space(id: &str) -> KeySpace {
    KeySpace { plugin: plugin(id), bucket: String::new() }
}

#[tokio::test]
async fn without_the_grant_the_plugin_is_refused_before_it_runs() {
    let site = Site::with(&[("remembers", &remembers(), &[])]).await;
    let failures = filtered(&site, "x").await.failures;
    assert_eq!(failures[0].kind, PluginFailureKind::Denied);
    assert_eq!(
        failures[0].to_string(),
        "plugin remembers imports component:smartcms/kvstore, which needs the capability kv; \
         grant it with `smartcms plugin grant remembers kv`"
    );
    assert!(matches!(site.host.health()[0].condition, Condition::Unusable(_)));
}

#[tokio::test]
async fn both_interfaces_reach_the_same_keys_and_no_others() {
    let site =
        Site::with(&[("counts", &counts(3), &["kv"]), ("remembers", &remembers(), &["kv"])]).await;
    assert_eq!(filtered(&site, "first").await.html, "first");
    assert_eq!(
        site.store.get(&space("remembers"), "k").await.unwrap().as_deref(),
        Some(&b"first"[..])
    );
    assert_eq!(site.store.get(&space("counts"), "n").await.unwrap().as_deref(), Some(&b"6"[..]));
    assert_eq!(site.store.get(&space("counts"), "k").await.unwrap(), None);
    filtered(&site, "second").await;
    assert_eq!(
        site.store.get(&space("remembers"), "k").await.unwrap().as_deref(),
        Some(&b"second"[..])
    );
    assert_eq!(site.store.get(&space("counts"), "n").await.unwrap().as_deref(), Some(&b"12"[..]));
}

#[tokio::test]
async fn past_the_quota_nothing_is_stored_and_the_message_says_why() {
    let keys = KeyValueQuota { keys_max: 10, bytes_max: 100 };
    let limits = PluginLimits { keys, ..PluginLimits::default() };
    let site = Site::limited(limits, &[("remembers", &remembers(), &["kv"])]).await;
    let failures = filtered(&site, &"x".repeat(100)).await.failures;
    assert!(failures[0].message.contains("quota of 10 keys and 100 bytes"), "{}", failures[0]);
    assert_eq!(site.store.get(&space("remembers"), "k").await.unwrap(), None);
}

#[tokio::test]
async fn a_flood_of_host_calls_ends_at_its_limit() {
    let call = CallLimits { host_calls_max: 100, ..CallLimits::default() };
    let limits = PluginLimits { call, ..PluginLimits::default() };
    let site = Site::limited(limits, &[("counts", &counts(1_000_000), &["kv"])]).await;
    let failures = filtered(&site, "x").await.failures;
    assert_eq!(failures[0].to_string(), "plugin counts reached its limit host_calls=100");
}

#[tokio::test]
async fn handles_that_are_never_closed_end_at_their_limit() {
    let site = Site::with(&[("leaks", &leaks(), &["kv"])]).await;
    let failures = filtered(&site, "x").await.failures;
    assert!(
        matches!(failures[0].kind, PluginFailureKind::Trapped | PluginFailureKind::Limit),
        "{}",
        failures[0]
    );
}
