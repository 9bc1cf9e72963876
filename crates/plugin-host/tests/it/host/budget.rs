//! The calls of one request share a budget.

use std::time::Duration;

use smartcms_app::ports::PluginFailureKind;
use smartcms_plugin_host::{RequestLimits, within_budget};

use super::filters::filtered;
use super::guest::{LOOPS, filter};
use super::site::Site;

#[tokio::test]
async fn cheap_calls_together_pass_the_budget_of_their_request_and_the_next_has_its_own() {
    let echo = filter("", "", "(call $ok (local.get 8) (local.get 9))");
    let site = Site::with(&[("echo", &echo, &[])]).await;
    let limits = RequestLimits { bytes_max: 30, ..RequestLimits::default() };
    for _ in 0..2 {
        let failures = within_budget(limits, async {
            let mut failures = Vec::new();
            for _ in 0..5 {
                failures.extend(filtered(&site, "<p>0123456</p>").await.failures);
            }
            failures
        });
        let failures = failures.await;
        assert_eq!(failures.len(), 2, "three times 14 bytes pass 30: {failures:?}");
        assert_eq!(failures[0].kind, PluginFailureKind::Limit);
        assert!(failures[0].message.contains("request_bytes=30"), "{}", failures[0]);
    }
    let none = filtered(&site, "<p>0123456</p>").await.failures;
    assert_eq!(none, [], "what no request asked for has no budget");
}

#[tokio::test]
async fn a_call_has_no_more_time_than_its_request_has_left() {
    let site = Site::with(&[("loops", &filter("", "", LOOPS), &[])]).await;
    let limits = RequestLimits { time: Duration::from_millis(60), ..RequestLimits::default() };
    let failures = within_budget(limits, async {
        let first = filtered(&site, "<p>a</p>").await.failures;
        [first, filtered(&site, "<p>a</p>").await.failures].concat()
    });
    let failures = failures.await;
    assert_eq!(failures[0].kind, PluginFailureKind::TimedOut);
    assert!(failures[0].message.contains("time=60ms"), "not its own 200 ms: {}", failures[0]);
    assert!(failures[1].message.contains("was not called"), "{}", failures[1]);
}
