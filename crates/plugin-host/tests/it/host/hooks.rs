//! Hooks: they change, they refuse, and where they fail nothing is stored.

use std::time::{Duration, Instant};

use smartcms_app::entries::ContentError;
use smartcms_app::ports::{HookFailure, PluginFailure, PluginFailureKind, Plugins};
use smartcms_plugin_host::{CallLimits, CallTimes, Condition, PluginLimits};

use super::guest::{CHANGES_A_FIELD, LOOPS, REFUSES, save_hook};
use super::site::Site;

async fn failure(site: &Site) -> PluginFailure {
    match site.save("A title").await {
        Err(ContentError::Hook(HookFailure::Failed(failure))) => failure,
        other => panic!("the save should have failed in a plugin: {other:?}"),
    }
}

#[tokio::test]
async fn a_hook_changes_what_is_stored() {
    let site = Site::with(&[("changer", &save_hook(CHANGES_A_FIELD), &[])]).await;
    let entry = site.save("A title").await.unwrap();
    assert_eq!(entry.fields.text("excerpt"), Some("changed"));
    assert_eq!(entry.fields.text("title"), Some("A title"));
}

#[tokio::test]
async fn a_hook_refuses_with_its_reasons() {
    let site = Site::with(&[("refuser", &save_hook(REFUSES), &[])]).await;
    let Err(ContentError::Hook(HookFailure::Refused { plugin, problems })) =
        site.save("A title").await
    else {
        panic!("the save should have been refused");
    };
    assert_eq!(plugin.as_str(), "refuser");
    assert_eq!(problems.iter().map(|it| it.code.as_str()).collect::<Vec<_>>(), ["no"]);
}

#[tokio::test]
async fn hooks_run_in_the_order_of_their_ids_until_one_refuses() {
    let changer = save_hook(CHANGES_A_FIELD);
    let site =
        Site::with(&[("b", &save_hook(REFUSES), &[]), ("a", &changer, &[]), ("c", &changer, &[])])
            .await;
    let Err(ContentError::Hook(HookFailure::Refused { plugin, .. })) = site.save("A title").await
    else {
        panic!("the save should have been refused");
    };
    assert_eq!(plugin.as_str(), "b");
}

#[tokio::test]
async fn a_trap_fails_closed_and_the_message_names_the_plugin() {
    let site = Site::with(&[("broken", &save_hook("unreachable"), &[])]).await;
    let failure = failure(&site).await;
    assert_eq!(failure.kind, PluginFailureKind::Trapped);
    assert!(
        failure.to_string().starts_with("plugin broken trapped: wasm `unreachable`"),
        "{failure}"
    );
    assert!(site.log("broken").await.iter().any(|it| it.contains("trapped")));
}

#[tokio::test]
async fn an_endless_hook_ends_at_its_limit_and_does_not_hold_up_others() {
    let times = CallTimes { hook: Duration::from_millis(100), ..CallTimes::default() };
    let limits = PluginLimits { times, ..PluginLimits::default() };
    let site = Site::limited(limits, &[("endless", &save_hook(LOOPS), &[])]).await;
    let began = Instant::now();
    // This test has one thread: if the guest held it, the other future could not run until the guest ends.
    let ending = async { (failure(&site).await, began.elapsed()) };
    let ((failure, ended), others) = tokio::join!(ending, async {
        tokio::task::yield_now().await;
        began.elapsed()
    });
    assert_eq!(failure.kind, PluginFailureKind::TimedOut);
    assert_eq!(failure.to_string(), "plugin endless ran longer than its limit time=100ms");
    assert!(others < ended, "the thread was held to the end: {others:?}, {ended:?}");
}

#[tokio::test]
async fn a_hook_that_takes_all_memory_reaches_its_limit() {
    let bomb = "(loop $more (drop (memory.grow (i32.const 100))) (br $more)) unreachable";
    let site = Site::with(&[("bomb", &save_hook(bomb), &[])]).await;
    let failure = failure(&site).await;
    assert_eq!(failure.kind, PluginFailureKind::Limit);
    assert!(failure.message.contains("memory=67108864"), "{failure}");
}

#[tokio::test]
async fn a_result_that_is_too_large_is_a_limit_and_not_an_allocation() {
    // A list of 30,000 problems that all name the same text.
    let much = "
        (i32.store8 (i32.const 0) (i32.const 1))
        (i32.store (i32.const 4) (i32.const 8192)) (i32.store (i32.const 8) (i32.const 4000))
        (i32.const 0)";
    let call = CallLimits { output_bytes_max: 64 * 1024, ..CallLimits::default() };
    let limits = PluginLimits { call, ..PluginLimits::default() };
    let site = Site::limited(limits, &[("large", &save_hook(much), &[])]).await;
    let failure = failure(&site).await;
    assert_eq!(failure.kind, PluginFailureKind::Limit, "{failure}");
}

#[tokio::test]
async fn after_a_failure_the_next_call_gets_a_fresh_instance() {
    // Traps when a byte of its memory is set, and sets it: only a second call in the same memory would trap.
    let once = format!(
        "(if (i32.load8_u (i32.const 200)) (then unreachable)) (i32.store8 (i32.const 200) (i32.const 1)) {CHANGES_A_FIELD}"
    );
    let site = Site::with(&[("once", &save_hook(&once), &[])]).await;
    for _ in 0..3 {
        site.save("A title").await.unwrap();
    }
}

#[tokio::test]
async fn a_plugin_that_fails_again_and_again_is_paused_and_the_operator_told() {
    let site = Site::with(&[("broken", &save_hook("unreachable"), &[])]).await;
    for _ in 0..3 {
        assert_eq!(failure(&site).await.kind, PluginFailureKind::Trapped);
    }
    let paused = failure(&site).await;
    assert_eq!(paused.kind, PluginFailureKind::Unavailable);
    assert!(paused.message.starts_with("is paused after 3 failures in a row"), "{paused}");
    let Condition::Paused(reason) = site.host.health()[0].condition.clone() else {
        panic!("it is not paused");
    };
    assert!(reason.starts_with("failed 3 times in a row, the last time it trapped"), "{reason}");
    let report = site.host.reports().remove(0);
    assert_eq!((report.measures.calls, report.measures.traps), (3, 3));
    assert_eq!(report.measures.turned_away, 1);
    assert!(report.measures.memory_peak_bytes >= 2 * 65_536, "{report:?}");
    assert!(site.log("broken").await.iter().any(|it| it.starts_with("is paused")));
}
