//! A typed call in wasmtime without anything of ours: an instance of its own in a store of its own, dropped after it.
//!
//! The engine has the plugin host's settings (pool, epoch interruption, the component model's asynchronous part), and the
//! store has a limiter, since a host without limits does another job. The guest's WASI context is made with each store,
//! as every embedding guide shows it.

use wasmtime::component::{Component, Linker, ResourceTable};
use wasmtime::{
    Config, Engine, InstanceAllocationStrategy, OptLevel, PoolingAllocationConfig, Store,
    StoreLimits, StoreLimitsBuilder,
};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

use self::bindings::HtmlFilterPre;
use self::bindings::exports::smartcms::plugin::filters::FilterContext;

mod bindings {
    wasmtime::component::bindgen!({
        path: ["../wit/content", "../wit/plugin"],
        world: "smartcms:plugin/html-filter",
        exports: { default: async },
    });
}

/// The memory of one guest, in bytes: as the plugin host limits it.
const MEMORY_BYTES_MAX: usize = 64 * 1024 * 1024;
/// What of a free slot stays in memory, in bytes: as the plugin host has it.
const KEEP_RESIDENT_BYTES: usize = 128 * 1024;
/// What one memory's slot can grow to, in bytes: as the plugin host has it.
const POOL_MEMORY_BYTES_MAX: usize = 1 << 32;
/// Stack of a guest and of its fiber, in bytes: as the plugin host has them.
const GUEST_STACK_BYTES: usize = 512 * 1024;
const FIBER_STACK_BYTES: usize = 3 * GUEST_STACK_BYTES;
/// Far enough that no call is interrupted.
const TICKS_MAX: u64 = 1 << 40;

/// A linked filter.
#[derive(Clone)]
pub struct RawFilter {
    engine: Engine,
    pre: HtmlFilterPre<Guest>,
}

/// What a store holds.
pub struct Guest {
    limits: StoreLimits,
    wasi: WasiCtx,
    table: ResourceTable,
}

impl RawFilter {
    /// Compiles and links a component that exports `filters`.
    pub fn new(wasm: &[u8]) -> wasmtime::Result<Self> {
        let engine = Engine::new(&config())?;
        let mut linker = Linker::new(&engine);
        wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
        let component = Component::new(&engine, wasm)?;
        let pre = HtmlFilterPre::new(linker.instantiate_pre(&component)?)?;
        Ok(Self { engine, pre })
    }

    /// One call on a fresh instance.
    pub async fn filter(&self, html: &str) -> wasmtime::Result<String> {
        let mut store = Guest::store(&self.engine);
        let context = FilterContext {
            entry: "01900000-0000-7000-8000-000000000001".to_owned(),
            collection: "posts".to_owned(),
            slug: "a".to_owned(),
            locale: "en".to_owned(),
        };
        let instance = self.pre.instantiate_async(&mut store).await?;
        let filters = instance.smartcms_plugin_filters();
        let answer = filters.call_filter_html(&mut store, &context, html).await?;
        answer.map_err(wasmtime::Error::msg)
    }
}

impl WasiView for Guest {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl Guest {
    /// What a store of one guest holds.
    pub(super) fn new() -> Self {
        Self {
            limits: StoreLimitsBuilder::new().memory_size(MEMORY_BYTES_MAX).build(),
            wasi: WasiCtx::builder().build(),
            table: ResourceTable::new(),
        }
    }

    /// A store with limits. Its epoch is far away.
    pub(super) fn store(engine: &Engine) -> Store<Self> {
        let mut store = Store::new(engine, Self::new());
        store.limiter(|guest| &mut guest.limits);
        store.set_epoch_deadline(TICKS_MAX);
        store
    }
}

pub(super) fn config() -> Config {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(256)
        .total_core_instances(4096)
        .total_memories(512)
        .total_tables(1024)
        .total_stacks(512)
        .max_memory_size(POOL_MEMORY_BYTES_MAX)
        .max_memories_per_module(4)
        .max_tables_per_module(16)
        .table_elements(100_000)
        .linear_memory_keep_resident(KEEP_RESIDENT_BYTES)
        .max_unused_warm_slots(32);
    let mut config = Config::new();
    config
        .wasm_component_model(true)
        .wasm_component_model_async(true)
        .epoch_interruption(true)
        .max_wasm_stack(GUEST_STACK_BYTES)
        .async_stack_size(FIBER_STACK_BYTES)
        .cranelift_opt_level(OptLevel::Speed)
        .generate_address_map(false)
        .native_unwind_info(false)
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    config
}
