//! Functions that are called on the thread of a query, without a future and without a fiber.
//!
//! What they import ends where it begins, so that there is nothing to wait for; the clock is the engine's epoch. Limits,
//! the breaker and the counters are those of every call.

use std::sync::Arc;
use std::time::{Duration, Instant};

use smartcms_app::ports::{FunctionError, FunctionsAtOnce, PluginFailure, PluginFunction, Scalar};
use wasmtime::Store;

use super::functions::{CALLS_PER_INSTANCE, value_of};
use super::plugin::{LinkedAtOnce, Plugin, lasting_store};
use crate::contract::LibraryAtOnce;
use crate::error::{CallError, LimitReached};
use crate::state::{GuestProfile, GuestState};
use crate::ticker::{Ticking, ticks};

/// The functions of a plugin for one thread.
pub(super) struct AtOnce {
    plugin: Arc<Plugin>,
    /// The plugin without what it was granted.
    profile: Arc<GuestProfile>,
    functions: Arc<[PluginFunction]>,
    /// Their names as calls take them.
    names: Vec<Arc<str>>,
    linked: LinkedAtOnce,
    live: Option<Live>,
}

/// An instance at work. The clock ticks as long as there is one: starting it for each call would cost more than the call.
struct Live {
    store: Store<GuestState>,
    library: Box<dyn LibraryAtOnce>,
    calls: u32,
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
        Self { plugin, profile, functions, names, linked, live: None }
    }

    /// Calls a function in the instance; one in which something failed is dropped.
    fn run(
        &mut self,
        function: &Arc<str>,
        arguments: Vec<Scalar>,
    ) -> Result<Result<Scalar, String>, PluginFailure> {
        let limit = self.profile.limits.times.function;
        let begun = Instant::now();
        let plugin = Arc::clone(&self.plugin);
        let _place = plugin.place_at_once(begun, limit)?;
        let live = self.live.take().filter(|it| it.calls < CALLS_PER_INSTANCE);
        let live = live.map_or_else(|| self.instance(limit), Ok);
        let outcome = live.and_then(|mut live| {
            live.store.set_epoch_deadline(ticks(limit));
            live.calls += 1;
            let answer = live.library.call(&mut live.store, function, arguments)?;
            Ok((live, answer))
        });
        // The store lasts, so that the calls in it are counted here.
        self.plugin.profile.meter.ended(begun.elapsed(), 0, 0);
        let (live, answer) = self.plugin.settle(outcome.map_err(CallError::Failed))?;
        self.live = Some(live);
        Ok(answer)
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
        Ok(Live { store, library, calls: 0, _ticking: ticking })
    }
}

impl FunctionsAtOnce for AtOnce {
    fn call(&mut self, function: usize, arguments: Vec<Scalar>) -> Result<Scalar, FunctionError> {
        let functions = Arc::clone(&self.functions);
        let name = self.names.get(function).map(Arc::clone);
        let (Some(declared), Some(name)) = (functions.get(function), name) else {
            let (plugin, hint) = (self.plugin.record.id.clone(), String::new());
            return Err(FunctionError::Unknown { plugin, function: function.to_string(), hint });
        };
        let answer = self.run(&name, declared.fitting(arguments)?)?;
        value_of(&self.plugin, declared, answer)
    }
}
