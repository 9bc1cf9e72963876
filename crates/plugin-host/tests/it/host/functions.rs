//! Functions of a real plugin: called in one instance, within their limits, and only where they are pure.

use std::time::Duration;

use smartcms_app::ports::{
    FunctionCalls, FunctionError, PluginFailureKind, PluginFunction, Plugins, Scalar,
};
use smartcms_plugin_host::{CallLimits, CallTimes, PluginLimits};
use smartcms_testkit::builders::plugin;

use super::guest::{built_case, component};
use super::site::Site;

async fn site() -> Site {
    let call = CallLimits { memory_bytes_max: 16 << 20, ..CallLimits::default() };
    // An unoptimised build on a busy machine is slower than a site: what is measured here is that there is a limit.
    let times = CallTimes { function: Duration::from_millis(300), ..CallTimes::default() };
    let limits = PluginLimits { call, times, ..PluginLimits::default() };
    Site::limited(limits, &[("functions", &built_case("functions"), &[])]).await
}

async fn open(site: &Site) -> Box<dyn FunctionCalls> {
    site.host.functions(&plugin("functions")).await.unwrap()
}

fn text(text: &str) -> Scalar {
    Scalar::Text(text.to_owned())
}

#[tokio::test]
async fn functions_are_declared_and_called() {
    let site = site().await;
    let mut calls = open(&site).await;
    let signatures: Vec<String> = calls.functions().iter().map(PluginFunction::signature).collect();
    assert!(signatures.contains(&"add(a: number, b: number) -> number".to_owned()));
    let sum = calls.call("add", vec![Scalar::Integer(1), Scalar::Number(0.5)]).await;
    assert_eq!(sum, Ok(Scalar::Number(1.5)));
    assert_eq!(calls.call("add", vec![Scalar::Null, Scalar::Null]).await, Ok(Scalar::Null));
    assert_eq!(calls.call("shout", vec![text("grüß")]).await, Ok(text("GRÜSS")));
    let reversed = calls.call("reversed", vec![Scalar::Bytes(vec![1, 2, 0])]).await;
    assert_eq!(reversed, Ok(Scalar::Bytes(vec![0, 2, 1])));
}

#[tokio::test]
async fn what_a_function_does_not_take_never_reaches_it() {
    let site = site().await;
    let mut calls = open(&site).await;
    for arguments in [vec![], vec![text("1"), text("2")], vec![Scalar::Null; 3]] {
        let outcome = calls.call("add", arguments).await;
        assert!(matches!(outcome, Err(FunctionError::Arguments(_))), "{outcome:?}");
    }
    let outcome = calls.call("absent", vec![]).await;
    assert!(matches!(outcome, Err(FunctionError::Unknown { .. })), "{outcome:?}");
}

#[tokio::test]
async fn each_caller_has_an_instance_of_its_own() {
    let site = site().await;
    let (mut first, mut second) = (open(&site).await, open(&site).await);
    for count in 1..=3 {
        assert_eq!(first.call("count", vec![]).await, Ok(Scalar::Integer(count)));
    }
    assert_eq!(second.call("count", vec![]).await, Ok(Scalar::Integer(1)));
}

#[tokio::test]
async fn what_misbehaves_is_contained_and_the_next_call_gets_a_fresh_instance() {
    for (function, expected) in [
        ("loop", PluginFailureKind::TimedOut),
        ("memory", PluginFailureKind::Limit),
        ("trap", PluginFailureKind::Trapped),
        ("huge", PluginFailureKind::Limit),
        ("lie", PluginFailureKind::Unusable),
    ] {
        let site = site().await;
        let mut calls = open(&site).await;
        calls.call("count", vec![]).await.unwrap();
        match calls.call(function, vec![]).await {
            Err(FunctionError::Failed(failure)) => {
                assert_eq!(failure.kind, expected, "{function}: {failure}");
            }
            other => panic!("{function} should have failed: {other:?}"),
        }
        let count = calls.call("count", vec![]).await.unwrap();
        let fresh = if function == "lie" { 2 } else { 1 };
        assert_eq!(count, Scalar::Integer(fresh), "{function}");
    }
}

#[tokio::test]
async fn a_function_that_refuses_says_why() {
    let site = site().await;
    let outcome = open(&site).await.call("refuse", vec![]).await;
    assert_eq!(outcome, Err(FunctionError::Refused("asked to refuse".to_owned())));
}

#[tokio::test]
async fn functions_beside_other_imports_are_not_called_whatever_was_granted() {
    let world = "import wasi:keyvalue/store@0.2.0-draft; export smartcms:plugin/functions@0.1.0;";
    let body = r#"
        (func (export "smartcms:plugin/functions@0.1.0#list") (result i32) (i32.const 0))
        (func (export "smartcms:plugin/functions@0.1.0#call") (param i32 i32 i32 i32) (result i32) unreachable)
        (import "wasi:keyvalue/store@0.2.0-draft" "open" (func (param i32 i32 i32)))"#;
    let mut parts: Vec<&str> = body.trim().split('\n').collect();
    parts.rotate_right(1);
    let guest = component(world, &parts.join("\n"));
    let site = Site::with(&[("impure", &guest, &["kv"])]).await;
    match site.host.functions(&plugin("impure")).await.map(|it| it.functions().len()) {
        Err(FunctionError::Failed(failure)) => {
            assert_eq!(failure.kind, PluginFailureKind::Denied);
            assert!(failure.message.contains("wasi:keyvalue/store"), "{failure}");
        }
        other => panic!("it should have been refused: {other:?}"),
    }
}

#[tokio::test]
async fn a_plugin_without_functions_is_told() {
    let site = site().await;
    let error = site.host.functions(&plugin("absent")).await.map(|_| ()).unwrap_err();
    assert!(matches!(error, FunctionError::Unknown { .. }), "{error}");
    assert_eq!(site.host.function_libraries(), [plugin("functions")]);
}
