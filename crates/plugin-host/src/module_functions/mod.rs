//! Functions of core modules that keep to libSQL's convention of values, for `CREATE FUNCTION … LANGUAGE wasm`.
//!
//! A call begins and ends on the thread of the query, without a fiber and without a future: a module imports nothing, so
//! that there is nothing to wait for. Its clock is the engine's epoch: at its deadline it traps.

mod check;
mod entry;
mod heap;
mod values;

use std::sync::Arc;
use std::time::Duration;

use smartcms_app::ports::{Scalar, ScalarType};
use wasmtime::{Instance, Module, Store, Trap};

use self::check::Shape;
use self::entry::Entry;
use self::heap::Heap;
use crate::compile::ComponentLoader;
use crate::engine::PluginEngine;
use crate::error::{LimitReached, PluginFault};
use crate::limits::{CallLimits, PluginLimits, StoreLimits};
use crate::ticker::{Ticking, ticks};

/// After so many calls an instance is replaced: what it keeps and leaks ends with it.
const CALLS_PER_INSTANCE: u32 = 1_000;

/// Makes functions of core modules.
pub struct ModuleFunctionHost {
    loader: Arc<ComponentLoader>,
    limits: CallLimits,
    time: Duration,
}

/// One function of a core module, for one caller.
pub struct ModuleFunction {
    shape: Shape,
    module: Module,
    engine: PluginEngine,
    limits: CallLimits,
    time: Duration,
    live: Option<Live>,
    _ticking: Ticking,
}

/// A function of a module gave no value.
#[derive(Debug, thiserror::Error)]
pub enum ModuleFunctionError {
    /// The module cannot be such a function.
    #[error("the module of the function {name} cannot be used: {reason}")]
    Unusable {
        /// The function.
        name: String,
        /// Why.
        reason: String,
    },
    /// The arguments are not those that the function takes.
    #[error("{signature} {reason}")]
    Arguments {
        /// The function with what it takes.
        signature: String,
        /// What is wrong.
        reason: String,
    },
    /// It trapped, reached a limit, or gave what is no value.
    #[error("the function {name} failed: {reason}")]
    Failed {
        /// The function.
        name: String,
        /// Why.
        reason: String,
    },
}

/// An instance at work.
struct Live {
    store: Store<StoreLimits>,
    entry: Entry,
    heap: Heap,
    calls: u32,
}

impl ModuleFunctionHost {
    /// Makes functions within the limits of a plugin's.
    #[must_use]
    pub fn new(loader: Arc<ComponentLoader>, limits: &PluginLimits) -> Self {
        Self { loader, limits: limits.call, time: limits.times.function }
    }

    /// Checks and compiles a module, in binary or in text; nothing of it runs before the first call.
    pub async fn load(
        &self,
        name: &str,
        body: &[u8],
    ) -> Result<ModuleFunction, ModuleFunctionError> {
        let unusable =
            |reason: String| ModuleFunctionError::Unusable { name: name.to_owned(), reason };
        let wasm = check::binary(body).map_err(unusable)?;
        let compiled = self.loader.module(&wasm).await;
        let module = compiled.map_err(|error| unusable(error.to_string()))?;
        let shape = Shape::of(&module, name).map_err(unusable)?;
        let engine = self.loader.engine().clone();
        let ticking = engine.keep_ticking();
        let (limits, time) = (self.limits, self.time);
        Ok(ModuleFunction { shape, module, engine, limits, time, live: None, _ticking: ticking })
    }
}

impl ModuleFunction {
    /// How it is called: `fib(i64) -> i64`.
    #[must_use]
    pub fn signature(&self) -> String {
        self.shape.signature()
    }

    /// What it takes; text where it takes blobs as well.
    #[must_use]
    pub fn parameters(&self) -> Vec<ScalarType> {
        self.shape.types()
    }

    /// Calls it. A call that fails ends the instance; the next one gets another.
    pub fn call(&mut self, arguments: &[Scalar]) -> Result<Scalar, ModuleFunctionError> {
        let found = self.shape.fitting(arguments).map_err(|reason| {
            ModuleFunctionError::Arguments { signature: self.signature(), reason }
        })?;
        if found.is_null() {
            return Ok(Scalar::Null);
        }
        let live = self.live.take().filter(|it| !it.is_worn(&self.limits));
        let done = match live {
            Some(live) => Ok(live),
            None => self.instance(),
        };
        let done = done.and_then(|mut live| {
            live.store.set_epoch_deadline(ticks(self.time));
            live.calls += 1;
            let Live { store, entry, heap, .. } = &mut live;
            let bytes_max = self.limits.output_bytes_max;
            let value = entry.call(store, heap, &self.shape, arguments, bytes_max)?;
            Ok((live, value))
        });
        match done {
            Ok((live, value)) => {
                self.live = Some(live);
                Ok(value)
            }
            Err(error) => Err(self.failed(error)),
        }
    }

    fn instance(&self) -> wasmtime::Result<Live> {
        let mut store = Store::new(self.engine.wasmtime(), StoreLimits::new(&self.limits));
        store.limiter(|limits| limits);
        store.set_epoch_deadline(ticks(self.time));
        let instance = Instance::new(&mut store, &self.module, &[])?;
        let function = instance
            .get_func(&mut store, &self.shape.name)
            .ok_or_else(|| wasmtime::format_err!("the function is gone from its own module"))?;
        let (entry, heap) = (Entry::of(function, &store), Heap::of(&instance, &mut store));
        Ok(Live { store, entry, heap, calls: 0 })
    }

    fn failed(&self, error: wasmtime::Error) -> ModuleFunctionError {
        let name = self.shape.name.clone();
        let trap = error.downcast_ref::<Trap>().copied();
        let reason = if trap == Some(Trap::Interrupt) {
            LimitReached::Time { limit: self.time }.to_string()
        } else if trap.is_some() || error.is::<LimitReached>() {
            PluginFault::from(error).to_string()
        } else {
            format!("{error:#}")
        };
        ModuleFunctionError::Failed { name, reason }
    }
}

impl Live {
    /// Whether the next call gets another instance: modules made by `libsql_bindgen` free nothing.
    fn is_worn(&self, limits: &CallLimits) -> bool {
        let used = self.store.data().memory_bytes();
        self.calls >= CALLS_PER_INSTANCE || used > limits.memory_bytes_max as u64 / 2
    }
}
