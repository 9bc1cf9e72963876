//! Functions of a component that is one module: called in that module, with nothing of what it gives believed.

use std::time::Duration;

use smartcms_app::ports::{FunctionError, PluginFailureKind, Plugins, Scalar};
use smartcms_plugin_host::{CallLimits, CallTimes, PluginLimits};
use smartcms_testkit::builders::plugin;

use super::guest::{built_case, component, component_with};
use super::site::Site;

const WORLD: &str = "export smartcms:plugin/functions@0.1.0;";
const OUTPUT_BYTES_MAX: usize = 64 * 1024;
/// Where the guest lays its answer: eight bytes of a result, eight of a case, eight of a value.
const ANSWER: &str = "(i32.const 16)";

/// A guest with one function `f(value: text) -> text`, which does this with its list of arguments and what it has for
/// a name, and gives an address. Whatever was given back is counted at the address 8.
fn guest(parts: &str, body: &str) -> Vec<u8> {
    component(WORLD, &module(parts, body))
}

fn module(parts: &str, body: &str) -> String {
    format!(
        r#"{parts}
           (data (i32.const 1024) "f")
           (data (i32.const 1040) "\00\04\00\00\01\00\00\00\03\00\00\00")
           (data (i32.const 1056) "\00\04\00\00\01\00\00\00\00\04\00\00\01\00\00\00\10\04\00\00\01\00\00\00\03\00\00\00")
           (data (i32.const 1096) "\20\04\00\00\01\00\00\00")
           (func (export "smartcms:plugin/functions@0.1.0#list") (result i32) (i32.const 1096))
           (func (export "cabi_post_smartcms:plugin/functions@0.1.0#call") (param i32)
             (i32.store (i32.const 8) (i32.add (i32.load (i32.const 8)) (i32.const 1))))
           (func (export "smartcms:plugin/functions@0.1.0#call")
             (param $name i32) (param $name-length i32) (param $list i32) (param $count i32) (result i32)
             {body} {ANSWER})
           (func $answer (param $result i32) (param $case i32) (param $value i64)
             (i32.store8 (i32.const 16) (local.get $result))
             (i32.store8 (i32.const 24) (local.get $case))
             (i64.store (i32.const 32) (local.get $value)))"#
    )
}

/// Calls the function of such a guest with each argument, one after the other in one instance as long as it holds.
async fn called(guest: &[u8], arguments: &[Scalar]) -> Vec<Result<Scalar, FunctionError>> {
    let call = CallLimits {
        memory_bytes_max: 16 << 20,
        output_bytes_max: OUTPUT_BYTES_MAX,
        ..CallLimits::default()
    };
    let times = CallTimes { function: Duration::from_millis(300), ..CallTimes::default() };
    let limits = PluginLimits { call, times, ..PluginLimits::default() };
    let site = Site::limited(limits, &[("lowered", guest, &[])]).await;
    let calls = site.host.functions(&plugin("lowered")).await.unwrap();
    let mut at_once = calls.at_once().unwrap();
    let arguments = arguments.to_vec();
    let all = move || arguments.into_iter().map(|it| at_once.call(0, vec![it])).collect();
    tokio::task::spawn_blocking(all).await.unwrap()
}

fn text(text: &str) -> Scalar {
    Scalar::Text(text.to_owned())
}

fn failure(outcome: &Result<Scalar, FunctionError>) -> (PluginFailureKind, String) {
    match outcome {
        Err(FunctionError::Failed(failure)) => (failure.kind, failure.to_string()),
        other => panic!("it should have failed: {other:?}"),
    }
}

#[tokio::test]
async fn what_was_given_comes_back() {
    // The argument's value is a text's address and length, which are those of the answer.
    let body = "(call $answer (i32.const 0) (i32.const 4) (i64.load offset=8 (local.get $list)))";
    let never_taken_back = module("", body).replace("cabi_post_", "unused_");
    let long = "ü".repeat(OUTPUT_BYTES_MAX / 2);
    let given = [text("grüß"), text(""), text("\0"), text(&long)];
    for echo in [guest("", body), component(WORLD, &never_taken_back)] {
        assert_eq!(called(&echo, &given).await, given.clone().map(Ok));
    }
}

#[tokio::test]
async fn what_a_call_gave_is_given_back_after_it_was_read() {
    // Gives as many letters as were given back before.
    let count = guest(
        r#"(data (i32.const 2048) "xxxx")"#,
        "(call $answer (i32.const 0) (i32.const 4)
           (i64.or (i64.const 2048) (i64.shl (i64.load32_u (i32.const 8)) (i64.const 32))))",
    );
    let outcome = called(&count, &[Scalar::Null, Scalar::Null, Scalar::Null]).await;
    assert_eq!(outcome, [Ok(text("")), Ok(text("x")), Ok(text("xx"))]);
}

#[tokio::test]
async fn a_missing_value_and_a_refusal_are_told_apart() {
    let null = guest("", "(call $answer (i32.const 0) (i32.const 0) (i64.const -1))");
    assert_eq!(called(&null, &[text("a")]).await, [Ok(Scalar::Null)]);
    let refusal = guest(
        r#"(data (i32.const 2048) "not today")"#,
        "(call $answer (i32.const 1) (i32.const 0) (i64.const 0))
         (i32.store (i32.const 24) (i32.const 2048)) (i32.store (i32.const 28) (i32.const 9))",
    );
    let refused = Err(FunctionError::Refused("not today".to_owned()));
    assert_eq!(called(&refusal, &[text("a"), text("b")]).await, [refused.clone(), refused]);
}

