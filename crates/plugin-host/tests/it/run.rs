//! Running one file.

use std::time::Duration;

use smartcms_plugin_host::{LimitReached, PluginFault, RunAction, RunError, RunOutcome, run};

use crate::support::{invoke, loader, main_function, request, wasm};

const NUMBERS: &str = r#"(module
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    (func (export "half") (param f64) (result f64) (f64.div (local.get 0) (f64.const 2)))
    (func (export "both") (result i64 i32) (i64.const -1) (i32.const 2))
    (func (export "trap") unreachable)
    (func (export "loop") (loop (br 0)))
    (func (export "grow") (result i32) (memory.grow (i32.const 2000)))
    (memory 1))"#;

/// `run: func() -> string` as the original system's guests have it, and a function in an interface.
const TEXT: &str = r#"(component
    (core module $m
        (memory (export "memory") 1)
        (data (i32.const 16) "a story")
        (func (export "run") (result i32)
            (i32.store (i32.const 0) (i32.const 16)) (i32.store (i32.const 4) (i32.const 7)) (i32.const 0))
        (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))
    (core instance $i (instantiate $m))
    (func $run (result string) (canon lift (core func $i "run") (memory (core memory $i "memory"))))
    (func $add (param "a" u32) (param "b" u32) (result u32) (canon lift (core func $i "add")))
    (instance $math (export "add" (func $add)))
    (export "run" (func $run))
    (export "demo:calculator/math@1.0.0" (instance $math)))"#;

/// A command of WASI 0.1 that writes 100 bytes again and again.
const FLOOD: &str = r#"(module
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (func (export "_start")
        (i32.store (i32.const 0) (i32.const 16)) (i32.store (i32.const 4) (i32.const 100))
        (loop $again
            (br_if $again (i32.eqz (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))))"#;

async fn values(text: &str, call: &str) -> Vec<String> {
    match run(&loader(), request(wasm(text), invoke(call))).await.unwrap() {
        RunOutcome::Values(values) => values,
        other => panic!("{other:?}"),
    }
}

async fn failure(text: &str, action: RunAction) -> RunError {
    run(&loader(), request(wasm(text), action)).await.unwrap_err()
}

fn fault(error: RunError) -> PluginFault {
    let RunError::Plugin(error) = error else { panic!("{error}") };
    assert_eq!(error.plugin, "demo.wasm");
    error.fault
}

#[tokio::test]
async fn numeric_functions_of_a_core_module_can_be_called() {
    assert_eq!(values(NUMBERS, "add(1, 2)").await, ["3"]);
    assert_eq!(values(NUMBERS, "add(-1, 2147483647)").await, ["2147483646"]);
    assert_eq!(values(NUMBERS, "half(5)").await, ["2.5"]);
    assert_eq!(values(NUMBERS, "both").await, ["-1", "2"]);
}

#[tokio::test]
async fn a_call_that_does_not_fit_names_what_there_is() {
    let message = failure(NUMBERS, invoke("sub(1, 2)")).await.to_string();
    assert!(message.contains("sub") && message.contains("\n  add: func("), "{message}");
    for call in
        ["add(1)", "add(1, 2, 3)", "add(\"a\", 2)", "add(1, 4294967296)", "add(1, 2", "add 1 2"]
    {
        let message = failure(NUMBERS, invoke(call)).await.to_string();
        assert!(message.contains("add"), "{call}: {message}");
    }
    let message = failure(TEXT, invoke("nothing()")).await.to_string();
    assert!(
        message.contains("demo:calculator/math@1.0.0#add: func(a: u32, b: u32) -> u32"),
        "{message}"
    );
}

#[tokio::test]
async fn functions_in_interfaces_are_found_by_every_form_of_their_name() {
    for name in [
        "add",
        "math.add",
        "math#add",
        "demo:calculator/math#add",
        "demo:calculator/math@1.0.0#add",
    ] {
        assert_eq!(values(TEXT, &format!("{name}(20, 22)")).await, ["42"], "{name}");
    }
}

#[tokio::test]
async fn a_main_function_that_answers_a_text_gives_it_plainly() {
    let outcome = run(&loader(), request(wasm(TEXT), main_function())).await.unwrap();
    assert_eq!(outcome, RunOutcome::Text("a story".to_owned()));
    assert_eq!(values(TEXT, "run()").await, ["\"a story\""]);
}

#[tokio::test]
async fn a_file_without_a_main_function_says_what_can_be_called() {
    let message = failure(NUMBERS, main_function()).await.to_string();
    assert!(message.contains("--invoke") && message.contains("add: func("), "{message}");
    let message = failure("(component)", main_function()).await.to_string();
    assert!(message.contains("exports no functions"), "{message}");
}

#[tokio::test]
async fn limits_end_a_call_with_their_name() {
    let mut slow = request(wasm(NUMBERS), invoke("loop()"));
    slow.time = Duration::from_millis(50);
    let ended = fault(run(&loader(), slow).await.unwrap_err());
    assert!(matches!(ended, PluginFault::Limit(LimitReached::Time { .. })), "{ended}");
    assert!(ended.to_string().contains("time=50ms"));
    let ended = fault(failure(NUMBERS, invoke("grow()")).await);
    assert!(matches!(ended, PluginFault::Limit(LimitReached::Memory { .. })), "{ended}");
    let ended = fault(failure(NUMBERS, invoke("trap()")).await);
    assert!(matches!(ended, PluginFault::Trap { .. }), "{ended}");
}

#[tokio::test]
async fn what_is_imported_and_not_granted_is_refused_before_it_runs() {
    let text = r#"(component (import "wasi:keyvalue/store@0.2.0-draft" (instance)))"#;
    let refused = fault(failure(text, main_function()).await);
    let message = refused.to_string();
    assert!(matches!(refused, PluginFault::Denied { capability: "kv", .. }), "{message}");
    assert!(message.contains("--grant kv"), "{message}");
    let text = r#"(module (import "env" "shell" (func)) (func (export "go")))"#;
    assert!(matches!(
        fault(failure(text, invoke("go()")).await),
        PluginFault::UnknownImport { .. }
    ));
}

#[tokio::test]
async fn a_flood_of_output_ends_at_its_limit() {
    let mut flood = request(wasm(FLOOD), main_function());
    flood.limits.call.output_bytes_max = 1000;
    let ended = fault(run(&loader(), flood).await.unwrap_err());
    assert!(
        matches!(ended, PluginFault::Limit(LimitReached::Output { limit_bytes: 1000 })),
        "{ended}"
    );
}
