//! Blocks of a real plugin: shown, sanitised, kept, and contained when they misbehave.

use std::time::Duration;

use serde_json::{Value, json};
use smartcms_app::ports::{
    BlockCheck, BlockPlace, PluginFailure, PluginFailureKind, Plugins, ShownBlock,
};
use smartcms_domain::blocks::{BlockId, PluginBlockName};
use smartcms_plugin_host::{CallLimits, CallTimes, PluginLimits};
use smartcms_testkit::builders::{collection, entry_id, locale, slug};

use super::guest::{built_case, component};
use super::site::Site;

async fn site(grants: &[&str]) -> Site {
    let call = CallLimits { memory_bytes_max: 16 << 20, ..CallLimits::default() };
    let times = CallTimes { filter: Duration::from_millis(300), ..CallTimes::default() };
    let limits = PluginLimits { call, times, ..PluginLimits::default() };
    Site::limited(limits, &[("blocks", &built_case("blocks"), grants)]).await
}

async fn shown(site: &Site, name: &str, data: Value) -> Result<Option<ShownBlock>, PluginFailure> {
    let (collection, slug, locale) = (collection("posts"), slug("a"), locale("en"));
    let block = BlockId::parse("b1").unwrap();
    let place = BlockPlace {
        entry: entry_id(1),
        collection: &collection,
        slug: &slug,
        locale: &locale,
        block: &block,
    };
    let name = PluginBlockName::parse(name).unwrap();
    site.host.render_block(&name, &data, place).await
}

#[tokio::test]
async fn a_block_is_shown_by_its_plugin_where_it_stands() {
    let site = site(&[]).await;
    let block = shown(&site, "blocks/note", json!({ "text": "<b>" })).await.unwrap().unwrap();
    let html = "<div class=\"note\"><p>{\"text\":\"&lt;b&gt;\"} in posts/a (en, b1)</p></div>";
    assert_eq!(block, ShownBlock { html: html.to_owned(), trusted: false, repeatable: true });
    assert_eq!(shown(&site, "blocks/absent", json!({})).await, Ok(None));
    assert_eq!(shown(&site, "others/note", json!({})).await, Ok(None));
}

#[tokio::test]
async fn html_of_a_block_is_sanitised_unless_it_is_trusted() {
    let plain = shown(&site(&[]).await, "blocks/script", json!({})).await.unwrap().unwrap();
    assert_eq!((plain.html.as_str(), plain.trusted), ("<p>kept</p>", false));
    let trusted = site(&["html:trusted"]).await;
    let trusted = shown(&trusted, "blocks/script", json!({})).await.unwrap().unwrap();
    assert!(trusted.trusted && trusted.html.contains("<script>"), "{trusted:?}");
}

#[tokio::test]
async fn blocks_of_a_plugin_that_reaches_what_changes_are_not_kept() {
    for (grant, expected) in [("content:read=posts", false), ("kv", false), ("html:trusted", true)]
    {
        let block = shown(&site(&[grant]).await, "blocks/note", json!({})).await.unwrap().unwrap();
        assert_eq!(block.repeatable, expected, "{grant}");
    }
}

#[tokio::test]
async fn what_misbehaves_is_contained_and_the_next_block_is_shown() {
    for (kind, expected) in [
        ("loop", PluginFailureKind::TimedOut),
        ("memory", PluginFailureKind::Limit),
        ("trap", PluginFailureKind::Trapped),
        ("recursion", PluginFailureKind::Limit),
        ("huge", PluginFailureKind::Limit),
        ("refuse", PluginFailureKind::Trapped),
    ] {
        let site = site(&[]).await;
        let failure = shown(&site, &format!("blocks/{kind}"), json!({})).await.unwrap_err();
        assert_eq!(failure.kind, expected, "{kind}: {failure}");
        assert!(!site.log("blocks").await.is_empty(), "{kind} is not told to the operator");
        assert!(shown(&site, "blocks/note", json!({})).await.unwrap().is_some(), "{kind}");
    }
}

#[tokio::test]
async fn data_is_held_against_the_schema_of_the_plugin() {
    let site = site(&[]).await;
    let check = async |name: &str, data: Value| {
        site.host.check_block(&PluginBlockName::parse(name).unwrap(), &data).await
    };
    assert_eq!(check("blocks/note", json!({ "text": "a" })).await, BlockCheck::Fits);
    assert_eq!(check("blocks/note", Value::Null).await, BlockCheck::Fits);
    let BlockCheck::Misfits(reasons) = check("blocks/note", json!({ "text": 1, "x": 2 })).await
    else {
        panic!("it does not fit");
    };
    assert_eq!(reasons.len(), 2, "{reasons:?}");
    assert!(reasons.iter().any(|it| it.starts_with("/text: ")), "{reasons:?}");
    let large = json!({ "text": "x".repeat(100_000) });
    assert!(matches!(check("blocks/note", large).await, BlockCheck::Misfits(_)));
    assert!(matches!(check("blocks/absent", json!({})).await, BlockCheck::Unknown(_)));
    assert!(matches!(check("others/note", json!({})).await, BlockCheck::Unknown(_)));
}

/// A plugin with one kind `k`, whose schema this is.
fn with_schema(schema: &str) -> Vec<u8> {
    let len = schema.len();
    let escaped = schema.replace('"', "\\22");
    component(
        "export smartcms:plugin/blocks@0.1.0;",
        &format!(
            r#"(func (export "smartcms:plugin/blocks@0.1.0#list") (result i32)
                 (i32.store (i32.const 0) (i32.const 64)) (i32.store (i32.const 4) (i32.const 1))
                 (i32.store (i32.const 64) (i32.const 4096)) (i32.store (i32.const 68) (i32.const 1))
                 (i32.store (i32.const 72) (i32.const 4096)) (i32.store (i32.const 76) (i32.const 1))
                 (i32.store (i32.const 80) (i32.const 4096)) (i32.store (i32.const 84) (i32.const 1))
                 (i32.store (i32.const 88) (i32.const 8192)) (i32.store (i32.const 92) (i32.const {len}))
                 (i32.const 0))
               (func (export "smartcms:plugin/blocks@0.1.0#render")
                 (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32) unreachable)
               (data (i32.const 4096) "k") (data (i32.const 8192) "{escaped}")"#
        ),
    )
}

#[tokio::test]
async fn a_schema_that_leads_out_or_in_a_circle_is_refused() {
    for schema in [
        r##"{"$ref":"#"}"##,
        r#"{"allOf":[{"$ref":"https://example.com/schema"}]}"#,
        r#"{"$id":"https://example.com/"}"#,
        r#"{"pattern":"("}"#,
        r#"{"type":"odd"}"#,
        "no json",
    ] {
        let site = Site::with(&[("odd", &with_schema(schema), &[])]).await;
        assert_eq!(site.host.block_kinds().await, [], "{schema}");
        let name = PluginBlockName::parse("odd/k").unwrap();
        let check = site.host.check_block(&name, &json!({})).await;
        assert!(matches!(&check, BlockCheck::Unknown(it) if it.contains("of no use")), "{check:?}");
    }
    let site = Site::with(&[("well", &with_schema(r#"{"type":"object"}"#), &[])]).await;
    let kinds = site.host.block_kinds().await;
    assert_eq!(kinds.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["well/k"]);
}
