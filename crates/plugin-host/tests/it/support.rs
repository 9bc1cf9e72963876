//! What the tests share.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use smartcms_app::ports::{Clock, NoNeuralModels};
use smartcms_domain::Timestamp;
use smartcms_domain::plugins::{Grants, PluginId};
use smartcms_plugin_host::{
    Allocation, Compiler, ComponentLoader, Network, PluginEngine, PluginLimits, RunAction,
    RunRequest, Services, Ungranted,
};

/// A clock that stands still.
pub(crate) struct StoppedClock;

impl Clock for StoppedClock {
    fn now(&self) -> Timestamp {
        Timestamp::parse("2026-11-22T12:00:00Z").unwrap()
    }
}

/// Turns text into a binary.
#[track_caller]
pub(crate) fn wasm(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap()
}

/// An engine as a command has it.
pub(crate) fn engine() -> PluginEngine {
    PluginEngine::new(Allocation::OnDemand).unwrap()
}

/// A loader that compiles in this process and keeps nothing.
pub(crate) fn loader() -> ComponentLoader {
    ComponentLoader::new(engine(), Compiler::in_process(), None)
}

/// A run of `file` with no grants and the default limits.
pub(crate) fn request(file: Vec<u8>, action: RunAction) -> RunRequest {
    RunRequest {
        name: "demo.wasm".to_owned(),
        id: PluginId::parse("demo").unwrap(),
        file,
        grants: Grants::default(),
        limits: PluginLimits::default(),
        services: Services {
            keys: None,
            app: Arc::new(OnceLock::new()),
            network: Network::system().unwrap(),
            models: Arc::new(NoNeuralModels),
            folder_root: PathBuf::from("/nowhere"),
            protected_folders: Vec::new(),
        },
        clock: Arc::new(StoppedClock),
        ungranted: Ungranted::Refuse,
        time: Duration::from_secs(10),
        action,
    }
}

/// A call of a function.
pub(crate) fn invoke(call: &str) -> RunAction {
    RunAction::Invoke(call.to_owned())
}

/// The main function, with no arguments but the name.
pub(crate) fn main_function() -> RunAction {
    RunAction::Main { arguments: vec!["demo.wasm".to_owned()] }
}
