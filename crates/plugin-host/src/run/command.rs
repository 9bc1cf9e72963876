//! Runs a program to its exit code.

use super::{Ready, RunError, RunOutcome};
use crate::program::Program;

/// Runs `wasi:cli/run` to its exit code; `None` where there is none.
pub(super) async fn run(ready: &Ready) -> Option<Result<RunOutcome, RunError>> {
    let program = match Program::of(ready.engine.wasmtime(), &ready.pre) {
        Ok(program) => program?,
        Err(error) => return Some(Err(ready.failed(crate::error::CallError::Failed(error)))),
    };
    let (call, store) = ready.begin();
    let ended = call.guarded(async move { program.run(store).await }).await;
    Some(ended.map(RunOutcome::Exit).map_err(|error| ready.failed(error)))
}
