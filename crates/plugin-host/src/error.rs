//! What can go wrong with a plugin, in words that say what to do.
//!
//! A guest's fault is an error of one call. It names the plugin and never ends the process.

use std::time::Duration;

use wasmtime::{Trap, WasmBacktrace};

use crate::compile::CompileError;

/// A plugin could not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[error("plugin {plugin}: {fault}")]
pub struct PluginError {
    /// The plugin's id, or the file's name where there is none.
    pub plugin: String,
    /// What happened.
    pub fault: PluginFault,
}

/// What happened to a plugin.
#[derive(Debug, thiserror::Error)]
pub enum PluginFault {
    /// It imports what it was not granted.
    #[error("it imports {import}, which needs the capability {capability}; {advice}")]
    Denied {
        /// The import as the component names it.
        import: String,
        /// The capability's name.
        capability: &'static str,
        /// The command that would grant it.
        advice: String,
    },
    /// It imports what no grant can give.
    #[error("it imports {import}, which this host does not offer{hint}")]
    UnknownImport {
        /// The import as the component names it.
        import: String,
        /// What might be meant, beginning with a separator; may be empty.
        hint: String,
    },
    /// It was built for another version of an interface.
    #[error("it was built for {interface} {built_for}, this host has {offered}; {advice}")]
    UnknownVersion {
        /// The package and interface without a version.
        interface: String,
        /// The version in the component.
        built_for: String,
        /// The versions of this host.
        offered: String,
        /// Which side is behind.
        advice: &'static str,
    },
    /// It was built for a version of the contract that this host does not have.
    #[error(
        "it was built with {sdk} for version {built_for} of the plugin contract, this host has {offered}; {advice}"
    )]
    Contract {
        /// The SDK that it was built with.
        sdk: String,
        /// The version that the SDK was made for.
        built_for: String,
        /// The versions of this host.
        offered: String,
        /// Which side is behind.
        advice: &'static str,
    },
    /// It lacks the export that was called.
    #[error("it has no export {export}; it exports {available}")]
    NoExport {
        /// What was looked for.
        export: String,
        /// What there is.
        available: String,
    },
    /// It reached a limit.
    #[error(transparent)]
    Limit(#[from] LimitReached),
    /// It trapped.
    #[error("it trapped: {message}")]
    Trap {
        /// What the engine says, with the functions on the stack.
        message: String,
    },
    /// It could not be made ready to run.
    #[error(transparent)]
    Compile(#[from] CompileError),
    /// The host around it failed, which is no fault of the plugin.
    #[error("the host could not run it: {0}")]
    Host(String),
}

/// A limit that a plugin reached. Host functions and stores raise it as a trap, so it arrives typed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LimitReached {
    /// Of time.
    #[error("it ran longer than its limit time={}ms", limit.as_millis())]
    Time {
        /// What it had.
        limit: Duration,
    },
    /// Of linear memory.
    #[error("it wanted {wanted_bytes} bytes of memory, its limit is memory={limit_bytes} bytes")]
    Memory {
        /// What it asked for.
        wanted_bytes: u64,
        /// What it may have.
        limit_bytes: u64,
    },
    /// Of table elements.
    #[error("it wanted a table of {wanted} elements, its limit is tables={limit}")]
    TableElements {
        /// What it asked for.
        wanted: u64,
        /// What it may have.
        limit: u64,
    },
    /// Of the stack.
    #[error("it called itself too deeply: its stack of {limit_bytes} bytes is full")]
    Stack {
        /// What it had.
        limit_bytes: u64,
    },
    /// Of what it returned or wrote.
    #[error("it gave more than its limit output={limit_bytes} bytes")]
    Output {
        /// What it may give.
        limit_bytes: u64,
    },
    /// Of what it passed to the host at one time: a result, or the arguments of a host function.
    #[error("it passed more data to the host at one time than its limit output allows")]
    Transfer,
    /// Of anything that is counted.
    #[error("it reached its limit {name}={limit}")]
    Count {
        /// The limit's name, as in the configuration.
        name: &'static str,
        /// How many it may have.
        limit: u64,
    },
}

/// How a guarded call failed, before it is known whose call it was.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CallError {
    /// The guest or a host function failed.
    #[error("{0:#}")]
    Failed(wasmtime::Error),
    /// The threads for plugins ended, because the process does or because a host function panicked.
    #[error("the call was stopped")]
    Stopped,
}

impl PluginError {
    /// An error of the plugin with this name.
    pub fn new(plugin: impl Into<String>, fault: impl Into<PluginFault>) -> Self {
        Self { plugin: plugin.into(), fault: fault.into() }
    }
}

impl PluginFault {
    /// A stable word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Denied { .. } => "plugin.denied",
            Self::UnknownImport { .. } => "plugin.import-unknown",
            Self::UnknownVersion { .. } | Self::Contract { .. } => "plugin.version-unknown",
            Self::NoExport { .. } => "plugin.export-missing",
            Self::Limit(LimitReached::Time { .. }) => "plugin.timed-out",
            Self::Limit(LimitReached::Memory { .. }) => "plugin.memory-limit",
            Self::Limit(LimitReached::Output { .. } | LimitReached::Transfer) => {
                "plugin.output-limit"
            }
            Self::Limit(_) => "plugin.limit",
            Self::Trap { .. } => "plugin.trapped",
            Self::Compile(_) => "plugin.compile-failed",
            Self::Host(_) => "plugin.host-failed",
        }
    }
}

impl From<CallError> for PluginFault {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Failed(error) => Self::from(error),
            CallError::Stopped => Self::Host(error.to_string()),
        }
    }
}

impl From<wasmtime::Error> for PluginFault {
    fn from(error: wasmtime::Error) -> Self {
        if let Some(limit) = error.downcast_ref::<LimitReached>() {
            return Self::Limit(limit.clone());
        }
        match error.downcast_ref::<Trap>() {
            Some(Trap::StackOverflow) => Self::Limit(LimitReached::Stack {
                limit_bytes: crate::engine::GUEST_STACK_BYTES_MAX as u64,
            }),
            Some(trap) => Self::Trap { message: trap_message(trap, &error) },
            None => other(&error),
        }
    }
}

/// What is neither a limit of ours nor a trap of the engine. The engine keeps one limit whose error has no public type.
fn other(error: &wasmtime::Error) -> PluginFault {
    let message = chain(error);
    if message.contains("fuel allocated for hostcalls") {
        return PluginFault::Limit(LimitReached::Transfer);
    }
    PluginFault::Trap { message }
}

/// The trap's reason with the names of the functions, innermost first.
fn trap_message(trap: &Trap, error: &wasmtime::Error) -> String {
    let names: Vec<&str> = error
        .downcast_ref::<WasmBacktrace>()
        .map(|it| it.frames().iter().filter_map(wasmtime::FrameInfo::func_name).collect())
        .unwrap_or_default();
    let reason = trap.to_string();
    let reason = reason.strip_prefix("wasm trap: ").unwrap_or(&reason);
    if names.is_empty() {
        reason.to_owned()
    } else {
        format!("{reason} (in {})", names.join(" ← "))
    }
}

/// An error's causes in one line, without the stack that the engine adds as text.
fn chain(error: &wasmtime::Error) -> String {
    let parts: Vec<String> = error
        .chain()
        .map(ToString::to_string)
        .filter(|it| !it.starts_with("error while executing at wasm backtrace"))
        .collect();
    parts.join(": ")
}
