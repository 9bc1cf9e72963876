//! Runs plugins: WebAssembly components that reach only what they were granted.
//!
//! From a file to a call: `convert` makes a component of it, `inspect` says what it can reach, `compile` makes
//! machine code in a process of its own, `cache` keeps that, `link` gives the granted capabilities, `call` runs
//! it within its limits. The rest of the program knows the ports of `smartcms-app` and nothing of wasmtime.

mod budget;
mod cache;
mod call;
mod capabilities;
mod compile;
mod contract;
mod convert;
mod engine;
mod error;
mod host;
mod inspect;
mod limits;
mod link;
mod lowered;
mod meter;
mod module_functions;
mod package;
mod program;
mod query_functions;
mod run;
mod state;
mod ticker;

pub use budget::{RequestLimits, within_budget};
pub use cache::{Cache, CacheKey};
pub use capabilities::http::{
    GuardedOutbound, Network, NetworkError, OutboundLimits, Resolver, SystemResolver,
};
pub use capabilities::output::{GuestLog, LogLimits};
pub use compile::{
    COMPONENT_BYTES_MAX, CompileError, CompileLimits, Compiler, CompilerCommand, ComponentLoader,
    compile_child,
};
pub use contract::Point;
pub use convert::{ConvertError, Converted, Form, to_component};
pub use engine::{Allocation, EngineError, EngineLimits, GUEST_STACK_BYTES_MAX, PluginEngine};
pub use error::{LimitReached, PluginError, PluginFault};
pub use host::{BreakerLimits, Condition, PluginHealth, PluginHost, PluginHostParts};
pub use inspect::{
    CAPABILITIES, Capability, ExtensionPoint, Finding, Import, InspectError, Inspection, Kind,
    Manifest, ManifestError, ManifestTask, Reach, Refusal, Requirement, Stamp, Without,
    check_plugin, extension_point, inspect, misfit, refusal, requirement, with_manifest,
};
pub use limits::{CallLimits, CallTimes, NeuralLimits, PluginLimits, RouteLimits, TaskLimits};
pub use link::{GrantAdvice, GrantedBy, PluginSetup, Ungranted};
pub use module_functions::{ModuleFunction, ModuleFunctionError, ModuleFunctionHost};
pub use package::{PackageError, Sdk, packaged, renamed_namespace};
pub use query_functions::{ModulesForQueries, query_functions};
pub use run::{RunAction, RunError, RunOutcome, RunRequest, run};
pub use state::{GuestProfile, Services, StandardStreams};
