//! Runs one file with nothing but what is granted: a command, a function, or a core module.
//!
//! Serving `wasi:http` belongs to the routes of the host; this is for what ends with an exit code or a result.

mod command;
mod invoke;
mod module;
mod output;
mod signature;

use std::sync::Arc;
use std::time::Duration;

use smartcms_app::CallChain;
use smartcms_app::ports::Clock;
use smartcms_domain::plugins::{Grant, Grants, PluginId};
use wasmtime::Store;
use wasmtime::component::{Component, InstancePre};

use crate::call::Call;
use crate::capabilities::files;
use crate::capabilities::output::GuestLog;
use crate::compile::ComponentLoader;
use crate::convert::{ConvertError, Form, to_component};
use crate::engine::PluginEngine;
use crate::error::{PluginError, PluginFault};
use crate::inspect::{check_contract, wanted_grants};
use crate::limits::PluginLimits;
use crate::link::{GrantAdvice, GrantedBy, PluginSetup, Ungranted, imports_of};
use crate::state::{GuestProfile, GuestState, Services, StandardStreams};
use output::StderrLog;

/// What to run, with what, and for how long. Its standard streams are those of this process.
pub struct RunRequest {
    /// What messages call it: normally the file's name.
    pub name: String,
    /// Whose keys it uses.
    pub id: PluginId,
    /// The file.
    pub file: Vec<u8>,
    /// What it may reach.
    pub grants: Grants,
    /// What it may use.
    pub limits: PluginLimits,
    /// What stands behind the capabilities.
    pub services: Services,
    /// The time of log lines.
    pub clock: Arc<dyn Clock>,
    /// What happens to imports that were not granted.
    pub ungranted: Ungranted,
    /// How long it may run.
    pub time: Duration,
    /// What of it to run.
    pub action: RunAction,
}

/// What of a file to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunAction {
    /// Its main function: `wasi:cli/run`, or else an exported `run: func() -> string`.
    Main {
        /// What it finds as its arguments, its own name first.
        arguments: Vec<String>,
    },
    /// A function with its arguments, in the text form of WebAssembly values: `greet("Ann")`.
    Invoke(String),
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunOutcome {
    /// A command ended with this code.
    Exit(u8),
    /// A main function answered with this text.
    Text(String),
    /// An invoked function gave these values, in their text form; none for a function without a result.
    Values(Vec<String>),
}

/// A file could not be run, or failed while it ran.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// It could not be made a component.
    #[error("could not run {name}")]
    Convert {
        /// The file.
        name: String,
        /// Why.
        #[source]
        source: ConvertError,
    },
    /// The call does not fit what the file exports.
    #[error("could not call {call} in {name}: {reason}")]
    Call {
        /// The file.
        name: String,
        /// What was asked for.
        call: String,
        /// What does not fit, and what there is.
        reason: String,
    },
    /// It was refused, reached a limit or trapped.
    #[error(transparent)]
    Plugin(#[from] PluginError),
}

/// A component that is linked and can make stores for itself.
struct Ready {
    name: String,
    engine: PluginEngine,
    pre: InstancePre<GuestState>,
    profile: Arc<GuestProfile>,
    time: Duration,
}

/// Runs a file to its end.
pub async fn run(
    loader: &ComponentLoader,
    mut request: RunRequest,
) -> Result<RunOutcome, RunError> {
    let file = std::mem::take(&mut request.file);
    let converted = to_component(&file)
        .map_err(|source| RunError::Convert { name: request.name.clone(), source })?;
    if converted.form == Form::CoreModule {
        return module::run(loader, &request, &converted.wasm).await;
    }
    let failed = |fault: PluginFault| PluginError::new(request.name.clone(), fault);
    check_contract(&converted.wasm).map_err(failed)?;
    let component =
        loader.component(&converted.wasm).await.map_err(|error| failed(error.into()))?;
    let engine = loader.engine().clone();
    let pre = match link(&engine, &component, &request, &[]) {
        Err(PluginFault::Denied { .. }) => {
            link(&engine, &component, &request, &wanted_grants(&file))
        }
        other => other,
    };
    let pre = pre.map_err(failed)?;
    let action = request.action.clone();
    let ready = Ready::new(engine, pre, request);
    match action {
        RunAction::Main { .. } => match command::run(&ready).await {
            Some(ended) => ended,
            None => invoke::run_main(&ready).await,
        },
        RunAction::Invoke(call) => invoke::run(&ready, &call).await,
    }
}

fn link(
    engine: &PluginEngine,
    component: &Component,
    request: &RunRequest,
    wanted: &[Grant],
) -> Result<InstancePre<GuestState>, PluginFault> {
    let imports = imports_of(engine.wasmtime(), component);
    let imports = imports.iter().map(String::as_str);
    let advice = GrantAdvice { by: GrantedBy::Argument, wanted };
    let setup = PluginSetup::check(imports, &request.grants, request.ungranted, advice)?;
    let services = &request.services;
    files::check(request.grants.iter(), &services.folder_root, &services.protected_folders)
        .map_err(|error| PluginFault::Host(error.to_string()))?;
    setup.link(engine.wasmtime(), component)
}

impl Ready {
    fn new(engine: PluginEngine, pre: InstancePre<GuestState>, request: RunRequest) -> Self {
        let RunRequest { name, id, grants, limits, services, clock, action, time, .. } = request;
        let arguments = match action {
            RunAction::Main { arguments } => arguments,
            RunAction::Invoke(_) => vec![name.clone()],
        };
        let log = GuestLog::new(id.clone(), limits.log, Arc::new(StderrLog), clock);
        let output_bytes_max = limits.call.output_bytes_max as u64;
        let mut profile = GuestProfile::new(id, grants, limits, log, services);
        profile.streams = StandardStreams::Custom(output::inherit(arguments, output_bytes_max));
        Self { name, engine, pre, profile: Arc::new(profile), time }
    }

    /// Begins a call, with a store for it.
    fn begin(&self) -> (Call, Store<GuestState>) {
        let call = self.engine.call(self.time);
        let deadline = std::time::Instant::now() + self.time;
        let state = GuestState::new(Arc::clone(&self.profile), CallChain::EMPTY, deadline);
        let mut store = state.into_store(self.engine.wasmtime());
        call.arm(&mut store);
        (call, store)
    }

    fn failed(&self, fault: impl Into<PluginFault>) -> RunError {
        PluginError::new(self.name.clone(), fault).into()
    }
}
