//! Runs `wasi:cli/run`, of WASI 0.2 or 0.3.

use wasmtime_wasi::I32Exit;
use wasmtime_wasi::{p2, p3};

use super::{Ready, RunError, RunOutcome};
use crate::error::CallError;

/// The line of WASI that a command was built for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    Second,
    Third,
}

/// Whether there is a command to run.
pub(super) fn is_command(ready: &Ready) -> bool {
    line(ready).is_some()
}

/// Runs the command to its exit code.
pub(super) async fn run(ready: &Ready) -> Result<RunOutcome, RunError> {
    let (call, mut store) = ready.begin();
    let pre = ready.pre.clone();
    let line = line(ready);
    let work = async move {
        if line == Some(Line::Third) {
            let command = p3::bindings::CommandPre::new(pre)?.instantiate_async(&mut store).await?;
            store.run_concurrent(async |store| command.wasi_cli_run().call_run(store).await).await?
        } else {
            let command = p2::bindings::CommandPre::new(pre)?.instantiate_async(&mut store).await?;
            command.wasi_cli_run().call_run(&mut store).await
        }
    };
    match call.guarded(work).await {
        Ok(Ok(())) => Ok(RunOutcome::Exit(0)),
        Ok(Err(())) => Ok(RunOutcome::Exit(1)),
        Err(error) => exit_code(&error).map(RunOutcome::Exit).ok_or_else(|| ready.failed(error)),
    }
}

/// The code of a guest that asked to end; to the engine that is an error like any other.
fn exit_code(error: &CallError) -> Option<u8> {
    let CallError::Failed(error) = error else { return None };
    let exit = error.downcast_ref::<I32Exit>()?;
    // Codes that the system cannot pass on are failures all the same.
    Some(u8::try_from(exit.0).unwrap_or(1))
}

fn line(ready: &Ready) -> Option<Line> {
    let component = ready.pre.component();
    let ty = component.component_type();
    let mut exports = ty.exports(ready.engine.wasmtime());
    exports.find_map(|(name, _)| match name {
        name if name.starts_with("wasi:cli/run@0.2.") => Some(Line::Second),
        name if name.starts_with("wasi:cli/run@0.3.") => Some(Line::Third),
        _ => None,
    })
}
