//! The wasmtime engine of a process, and one beside it for functions in queries.
//!
//! What is compiled in the compiler's child process is loaded in this one, so both take their settings
//! from [`settings`]; only the allocator differs, which does not change machine code.
//!
//! The pool reserves address space, not memory: every slot is as large as a 32-bit memory can become,
//! because that lets the machine code go without bounds checks. What a plugin may really use is
//! the limit of its store, so one set of compiled files serves every limit.

use std::hash::{Hash, Hasher};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use wasmtime::{
    Config, Enabled, Engine, InstanceAllocationStrategy, OptLevel, PoolingAllocationConfig,
};

use crate::call::Call;
use crate::ticker::{Ticker, Ticking};

/// The most stack of a guest, in bytes; recursion beyond it traps.
pub const GUEST_STACK_BYTES_MAX: usize = 512 * 1024;

/// The stack that a call on its own fiber gets, in bytes: the guest's part and the host functions below it.
const FIBER_STACK_BYTES: usize = 2 * GUEST_STACK_BYTES_MAX + 512 * 1024;

/// The most frames in the report of a trap.
const BACKTRACE_FRAMES_MAX: usize = 16;

/// What one slot of the pool can grow to, in bytes: all that a 32-bit memory can address.
const POOL_MEMORY_BYTES_MAX: usize = 1 << 32;

/// What the engine can hold at one time; beyond it a call waits or fails, it never eats the machine.
#[derive(Debug, Clone, Copy)]
pub struct EngineLimits {
    /// Instances that live at the same time.
    pub component_instances_max: u32,
    /// Core modules' instances in them: guests of large language runtimes have dozens each.
    pub core_instances_max: u32,
    /// Linear memories in them.
    pub memories_max: u32,
    /// Tables in them.
    pub tables_max: u32,
    /// Elements that the pool has room for in one table; stores set the limit that a plugin feels.
    pub table_elements_max: usize,
    /// What an unused slot keeps of its memory, so that the next instance begins quickly.
    pub memory_keep_resident_bytes: usize,
    /// What an unused slot keeps of its table.
    pub table_keep_resident_bytes: usize,
    /// Slots that stay warm while unused.
    pub warm_slots_max: u32,
    /// Threads for guests that compute for longer than a tick.
    pub guest_threads: NonZeroUsize,
}

impl Default for EngineLimits {
    fn default() -> Self {
        Self {
            component_instances_max: 256,
            core_instances_max: 4096,
            memories_max: 512,
            tables_max: 1024,
            table_elements_max: 100_000,
            memory_keep_resident_bytes: 128 * 1024,
            table_keep_resident_bytes: 64 * 1024,
            warm_slots_max: 32,
            guest_threads: guest_threads(),
        }
    }
}

/// How instances get their memory.
#[derive(Debug, Clone, Copy)]
pub enum Allocation {
    /// From a pool made at the start: for a server, where instances come and go.
    Pooled(EngineLimits),
    /// As needed: for a command that runs one instance.
    OnDemand,
}

/// How an engine's guests are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Calls {
    /// In every way: they may wait for the host and for one another.
    Waiting,
    /// To their end on the thread where they begin. Spares each call the task that the component model keeps for it,
    /// which takes longer than a small function.
    AtOnce,
}

