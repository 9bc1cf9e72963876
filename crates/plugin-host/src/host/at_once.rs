//! Functions that are called on the thread of a query, without a future and without a fiber.
//!
//! What they import ends where it begins, so that there is nothing to wait for; the clock is the engine's epoch. Limits,
//! the breaker and the counters are those of every call.

use std::sync::Arc;
use std::time::Duration;

use smartcms_app::ports::{FunctionError, FunctionsAtOnce, PluginFailure, PluginFunction, Scalar};
use wasmtime::Store;

use super::functions::value_of;
use super::plugin::{LinkedAtOnce, Plugin, lasting_store};
use super::timing::Timing;
use crate::contract::LibraryAtOnce;
use crate::error::{CallError, LimitReached};
use crate::state::{GuestProfile, GuestState};
use crate::ticker::{Ticking, ticks};

/// After so many calls an instance is replaced, or once it is worn: what it leaks and counts ends with it.
const CALLS_PER_INSTANCE: u32 = 10_000;

/// The functions of a plugin for one thread.
pub(super) struct AtOnce {
    plugin: Arc<Plugin>,
    /// The plugin without what it was granted.
    profile: Arc<GuestProfile>,
    functions: Arc<[PluginFunction]>,
    /// Their names as calls take them.
    names: Vec<Arc<str>>,
    linked: LinkedAtOnce,
    timing: Timing,
    live: Option<Live>,
}

/// An instance at work. The clock ticks as long as there is one: starting it for each call would cost more than the call.
struct Live {
    store: Store<GuestState>,
    library: Box<dyn LibraryAtOnce>,
    calls: u32,
    memory_bytes_at_first: u64,
    _ticking: Ticking,
}

impl AtOnce {
    pub(super) fn open(
        plugin: Arc<Plugin>,
        profile: Arc<GuestProfile>,
        functions: Arc<[PluginFunction]>,
        linked: LinkedAtOnce,
    ) -> Self {
        let names = functions.iter().map(|it| Arc::from(it.name.as_str())).collect();
        let timing = Timing::new(Arc::clone(&plugin.profile.meter));
        Self { plugin, profile, functions, names, linked, timing, live: None }
    }

    /// Calls a function in the instance; one in which something failed is dropped.
    fn run(
        &mut self,
        at: usize,
        arguments: Vec<Scalar>,
    ) -> Result<Result<Scalar, String>, PluginFailure> {
        let limit = self.profile.limits.times.function;
        let _place = self.plugin.place_at_once(limit)?;
        let begun = self.timing.begin();
        let live = self.live.take().filter(|it| !it.is_worn());
        let live = live.map_or_else(|| self.instance(limit), Ok);
        let outcome = live.and_then(|mut live| {
            live.store.set_epoch_deadline(ticks(limit));
            live.calls += 1;
            let function = self.names.get(at).map(Arc::clone).unwrap_or_default();
            let answer = live.library.call(&mut live.store, function, arguments)?;
            Ok((live, answer))
        });
        self.timing.end(begun, outcome.is_err());
        let (live, answer) = self.plugin.settle(outcome.map_err(CallError::Failed))?;
        self.live = Some(live);
        Ok(answer)
    }

    fn declared(&self, at: usize) -> Result<&PluginFunction, FunctionError> {
        self.functions.get(at).ok_or_else(|| {
            let (plugin, hint) = (self.plugin.record.id.clone(), String::new());
            FunctionError::Unknown { plugin, function: at.to_string(), hint }
        })
    }

    fn instance(&self, limit: Duration) -> wasmtime::Result<Live> {
        let LinkedAtOnce { engine, linked } = &self.linked;
        let ticking = engine.keep_ticking();
        let mut store = lasting_store(engine, Arc::clone(&self.profile));
        store.epoch_deadline_callback(move |_| Err(LimitReached::Time { limit }.into()));
        store.set_epoch_deadline(ticks(limit));
        let contract = self.plugin.ready().map(|it| Arc::clone(&it.contract));
        let contract = contract.map_err(|error| wasmtime::format_err!("{error}"))?;
        let library = contract.library_at_once(linked, &mut store)?;
        let memory_bytes_at_first = store.data().memory_bytes();
        Ok(Live { store, library, calls: 0, memory_bytes_at_first, _ticking: ticking })
    }
}

impl Live {
    fn is_worn(&self) -> bool {
        self.calls >= CALLS_PER_INSTANCE || self.store.data().is_worn(self.memory_bytes_at_first)
    }
}

impl FunctionsAtOnce for AtOnce {
    fn call(&mut self, function: usize, arguments: Vec<Scalar>) -> Result<Scalar, FunctionError> {
        let arguments = self.declared(function)?.fitting(arguments)?;
        let answer = self.run(function, arguments)?;
        value_of(&self.plugin, self.declared(function)?, answer)
    }
}
