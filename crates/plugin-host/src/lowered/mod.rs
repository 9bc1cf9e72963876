//! Functions of a component, called in its core module: the canonical ABI by hand.
//!
//! A call into a component takes wasmtime several hundred nanoseconds, whatever it does, and a function in a query is
//! called for each row. Where a component is one core module that imports nothing, and what describes it, the module
//! can be called without the rest: what is lifted and lowered is then written and read as the component model's
//! `CanonicalABI.md` says. Each entry into WebAssembly takes some 25 ns, and a call that makes room for its arguments
//! needs several; so a small module of the contract stands beside the guest's and does all that in one.
//! Nothing that the guest gives is believed, neither an address nor a length nor a case.

mod given;
mod sole;

use std::sync::Arc;

use wasmtime::{Engine, Extern, Func, Instance, InstancePre, Linker, Memory, Module, Store};

use crate::state::GuestState;

pub(crate) use given::{Given, pair};
pub(crate) use sole::{Exports, SoleModule, sole_module};

/// A module with the one that stands beside it, ready to be made instances of.
#[derive(Clone)]
pub(crate) struct ModulePre {
    guest: InstancePre<GuestState>,
    beside: Module,
    exports: Arc<Exports>,
}

/// Instances of both.
pub(crate) struct Bridged {
    /// The guest's memory.
    pub(crate) memory: Memory,
    pub(crate) beside: Instance,
}

impl ModulePre {
    /// Joins a guest that imports nothing and a module that imports of it, in this order, its memory, its function for
    /// making room, the function that is called, and what takes back its answer, if there is such a thing.
    pub(crate) fn new(
        engine: &Engine,
        guest: &Module,
        beside: Module,
        exports: Exports,
    ) -> wasmtime::Result<Self> {
        let guest = Linker::new(engine).instantiate_pre(guest)?;
        Ok(Self { guest, beside, exports: Arc::new(exports) })
    }

    pub(crate) fn instance(&self, store: &mut Store<GuestState>) -> wasmtime::Result<Bridged> {
        let guest = self.guest.instantiate(&mut *store)?;
        let names = &self.exports;
        let missing = |name: &str| wasmtime::format_err!("it does not export {name} as it should");
        let memory = guest.get_memory(&mut *store, &names.memory);
        let memory = memory.ok_or_else(|| missing(&names.memory))?;
        let mut function =
            |name: &str| guest.get_func(&mut *store, name).ok_or_else(|| missing(name));
        let (realloc, call) = (function(&names.realloc)?, function(&names.function)?);
        let post_return = match &names.post_return {
            Some(name) => function(name)?,
            None => Func::wrap(&mut *store, |_: u32| {}),
        };
        let imports = [Extern::Memory(memory), realloc.into(), call.into(), post_return.into()];
        Ok(Bridged { memory, beside: Instance::new(store, &self.beside, &imports)? })
    }
}
