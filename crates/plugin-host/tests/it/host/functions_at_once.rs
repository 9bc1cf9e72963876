//! Functions on the thread of a query: the same promises as where calls are awaited.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use smartcms_app::ports::{
    FunctionError, FunctionsAtOnce, PluginFailureKind, Plugins, Scalar, ScalarType,
};
use smartcms_plugin_host::{CallLimits, CallTimes, PluginLimits, query_functions};
use smartcms_testkit::builders::plugin;
use tokio::runtime::Handle;

use super::guest::component;
use super::site::Site;

/// The functions of the guest, by their place; `echo` takes a text and gives it back, the others take nothing.
const FUNCTIONS: [&str; 7] = ["echo", "count", "loop", "trap", "memory", "sleep", "grow"];
const LIMIT: Duration = Duration::from_millis(200);

/// A guest with these functions. It tells them apart by their first letter.
fn guest() -> Vec<u8> {
    let world = "import wasi:io/poll@0.2.0; import wasi:clocks/monotonic-clock@0.2.0; \
        export smartcms:plugin/functions@0.1.0;";
    let mut data = String::new();
    let word = |it: u32| it.to_le_bytes().map(|byte| format!("\\{byte:02x}")).concat();
    for (at, name) in (0..).zip(FUNCTIONS) {
        let (address, takes) = (4096 + at * 16, u32::from(name == "echo"));
        let length = u32::try_from(name.len()).unwrap();
        // A name, a description, parameters, the type of the result, and whether it is deterministic.
        let text = format!("{}{}", word(address), word(length)).repeat(2);
        let result = if name == "echo" { "\\03" } else { "\\01" };
        let record = format!("{text}{}{}{result}\\00", word(1024), word(takes));
        writeln!(data, r#"(data (i32.const {address}) "{name}")"#).unwrap();
        writeln!(data, r#"(data (i32.const {}) "{record}")"#, 2048 + at * 28).unwrap();
    }
    let list = format!("{}{}", word(2048), word(u32::try_from(FUNCTIONS.len()).unwrap()));
    let parameter = format!("{}{}\\03", word(4096), word(4));
    let body = format!(
        r#"(import "wasi:clocks/monotonic-clock@0.2.0" "subscribe-duration"
             (func $in (param i64) (result i32)))
           (import "wasi:io/poll@0.2.0" "[method]pollable.block" (func $block (param i32)))
           {data}
           (data (i32.const 1024) "{parameter}")
           (data (i32.const 32) "{list}")
           (global $count (mut i64) (i64.const 0))
           (func (export "smartcms:plugin/functions@0.1.0#list") (result i32) (i32.const 32))
           (func (export "smartcms:plugin/functions@0.1.0#call")
             (param $name i32) (param i32) (param $arguments i32) (param i32) (result i32)
             (local $letter i32)
             (local.set $letter (i32.load8_u (local.get $name)))
             (if (i32.eq (local.get $letter) (i32.const {loops})) (then (loop $on (br $on))))
             (if (i32.eq (local.get $letter) (i32.const {trap})) (then unreachable))
             (if (i32.eq (local.get $letter) (i32.const {memory})) (then
               (if (i32.eq (memory.grow (i32.const 2000)) (i32.const -1)) (then unreachable))))
             (if (i32.eq (local.get $letter) (i32.const {grow})) (then
               (if (i32.eq (memory.grow (i32.const 16)) (i32.const -1)) (then unreachable))))
             (if (i32.eq (local.get $letter) (i32.const {sleep})) (then
               (call $block (call $in (i64.const 60000000000)))))
             (i32.store8 (i32.const 0) (i32.const 0))
             (if (i32.eq (local.get $letter) (i32.const {echo}))
               (then
                 (i32.store8 (i32.const 8) (i32.const 4))
                 (i64.store (i32.const 16) (i64.load offset=8 (local.get $arguments))))
               (else
                 (global.set $count (i64.add (global.get $count) (i64.const 1)))
                 (i32.store8 (i32.const 8) (i32.const 2))
                 (i64.store (i32.const 16) (global.get $count))))
             (i32.const 0))"#,
        echo = u32::from(b'e'),
        loops = u32::from(b'l'),
        trap = u32::from(b't'),
        memory = u32::from(b'm'),
        sleep = u32::from(b's'),
        grow = u32::from(b'g'),
    );
    component(world, &body)
}

async fn site() -> Site {
    let call = CallLimits { memory_bytes_max: 16 << 20, ..CallLimits::default() };
    let times = CallTimes { function: LIMIT, ..CallTimes::default() };
    let limits = PluginLimits { call, times, ..PluginLimits::default() };
    Site::limited(limits, &[("functions", &guest(), &[])]).await
}

/// Does something on a thread that may wait.
async fn on_a_thread<T: Send + 'static>(
    site: &Site,
    work: impl FnOnce(&mut dyn FunctionsAtOnce) -> T + Send + 'static,
) -> T {
    let calls = site.host.functions(&plugin("functions")).await.unwrap();
    let mut at_once = calls.at_once().unwrap();
    tokio::task::spawn_blocking(move || work(&mut *at_once)).await.unwrap()
}

