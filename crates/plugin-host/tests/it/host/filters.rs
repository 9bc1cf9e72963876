//! Filters: their HTML is sanitised, and where they fail the page is shown without them.

use std::time::Duration;

use smartcms_app::ports::{FilterContext, Filtered, PluginFailureKind, Plugins};
use smartcms_plugin_host::{CallTimes, PluginLimits};
use smartcms_testkit::builders::{collection, entry_id, locale, slug};

use super::guest::{LOOPS, filter};
use super::site::Site;

pub(super) async fn filtered(site: &Site, html: &str) -> Filtered {
    let (collection, slug, locale) = (collection("posts"), slug("a"), locale("en"));
    let entry = entry_id(1);
    let context = FilterContext { entry, collection: &collection, slug: &slug, locale: &locale };
    site.host.filter_html(context, html.to_owned()).await
}

/// Answers with a script.
fn scripts() -> Vec<u8> {
    let data = r#"(data (i32.const 4096) "<p>kept</p><script>evil()</script>")"#;
    filter("", data, "(call $ok (i32.const 4096) (i32.const 34))")
}

#[tokio::test]
async fn html_of_a_plugin_is_sanitised() {
    let site = Site::with(&[("scripts", &scripts(), &[])]).await;
    let filtered = filtered(&site, "<p>before</p>").await;
    let html = "<p>kept</p>".to_owned();
    assert_eq!(filtered, Filtered { html, failures: Vec::new(), repeatable: true });
}

#[tokio::test]
async fn html_of_a_filter_that_can_reach_what_changes_is_not_repeatable() {
    let echo = filter("", "", "(call $ok (local.get 8) (local.get 9))");
    for (grant, expected) in [("content:read=posts", false), ("kv", false), ("html:trusted", true)]
    {
        let site = Site::with(&[("echo", &echo, &[grant])]).await;
        assert_eq!(filtered(&site, "<p>a</p>").await.repeatable, expected, "{grant}");
    }
}

#[tokio::test]
async fn html_of_a_trusted_plugin_is_shown_as_it_is() {
    let site = Site::with(&[("scripts", &scripts(), &["html:trusted"])]).await;
    assert_eq!(filtered(&site, "<p>before</p>").await.html, "<p>kept</p><script>evil()</script>");
}

#[tokio::test]
async fn a_filter_that_fails_is_left_out_and_the_others_run() {
    let times = CallTimes { filter: Duration::from_millis(50), ..CallTimes::default() };
    let limits = PluginLimits { times, ..PluginLimits::default() };
    let echo = filter("", "", "(call $ok (local.get 8) (local.get 9))");
    let plugins: &[(&str, &[u8], &[&str])] = &[
        ("a-endless", &filter("", "", LOOPS), &[]),
        ("b-trap", &filter("", "", "unreachable"), &[]),
        ("c-echo", &echo, &[]),
    ];
    let site = Site::limited(limits, plugins).await;
    let filtered = filtered(&site, "<p>shown</p>").await;
    assert_eq!(filtered.html, "<p>shown</p>");
    let kinds: Vec<_> = filtered.failures.iter().map(|it| (it.plugin.as_str(), it.kind)).collect();
    assert_eq!(
        kinds,
        [("a-endless", PluginFailureKind::TimedOut), ("b-trap", PluginFailureKind::Trapped)]
    );
}
