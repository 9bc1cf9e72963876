//! `wasi:io/poll` for functions that are called on the thread of a query: a wait ends with the time of the call.

use std::time::Duration;

use async_trait::async_trait;
use tokio::time::{Instant, sleep_until};
use wasmtime::component::{HasData, Linker, Resource, ResourceTable};
use wasmtime_wasi::WasiView as _;
use wasmtime_wasi::p2::bindings::sync::io::poll::{self, Host, HostPollable};
use wasmtime_wasi::p2::{DynPollable, Pollable, subscribe};

use crate::error::LimitReached;
use crate::state::GuestState;

/// What stands behind the interface.
struct Waiting;

/// The pollables of a store, and how long one wait may take.
struct Waits<'a> {
    table: &'a mut ResourceTable,
    limit: Duration,
}

/// Is ready when the wait has to end.
struct End(Instant);

/// Links `wasi:io/poll`.
pub(super) fn add(linker: &mut Linker<GuestState>) -> wasmtime::Result<()> {
    poll::add_to_linker::<GuestState, Waiting>(linker, |state| {
        let limit = state.profile().limits.times.function;
        Waits { table: state.ctx().table, limit }
    })
}

impl HasData for Waiting {
    type Data<'a> = Waits<'a>;
}

#[async_trait]
impl Pollable for End {
    async fn ready(&mut self) {
        sleep_until(self.0).await;
    }
}

impl Waits<'_> {
    /// A pollable that is ready when the time is over.
    fn end(&mut self) -> wasmtime::Result<Resource<DynPollable>> {
        let end = self.table.push(End(Instant::now() + self.limit))?;
        subscribe(self.table, end)
    }
}

impl Host for Waits<'_> {
    fn poll(&mut self, mut pollables: Vec<Resource<DynPollable>>) -> wasmtime::Result<Vec<u32>> {
        if pollables.is_empty() {
            return Host::poll(self.table, pollables);
        }
        let (at, end) = (u32::try_from(pollables.len())?, self.end()?);
        pollables.push(Resource::new_borrow(end.rep()));
        let mut ready = Host::poll(self.table, pollables)?;
        HostPollable::drop(self.table, end)?;
        ready.retain(|it| *it != at);
        if ready.is_empty() {
            return Err(LimitReached::Time { limit: self.limit }.into());
        }
        Ok(ready)
    }
}

impl HostPollable for Waits<'_> {
    fn block(&mut self, pollable: Resource<DynPollable>) -> wasmtime::Result<()> {
        self.poll(vec![pollable]).map(drop)
    }

    fn ready(&mut self, pollable: Resource<DynPollable>) -> wasmtime::Result<bool> {
        HostPollable::ready(self.table, pollable)
    }

    fn drop(&mut self, pollable: Resource<DynPollable>) -> wasmtime::Result<()> {
        HostPollable::drop(self.table, pollable)
    }
}
