//! Core modules become components.

use smartcms_plugin_host::{ConvertError, Form, RunOutcome, run, to_component};

use crate::support::{loader, main_function, request, wasm};

/// Writes nothing and fails. The adapter passes on that it failed, and not the number.
const COMMAND: &str = r#"(module
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (func (export "_start") (call $exit (i32.const 7))))"#;

#[track_caller]
fn check(text: &str, expected: Result<Form, &str>) {
    let file = wasm(text);
    let got = to_component(&file);
    assert_eq!(got.as_ref().map(|it| it.form), expected.map_err(|_| got.as_ref().unwrap_err()));
    if let (Err(error), Err(words)) = (&got, expected) {
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[test]
fn a_component_stays_as_it_is() {
    let file = wasm("(component)");
    let converted = to_component(&file).unwrap();
    assert_eq!((converted.form, &*converted.wasm), (Form::Component, file.as_slice()));
}

#[test]
fn a_module_of_wasi_0_1_becomes_a_component() {
    check(COMMAND, Ok(Form::ConvertedModule));
}

#[test]
fn a_module_without_types_stays_a_module() {
    check(
        r#"(module (func (export "add") (param i32 i32) (result i32) (i32.const 0)))"#,
        Ok(Form::CoreModule),
    );
}

#[test]
fn an_older_wasi_is_named() {
    check(
        r#"(module (import "wasi_unstable" "proc_exit" (func (param i32))))"#,
        Err("wasi_unstable"),
    );
}

#[test]
fn a_module_whose_imports_do_not_fit_is_refused() {
    check(
        r#"(module (import "wasi_snapshot_preview1" "no_such_call" (func)) (memory (export "memory") 1))"#,
        Err("could not be made a component"),
    );
}

#[test]
fn what_is_no_webassembly_is_refused() {
    for file in [&b""[..], b"hello", b"\0asm", b"\0asm\x01\0\0\0\xff\xff\xff\xff\xff"] {
        assert!(matches!(to_component(file), Err(ConvertError::NotWasm(_))), "{file:?}");
    }
}

#[tokio::test]
async fn a_converted_command_runs_and_says_that_it_failed() {
    let outcome = run(&loader(), request(wasm(COMMAND), main_function())).await.unwrap();
    assert_eq!(outcome, RunOutcome::Exit(1));
}