/// The engine could not be made.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The machine lacks what the engine needs.
    #[error(
        "could not prepare the WebAssembly engine (it reserves address space: is there a limit on it?)"
    )]
    Engine(#[source] wasmtime::Error),
    /// The threads could not be started.
    #[error("could not start the threads for plugins")]
    Threads(#[from] std::io::Error),
}

/// The engine with its clock and its threads; clones share it.
#[derive(Debug, Clone)]
pub struct PluginEngine {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    engine: Engine,
    calls: Calls,
    ticker: Ticker,
    guests: GuestThreads,
    compatibility: String,
}

/// A runtime apart from the server's, for guests that compute.
#[derive(Debug)]
struct GuestThreads(Option<tokio::runtime::Runtime>);

impl PluginEngine {
    /// Makes the engine and starts its threads, which sleep until a call needs them.
    pub fn new(allocation: Allocation) -> Result<Self, EngineError> {
        let mut config = settings(Calls::Waiting);
        let threads = match allocation {
            Allocation::Pooled(limits) => {
                config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool(&limits)));
                limits.guest_threads
            }
            Allocation::OnDemand => guest_threads(),
        };
        Self::of(&config, Calls::Waiting, GuestThreads::start(threads)?)
    }

    /// An engine beside the one of the process, for calls that end where they begin. Its instances last, so that it
    /// needs no pool, and none of its calls goes to another thread.
    pub(crate) fn at_once() -> Result<Self, EngineError> {
        Self::of(&settings(Calls::AtOnce), Calls::AtOnce, GuestThreads(None))
    }

    fn of(config: &Config, calls: Calls, guests: GuestThreads) -> Result<Self, EngineError> {
        let engine = Engine::new(config).map_err(EngineError::Engine)?;
        let ticker = Ticker::start(engine.clone())?;
        let compatibility = compatibility(&engine);
        Ok(Self { inner: Arc::new(Inner { engine, calls, ticker, guests, compatibility }) })
    }

    /// How its guests are called.
    pub(crate) fn calls(&self) -> Calls {
        self.inner.calls
    }

    /// The engine itself.
    pub(crate) fn wasmtime(&self) -> &Engine {
        &self.inner.engine
    }

    /// Begins a call that may take `limit`.
    pub(crate) fn call(&self, limit: Duration) -> Call {
        Call::begin(self.clone(), self.inner.ticker.activate(), limit)
    }

    /// Keeps the clock going until the answer is dropped, for calls that begin and end too quickly to start it each time.
    pub(crate) fn keep_ticking(&self) -> Ticking {
        self.inner.ticker.activate()
    }

    /// Names everything that machine code depends on: this engine's version, its settings and the processor.
    pub(crate) fn compatibility(&self) -> &str {
        &self.inner.compatibility
    }

    /// Whether the clock that interrupts guests has nothing to do and uses no processor.
    #[cfg(test)]
    pub(crate) fn clock_is_asleep(&self) -> bool {
        self.inner.ticker.is_asleep()
    }

    /// The threads for guests that compute.
    pub(crate) fn guest_threads(&self) -> Option<&tokio::runtime::Handle> {
        self.inner.guests.0.as_ref().map(tokio::runtime::Runtime::handle)
    }
}

impl GuestThreads {
    fn start(threads: NonZeroUsize) -> std::io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(threads.get())
            .thread_name("plugin")
            .enable_all()
            .build()?;
        Ok(Self(Some(runtime)))
    }
}

impl Drop for GuestThreads {
    fn drop(&mut self) {
        // The last clone of the engine may go inside an asynchronous task, where waiting is forbidden.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl Calls {
    const ALL: [Self; 2] = [Self::Waiting, Self::AtOnce];

    /// What the compiler's process is told.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::AtOnce => "at-once",
        }
    }

    /// What the compiler's process was told.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// The settings that decide what machine code looks like, the same in both processes.
pub(crate) fn settings(calls: Calls) -> Config {
    let mut config = Config::new();
    config
        .wasm_component_model(true)
        .concurrency_support(calls == Calls::Waiting)
        .wasm_component_model_async(calls == Calls::Waiting)
        .epoch_interruption(true)
        .max_wasm_stack(GUEST_STACK_BYTES_MAX)
        .async_stack_size(FIBER_STACK_BYTES)
        .cranelift_opt_level(OptLevel::Speed)
        // Traps name functions without it, and compiled files are much smaller.
        .generate_address_map(false)
        // Only native debuggers want it, and registering it costs time at every load.
        .native_unwind_info(false)
        .wasm_backtrace_max_frames(NonZeroUsize::new(BACKTRACE_FRAMES_MAX))
        .parallel_compilation(false);
    config
}

fn pool(limits: &EngineLimits) -> PoolingAllocationConfig {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(limits.component_instances_max)
        .total_core_instances(limits.core_instances_max)
        .total_memories(limits.memories_max)
        .total_tables(limits.tables_max)
        .total_stacks(limits.component_instances_max.saturating_mul(2))
        .total_gc_heaps(limits.component_instances_max)
        .max_memory_size(POOL_MEMORY_BYTES_MAX)
        .max_memories_per_module(4)
        .max_tables_per_module(16)
        .table_elements(limits.table_elements_max)
        .linear_memory_keep_resident(limits.memory_keep_resident_bytes)
        .table_keep_resident(limits.table_keep_resident_bytes)
        // Where the system can say which pages a guest wrote, only those are cleared: a third off a short call.
        .pagemap_scan(Enabled::Auto)
        .max_unused_warm_slots(limits.warm_slots_max);
    pool
}

/// Half the processors, so that guests that compute leave room for the server.
fn guest_threads() -> NonZeroUsize {
    let processors = std::thread::available_parallelism().map_or(2, NonZeroUsize::get);
    NonZeroUsize::new(processors.div_ceil(2)).unwrap_or(NonZeroUsize::MIN)
}

fn compatibility(engine: &Engine) -> String {
    let mut hasher = WideHasher(blake3::Hasher::new());
    engine.precompile_compatibility_hash().hash(&mut hasher);
    let hex = hasher.0.finalize().to_hex();
    hex.chars().take(32).collect()
}

/// Feeds what is hashed to a hash that is wide enough to be relied on.
struct WideHasher(blake3::Hasher);

impl Hasher for WideHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        0 // Nobody asks: the result is read from the inner hash.
    }
}
