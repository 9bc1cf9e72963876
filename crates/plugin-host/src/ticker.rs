//! The clock that interrupts guests.
//!
//! Machine code checks a counter of the engine in every loop and call. A thread counts it up while calls
//! are active, and sleeps without any wake-up while there are none. It goes on for a moment after the
//! last call, so that a busy server does not pay a wake-up for each.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use wasmtime::Engine;

/// The time between two ticks.
pub(crate) const TICK: Duration = Duration::from_millis(5);

/// Ticks without any call before the thread goes to sleep.
const IDLE_TICKS_MAX: u32 = 40;

/// Owns the thread; dropping it ends the thread.
#[derive(Debug)]
pub(crate) struct Ticker {
    shared: Arc<Shared>,
    thread: JoinHandle<()>,
}

/// Keeps the clock going while it lives.
#[derive(Debug)]
pub(crate) struct Ticking(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    active: AtomicUsize,
    asleep: AtomicBool,
    stopped: AtomicBool,
}

impl Ticker {
    pub(crate) fn start(engine: Engine) -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let seen = Arc::clone(&shared);
        let thread = thread::Builder::new()
            .name("plugin-clock".to_owned())
            .spawn(move || tick(&engine, &seen))?;
        Ok(Self { shared, thread })
    }

    /// Keeps the clock going until the answer is dropped.
    pub(crate) fn activate(&self) -> Ticking {
        // Both sides write first and look second, in one order for all, so that no wake-up is lost.
        self.shared.active.fetch_add(1, Ordering::SeqCst);
        if self.shared.asleep.load(Ordering::SeqCst) {
            self.thread.thread().unpark();
        }
        Ticking(Arc::clone(&self.shared))
    }

    #[cfg(test)]
    pub(crate) fn is_asleep(&self) -> bool {
        self.shared.asleep.load(Ordering::SeqCst)
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        self.thread.thread().unpark();
    }
}

impl Drop for Ticking {
    fn drop(&mut self) {
        self.0.active.fetch_sub(1, Ordering::SeqCst);
    }
}

/// The ticks that a call has: at least as long as its time.
pub(crate) fn ticks(time: Duration) -> u64 {
    u64::try_from(time.as_millis() / TICK.as_millis()).unwrap_or(u64::MAX).saturating_add(1)
}

fn tick(engine: &Engine, shared: &Shared) {
    let mut idle_ticks = 0;
    while !shared.stopped.load(Ordering::SeqCst) {
        thread::sleep(TICK);
        engine.increment_epoch();
        let idle = shared.active.load(Ordering::SeqCst) == 0;
        idle_ticks = if idle { idle_ticks + 1 } else { 0 };
        if idle_ticks >= IDLE_TICKS_MAX {
            sleep_until_a_call(shared);
            idle_ticks = 0;
        }
    }
}

fn sleep_until_a_call(shared: &Shared) {
    shared.asleep.store(true, Ordering::SeqCst);
    while shared.active.load(Ordering::SeqCst) == 0 && !shared.stopped.load(Ordering::SeqCst) {
        thread::park();
    }
    shared.asleep.store(false, Ordering::SeqCst);
}
