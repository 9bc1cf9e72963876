//! The compiler in its own process.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use smartcms_plugin_host::{
    COMPONENT_BYTES_MAX, CompileError, CompileLimits, Compiler, CompilerCommand, ComponentLoader,
    PluginFault, RunError, RunOutcome, run,
};

use crate::support::{engine, invoke, request, wasm};

/// This crate's example program, which the same build made.
fn command() -> CompilerCommand {
    let this = std::env::current_exe().unwrap();
    let folder = this.parent().and_then(std::path::Path::parent).unwrap();
    let program = folder.join("examples/compile_child");
    assert!(program.exists(), "{} is missing: run the tests of the whole crate", program.display());
    CompilerCommand { program, arguments: Vec::new() }
}

async fn compile(file: Vec<u8>, limits: CompileLimits) -> Result<RunOutcome, CompileError> {
    compile_with(command(), file, limits).await
}

async fn compile_with(
    command: CompilerCommand,
    file: Vec<u8>,
    limits: CompileLimits,
) -> Result<RunOutcome, CompileError> {
    let loader = ComponentLoader::new(engine(), Compiler::in_child(command, limits), None);
    match run(&loader, request(file, invoke("answer()"))).await {
        Ok(outcome) => Ok(outcome),
        Err(RunError::Plugin(error)) => match error.fault {
            PluginFault::Compile(error) => Err(error),
            other => panic!("unexpected fault: {other}"),
        },
        Err(other) => panic!("unexpected error: {other}"),
    }
}

/// A module whose compilation is long: one function with very many instructions that depend on each other.
fn bomb() -> Vec<u8> {
    let mut text =
        String::from(r#"(module (func (export "answer") (param i64) (result i64) (local.get 0)"#);
    for number in 0..400_000 {
        text.push_str(&format!(
            "(local.get 0) (i64.const {number}) i64.mul i64.rotl (local.tee 0)"
        ));
    }
    text.push_str("))");
    wasm(&text)
}

#[tokio::test]
async fn a_child_compiles_what_this_process_runs() {
    let module = wasm(r#"(module (func (export "answer") (result i32) (i32.const 42)))"#);
    let outcome = compile(module, CompileLimits::default()).await;
    assert_eq!(outcome, Ok(RunOutcome::Values(vec!["42".to_owned()])));
}

#[tokio::test]
async fn what_is_not_valid_is_refused_with_the_compilers_words() {
    let module = wasm(r#"(module (func (export "answer") (result i32) (i64.const 42)))"#);
    let Err(CompileError::Invalid(message)) = compile(module, CompileLimits::default()).await
    else {
        panic!("it should not compile");
    };
    assert!(message.contains("type mismatch"), "{message}");
}

#[tokio::test]
async fn a_file_larger_than_a_plugin_may_be_never_reaches_the_compiler() {
    let mut module = wasm(r#"(module (func (export "answer") (result i32) (i32.const 42)))"#);
    // A custom section: its number, its size in five bytes, its content.
    let filling = COMPONENT_BYTES_MAX;
    module.push(0);
    module.extend(
        (0..5).map(|it| ((filling >> (7 * it)) & 0x7f) as u8 | if it < 4 { 0x80 } else { 0 }),
    );
    module.push(1);
    module.extend(std::iter::repeat_n(b'x', filling - 1));
    let nowhere = CompilerCommand { program: PathBuf::from("/nowhere"), arguments: Vec::new() };
    let outcome = compile_with(nowhere, module, CompileLimits::default()).await;
    assert!(matches!(outcome, Err(CompileError::FileTooLarge { .. })), "{outcome:?}");
}

#[tokio::test]
async fn a_compile_bomb_ends_at_the_time_by_the_clock() {
    let limits =
        CompileLimits { wall_time: Duration::from_millis(300), ..CompileLimits::default() };
    let begun = Instant::now();
    let outcome = compile(bomb(), limits).await;
    assert!(matches!(outcome, Err(CompileError::TimedOut { .. })), "{outcome:?}");
    assert!(begun.elapsed() < Duration::from_secs(20));
}

#[tokio::test]
async fn a_compile_bomb_ends_at_the_time_of_the_processor() {
    let limits = CompileLimits { processor_seconds: 1, ..CompileLimits::default() };
    assert_eq!(compile(bomb(), limits).await, Err(CompileError::TimedOut { seconds: 1 }));
}

#[tokio::test]
async fn a_compile_bomb_ends_at_the_limit_of_memory() {
    let memory_bytes = 192 * 1024 * 1024;
    let limits = CompileLimits { memory_bytes, ..CompileLimits::default() };
    assert_eq!(
        compile(bomb(), limits).await,
        Err(CompileError::OutOfMemory { bytes_max: memory_bytes })
    );
}

#[tokio::test]
async fn machine_code_has_a_limit_of_its_own() {
    let module = wasm(r#"(module (func (export "answer") (result i32) (i32.const 42)))"#);
    let limits = CompileLimits { artefact_bytes_max: 1000, ..CompileLimits::default() };
    assert_eq!(
        compile(module, limits).await,
        Err(CompileError::ArtefactTooLarge { bytes_max: 1000 })
    );
}

#[tokio::test]
async fn a_compiler_that_cannot_run_is_no_fault_of_the_plugin() {
    let module = || wasm(r#"(module (func (export "answer") (result i32) (i32.const 42)))"#);
    for program in ["/nowhere/compiler", "/bin/false"] {
        let command = CompilerCommand { program: PathBuf::from(program), arguments: Vec::new() };
        let outcome = compile_with(command, module(), CompileLimits::default()).await;
        assert!(matches!(outcome, Err(CompileError::Unavailable(_))), "{outcome:?}");
    }
}