#[tokio::test]
async fn nothing_that_a_module_gives_is_believed() {
    let answer = |result: u32, case: u32, address: i64, length: i64| {
        let value = address | length << 32;
        format!("(call $answer (i32.const {result}) (i32.const {case}) (i64.const {value}))")
    };
    let invalid = r#"(data (i32.const 2048) "\ff")"#;
    for (parts, body, expected) in [
        ("", answer(2, 4, 0, 0), "the case 2 of a result"),
        ("", answer(0, 6, 0, 0), "the case 6 of a scalar"),
        ("", answer(0, 4, 0xffff_fff0, 4), "the address 4294967280"),
        ("", answer(0, 4, 131_070, 4), "the address 131070"),
        (invalid, answer(0, 4, 2048, 1), "a text that is none"),
        ("", format!("{} (return (i32.const 20))", answer(0, 0, 0, 0)), "8 does not divide"),
        ("", "(return (i32.const -8))".to_owned(), "the address 4294967288"),
        ("", "(return (i32.const 131064))".to_owned(), "the address 131064"),
    ] {
        let outcome = called(&guest(parts, &body), &[text("a")]).await;
        let (kind, message) = failure(&outcome[0]);
        assert_eq!(kind, PluginFailureKind::Trapped, "{body}: {message}");
        assert!(message.contains(expected), "{body}: {message}");
    }
}

#[tokio::test]
async fn room_that_is_none_is_not_written_to() {
    for (room, expected) in [
        ("(i32.const -8)", "out of bounds memory access"),
        ("(i32.const 131064)", "out of bounds memory access"),
        ("(i32.add (local.get 2) (i32.const 3))", "unreachable"),
        ("unreachable", "unreachable"),
    ] {
        let guest = component_with(room, WORLD, &module("", "unreachable"));
        let outcome = called(&guest, &[text("a text")]).await;
        let (kind, message) = failure(&outcome[0]);
        assert_eq!(kind, PluginFailureKind::Trapped, "{room}: {message}");
        assert!(message.contains(expected), "{room}: {message}");
    }
}

#[tokio::test]
async fn what_misbehaves_ends_within_its_limits() {
    let too_long = i64::try_from(OUTPUT_BYTES_MAX + 1).unwrap() << 32;
    let huge = format!("(call $answer (i32.const 0) (i32.const 4) (i64.const {too_long}))");
    for (body, expected) in [
        ("(loop $on (br $on))", PluginFailureKind::TimedOut),
        ("unreachable", PluginFailureKind::Trapped),
        (
            "(drop (i32.div_u (memory.grow (i32.const 2000)) (i32.const 0)))",
            PluginFailureKind::Limit,
        ),
        (&huge, PluginFailureKind::Limit),
    ] {
        // The first call of an instance goes well; the second one does it.
        let twice = format!(
            "(if (i32.eqz (i32.load8_u (i32.const 0))) (then
               (i32.store8 (i32.const 0) (i32.const 1))
               (call $answer (i32.const 0) (i32.const 0) (i64.const 0))
               (return {ANSWER})))
             {body}"
        );
        let outcome = called(&guest("", &twice), &[text("a"), text("b"), text("c")]).await;
        assert_eq!(outcome[0], Ok(Scalar::Null), "{body}");
        assert_eq!(failure(&outcome[1]).0, expected, "{body}");
        assert_eq!(outcome[2], Ok(Scalar::Null), "{body}: the next call has a fresh instance");
    }
}

#[tokio::test]
async fn a_plugin_in_rust_takes_values_of_every_type_and_any_length() {
    let call = CallLimits { memory_bytes_max: 16 << 20, ..CallLimits::default() };
    let times = CallTimes { function: Duration::from_millis(300), ..CallTimes::default() };
    let limits = PluginLimits { call, times, ..PluginLimits::default() };
    let site = Site::limited(limits, &[("functions", &built_case("functions"), &[])]).await;
    let calls = site.host.functions(&plugin("functions")).await.unwrap();
    let names: Vec<String> = calls.functions().iter().map(|it| it.name.clone()).collect();
    let mut at_once = calls.at_once().unwrap();
    let bytes: Vec<u8> = (0..300_000).map(|it| u8::try_from(it % 251).unwrap()).collect();
    let reversed: Vec<u8> = bytes.iter().rev().copied().collect();
    let long = "grüß ".repeat(100);
    let cases = [
        ("add", vec![Scalar::Integer(1), Scalar::Number(0.5)], Scalar::Number(1.5)),
        ("add", vec![Scalar::Null, Scalar::Number(0.5)], Scalar::Null),
        ("shout", vec![text("grüß")], text("GRÜSS")),
        ("shout", vec![text(&long)], text(&long.to_uppercase())),
        ("reversed", vec![Scalar::Bytes(bytes)], Scalar::Bytes(reversed)),
        ("shout", vec![text("")], text("")),
    ];
    let outcome = tokio::task::spawn_blocking(move || {
        cases.map(|(name, arguments, expected)| {
            let at = names.iter().position(|it| it == name).unwrap();
            (name, at_once.call(at, arguments), expected)
        })
    });
    for (name, found, expected) in outcome.await.unwrap() {
        assert!(found == Ok(expected), "{name}: {:?}", found.map(|_| "another value"));
    }
}
