//! `wasi:cli/run`, of WASI 0.2 or 0.3: for `smartcms run`, and as the task of a plugin.

use wasmtime::component::InstancePre;
use wasmtime::{Engine, Store};
use wasmtime_wasi::{I32Exit, p2, p3};

use crate::state::GuestState;

/// A linked component that is a program.
pub(crate) enum Program {
    /// Of WASI 0.2.
    Second(p2::bindings::CommandPre<GuestState>),
    /// Of WASI 0.3.
    Third(p3::bindings::CommandPre<GuestState>),
}

impl Program {
    /// The program of a component; `None` where it exports none.
    pub(crate) fn of(
        engine: &Engine,
        pre: &InstancePre<GuestState>,
    ) -> wasmtime::Result<Option<Self>> {
        let ty = pre.component().component_type();
        let exports = |line: &str| ty.exports(engine).any(|(name, _)| name.starts_with(line));
        Ok(if exports("wasi:cli/run@0.3.") {
            Some(Self::Third(p3::bindings::CommandPre::new(pre.clone())?))
        } else if exports("wasi:cli/run@0.2.") {
            Some(Self::Second(p2::bindings::CommandPre::new(pre.clone())?))
        } else {
            None
        })
    }

    /// Runs it to its exit code.
    pub(crate) async fn run(&self, mut store: Store<GuestState>) -> wasmtime::Result<u8> {
        let ended = match self {
            Self::Second(pre) => match pre.instantiate_async(&mut store).await {
                Ok(command) => command.wasi_cli_run().call_run(&mut store).await,
                Err(error) => Err(error),
            },
            Self::Third(pre) => match pre.instantiate_async(&mut store).await {
                Ok(command) => store
                    .run_concurrent(async |store| command.wasi_cli_run().call_run(store).await)
                    .await
                    .flatten(),
                Err(error) => Err(error),
            },
        };
        match ended {
            Ok(Ok(())) => Ok(0),
            Ok(Err(())) => Ok(1),
            Err(error) => exit_code(&error).ok_or(error),
        }
    }
}

/// The code of a guest that asked to end; to the engine that is an error like any other.
fn exit_code(error: &wasmtime::Error) -> Option<u8> {
    let exit = error.downcast_ref::<I32Exit>()?;
    // Codes that the system cannot pass on are failures all the same.
    Some(u8::try_from(exit.0).unwrap_or(1))
}