fn call(calls: &mut dyn FunctionsAtOnce, name: &str) -> Result<Scalar, FunctionError> {
    let at = FUNCTIONS.iter().position(|it| *it == name).unwrap();
    let arguments = if name == "echo" { vec![Scalar::Text("grüß".to_owned())] } else { vec![] };
    calls.call(at, arguments)
}

#[tokio::test]
async fn one_instance_serves_the_calls_of_a_thread() {
    let site = site().await;
    let counts = |calls: &mut dyn FunctionsAtOnce| {
        assert_eq!(call(calls, "echo"), Ok(Scalar::Text("grüß".to_owned())));
        [call(calls, "count"), call(calls, "count")]
    };
    let expected = [Ok(Scalar::Integer(1)), Ok(Scalar::Integer(2))];
    assert_eq!(on_a_thread(&site, counts).await, expected);
    assert_eq!(on_a_thread(&site, counts).await, expected, "another thread has its own");
}

#[tokio::test]
async fn an_instance_is_replaced_after_ten_thousand_calls() {
    let site = site().await;
    let newest = on_a_thread(&site, |calls| {
        (0..10_001).map(|_| call(calls, "count")).skip(9_999).collect::<Vec<_>>()
    });
    assert_eq!(newest.await, [Ok(Scalar::Integer(10_000)), Ok(Scalar::Integer(1))]);
}

#[tokio::test]
async fn an_instance_that_keeps_more_with_each_call_is_replaced_before_its_limit() {
    let site = site().await;
    let answers: Vec<_> =
        on_a_thread(&site, |calls| (0..40).map(|_| call(calls, "grow")).collect()).await;
    // Of 16 MiB, each call keeps one: an instance that has half of them makes room for the next.
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    let fresh = answers.iter().filter(|it| **it == Ok(Scalar::Integer(1))).count();
    assert!((4..=6).contains(&fresh), "{fresh} instances for 40 calls");
}

#[tokio::test]
async fn what_misbehaves_ends_within_its_limit_and_the_next_call_gets_a_fresh_instance() {
    for (function, expected) in [
        ("loop", PluginFailureKind::TimedOut),
        ("sleep", PluginFailureKind::TimedOut),
        ("trap", PluginFailureKind::Trapped),
        ("memory", PluginFailureKind::Limit),
    ] {
        let site = site().await;
        let (outcome, took, next) = on_a_thread(&site, move |calls| {
            call(calls, "count").unwrap();
            let begun = Instant::now();
            (call(calls, function), begun.elapsed(), call(calls, "count"))
        })
        .await;
        match outcome {
            Err(FunctionError::Failed(failure)) => {
                assert_eq!(failure.kind, expected, "{function}: {failure}");
            }
            other => panic!("{function} should have failed: {other:?}"),
        }
        assert!(took < Duration::from_secs(20), "{function} took {took:?}");
        assert_eq!(next, Ok(Scalar::Integer(1)), "{function}");
    }
}

#[tokio::test]
async fn arguments_are_held_against_the_parameters_and_failures_pause_the_plugin() {
    let site = site().await;
    let outcome = on_a_thread(&site, |calls| {
        assert!(matches!(calls.call(0, vec![]), Err(FunctionError::Arguments(_))));
        assert!(matches!(
            calls.call(0, vec![Scalar::Integer(1)]),
            Err(FunctionError::Arguments(_))
        ));
        assert!(matches!(calls.call(99, vec![]), Err(FunctionError::Unknown { .. })));
        (0..10).for_each(|_| drop(call(calls, "trap")));
        call(calls, "count")
    })
    .await;
    match outcome {
        Err(FunctionError::Failed(failure)) => {
            assert_eq!(failure.kind, PluginFailureKind::Unavailable, "{failure}");
        }
        other => panic!("it should be paused: {other:?}"),
    }
}

#[tokio::test]
async fn a_query_is_told_which_function_failed() {
    let site = site().await;
    let calls = site.host.functions(&plugin("functions")).await.unwrap();
    let functions = query_functions(vec![calls], &Handle::current());
    let (said, signature) = tokio::task::spawn_blocking(move || {
        let mut named = functions.into_iter().map(|(it, _)| it);
        let mut trap = named.find(|it| it.name == "trap").unwrap();
        assert_eq!(trap.parameters, Vec::<ScalarType>::new());
        ((trap.call)(vec![]).unwrap_err(), trap.signature)
    })
    .await
    .unwrap();
    assert!(said.contains("the function trap of the plugin functions"), "{said}");
    assert_eq!(signature, "trap() -> integer");
}
