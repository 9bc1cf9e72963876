//! Content in filters: what is on a page is for everybody, so a filter gets at content as readers do.

use smartcms_app::OpContext;
use smartcms_app::entries::{ChangeEntry, View, get_entry, publish_entry};
use smartcms_app::ports::PluginFailureKind;
use smartcms_domain::actors::Actor;
use smartcms_plugin_host::Condition;

use super::filters::filtered;
use super::guest::filter;
use super::site::Site;

/// Looks up the post with the slug that the HTML is, and answers `yes` or `no`.
fn finds() -> Vec<u8> {
    let functions = r#"
        (import "smartcms:content/reader@0.1.0" "find-by-slug" (func $find (param i32 i32 i32 i32 i32)))
        (data (i32.const 4096) "posts")
        (data (i32.const 4112) "yesno")"#;
    // result<option<entry>, content-error>: the payload begins at 8, and the option's at 16.
    let body = "
        (call $find (i32.const 4096) (i32.const 5) (local.get 8) (local.get 9) (i32.const 1024))
        (if (i32.load8_u (i32.const 1024)) (then unreachable))
        (if (result i32) (i32.load8_u (i32.const 1032))
          (then (call $ok (i32.const 4112) (i32.const 3)))
          (else (call $ok (i32.const 4115) (i32.const 2))))";
    filter("import smartcms:content/reader@0.1.0;", functions, body)
}

/// Creates an entry in `posts` with the HTML as its title, and answers `yes` or, when it may not, `no`.
fn creates() -> Vec<u8> {
    let functions = r#"
        (import "smartcms:content/writer@0.1.0" "create" (func $create (param i32 i32 i32 i32 i32 i32 i32 i32)))
        (data (i32.const 4096) "posts")
        (data (i32.const 4112) "yesno")
        (data (i32.const 4128) "title")"#;
    let body = "
        (i32.store (i32.const 512) (i32.const 4128)) (i32.store (i32.const 516) (i32.const 5))
        (i32.store8 (i32.const 520) (i32.const 4))
        (i32.store (i32.const 528) (local.get 8)) (i32.store (i32.const 532) (local.get 9))
        (call $create (i32.const 4096) (i32.const 5) (i32.const 0) (i32.const 0) (i32.const 0)
          (i32.const 512) (i32.const 1) (i32.const 1024))
        (if (result i32) (i32.load8_u (i32.const 1024))
          (then (call $ok (i32.const 4115) (i32.const 2)))
          (else (call $ok (i32.const 4112) (i32.const 3))))";
    filter("import smartcms:content/writer@0.1.0;", functions, body)
}

async fn answer(site: &Site, html: &str) -> String {
    let filtered = filtered(site, html).await;
    assert_eq!(filtered.failures, []);
    filtered.html
}

async fn publish(site: &Site, title: &str) {
    let entry = site.save(title).await.unwrap();
    let ctx = OpContext::new(&site.app, &Actor::Operator);
    let change = ChangeEntry { collection: "posts".into(), id: entry.id, seen: None };
    publish_entry(&ctx, change).await.unwrap();
}

#[tokio::test]
async fn a_plugin_reads_what_readers_see_of_the_collections_it_was_granted() {
    let site = Site::with(&[("finds", &finds(), &["content:read=posts"])]).await;
    publish(&site, "Public").await;
    site.save("Hidden").await.unwrap();
    assert_eq!(answer(&site, "public").await, "yes");
    assert_eq!(answer(&site, "hidden").await, "no");
    assert_eq!(answer(&site, "absent").await, "no");
}

#[tokio::test]
async fn a_filter_sees_no_drafts_whatever_was_granted() {
    let site = Site::with(&[("finds", &finds(), &["content:read=posts:drafts"])]).await;
    publish(&site, "Public").await;
    site.save("Hidden").await.unwrap();
    assert_eq!(answer(&site, "public").await, "yes");
    assert_eq!(answer(&site, "hidden").await, "no");
}

#[tokio::test]
async fn a_grant_for_another_collection_reaches_nothing_here() {
    let site = Site::with(&[("finds", &finds(), &["content:read=pages"])]).await;
    publish(&site, "Public").await;
    assert_eq!(answer(&site, "public").await, "no");
}

#[tokio::test]
async fn a_filter_writes_nothing_unless_it_may_whoever_asks() {
    let site = Site::with(&[("creates", &creates(), &["content:write=posts"])]).await;
    assert_eq!(answer(&site, "Made by a plugin").await, "no");
    let site = Site::with(&[("creates", &creates(), &["content:write=posts:as-itself"])]).await;
    assert_eq!(answer(&site, "Made by a plugin").await, "yes");
    let ctx = OpContext::new(&site.app, &Actor::Operator);
    let entry = get_entry(&ctx, "posts", "made-by-a-plugin", View::Newest).await.unwrap();
    assert_eq!(entry.fields.text("title"), Some("Made by a plugin"));
    assert_eq!(entry.created_by, "plugin creates for anonymous");
}

#[tokio::test]
async fn without_a_grant_content_is_not_linked() {
    for guest in [finds(), creates()] {
        let site = Site::with(&[("curious", &guest, &["kv"])]).await;
        assert_eq!(filtered(&site, "x").await.failures[0].kind, PluginFailureKind::Denied);
        assert!(matches!(site.host.health()[0].condition, Condition::Unusable(_)));
    }
}
