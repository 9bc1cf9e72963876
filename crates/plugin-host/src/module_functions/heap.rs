//! The memory of a module, as far as arguments and results lie in it.

use smartcms_app::ports::Scalar;
use wasmtime::{Instance, Memory, Store, TypedFunc};

use super::{check, values};
use crate::limits::StoreLimits;

/// What a module exports for values other than numbers.
pub(super) struct Heap {
    memory: Option<Memory>,
    allocate: Option<TypedFunc<i32, i32>>,
    free: Option<TypedFunc<i32, ()>>,
}

/// Where the arguments of one call lie.
#[derive(Default)]
pub(super) struct Taken {
    addresses: [i32; check::PARAMETERS_MAX],
    count: usize,
}

impl Heap {
    pub(super) fn of(instance: &Instance, store: &mut Store<StoreLimits>) -> Self {
        Self {
            memory: instance.get_memory(&mut *store, check::MEMORY),
            allocate: instance.get_typed_func(&mut *store, check::ALLOCATE).ok(),
            free: instance.get_typed_func(store, check::FREE).ok(),
        }
    }

    /// Puts an argument into the memory, and says where it is.
    pub(super) fn place(
        &self,
        store: &mut Store<StoreLimits>,
        argument: &Scalar,
        taken: &mut Taken,
    ) -> wasmtime::Result<i32> {
        let (Some(allocate), Some(memory)) = (&self.allocate, &self.memory) else {
            wasmtime::bail!("its module has neither memory nor {}", check::ALLOCATE);
        };
        let length = i32::try_from(values::length(argument))
            .map_err(|_| wasmtime::format_err!("an argument is larger than a memory can be"))?;
        let address = allocate.call(&mut *store, length)?;
        taken.push(address);
        values::write(memory.data_mut(store), address, argument)?;
        Ok(address)
    }

    /// The value that lies at an address.
    pub(super) fn lift(
        &self,
        store: &Store<StoreLimits>,
        address: i32,
        bytes_max: usize,
    ) -> wasmtime::Result<Scalar> {
        let memory = self.memory.ok_or_else(|| wasmtime::format_err!("it exports no memory"))?;
        values::read(memory.data(store), address, bytes_max)
    }

    /// Gives the module back what its arguments took.
    pub(super) fn give_back(
        &self,
        store: &mut Store<StoreLimits>,
        taken: &Taken,
    ) -> wasmtime::Result<()> {
        let Some(free) = &self.free else { return Ok(()) };
        taken.addresses.iter().take(taken.count).try_for_each(|it| free.call(&mut *store, *it))
    }
}

impl Taken {
    fn push(&mut self, address: i32) {
        if let Some(place) = self.addresses.get_mut(self.count) {
            *place = address;
            self.count += 1;
        }
    }
}
