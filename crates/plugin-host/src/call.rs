//! A call into a guest that ends in time and does not hold up the server.
//!
//! Most calls take microseconds, so a call begins where it is asked for. A guest that still computes after
//! a tick gives way once, and its call moves to threads of its own, where it gives way at every tick.
//! At its deadline it traps. A call that waits for the host instead is given up at the same deadline.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::{Duration, Instant};

use tokio::task::JoinHandle;
use tracing::Instrument;
use wasmtime::{Store, UpdateDeadline};

use crate::budget;
use crate::engine::PluginEngine;
use crate::error::{CallError, LimitReached};
use crate::ticker::Ticking;

/// Ticks before a guest gives way for the first time: at least one whole tick.
const INLINE_TICKS: u64 = 2;

/// One call, from before its instance is made until its result is there.
#[derive(Debug)]
pub(crate) struct Call {
    engine: PluginEngine,
    watch: Arc<Watch>,
    ticking: Ticking,
}

#[derive(Debug)]
struct Watch {
    deadline: Instant,
    limit: Duration,
    computing: AtomicBool,
}

/// How the part of a call that runs in place ends.
enum Inline<T> {
    Done(wasmtime::Result<T>),
    Computing,
}

/// Ends the task when its caller goes away.
struct EndOnDrop<T>(JoinHandle<T>);

impl Call {
    /// Begins a call that may take `limit`; `ticking` keeps the clock going.
    pub(crate) fn begin(engine: PluginEngine, ticking: Ticking, limit: Duration) -> Self {
        let watch =
            Watch { deadline: Instant::now() + limit, limit, computing: AtomicBool::new(false) };
        Self { engine, watch: Arc::new(watch), ticking }
    }

    /// Makes a store obey this call's limit. Every store that the call's future uses needs it.
    pub(crate) fn arm<T>(&self, store: &mut Store<T>) {
        let watch = Arc::clone(&self.watch);
        store.set_epoch_deadline(INLINE_TICKS);
        store.epoch_deadline_callback(move |_| watch.decide());
    }

    /// Runs the call to its end or to its limit. The future owns its store, which must be armed.
    pub(crate) async fn guarded<T, F>(self, future: F) -> Result<T, CallError>
    where
        F: Future<Output = wasmtime::Result<T>> + Send + 'static,
        T: Send + 'static,
    {
        let mut future = Box::pin(future);
        let watch = Arc::clone(&self.watch);
        let inline = poll_fn(|task| match future.as_mut().poll(task) {
            Poll::Ready(done) => Poll::Ready(Inline::Done(done)),
            Poll::Pending if watch.computing.load(Ordering::Relaxed) => {
                Poll::Ready(Inline::Computing)
            }
            Poll::Pending => Poll::Pending,
        });
        match tokio::time::timeout_at(watch.deadline.into(), inline).await {
            Ok(Inline::Done(done)) => done.map_err(CallError::Failed),
            Ok(Inline::Computing) => self.apart(future).await,
            Err(_) => Err(watch.timed_out()),
        }
    }

    /// Goes on with a guest that computes, on the threads for that.
    async fn apart<T, F>(self, future: std::pin::Pin<Box<F>>) -> Result<T, CallError>
    where
        F: Future<Output = wasmtime::Result<T>> + Send + 'static,
        T: Send + 'static,
    {
        let Self { engine, watch, ticking } = self;
        let Some(threads) = engine.guest_threads() else { return Err(CallError::Stopped) };
        let budget = budget::current();
        let work = async move {
            // The clock must go on until the guest has ended, also where nobody waits for it any more.
            let _ticking = ticking;
            budget::taken_along(budget, future).await
        };
        let mut task = EndOnDrop(threads.spawn(work.in_current_span()));
        match tokio::time::timeout_at(watch.deadline.into(), &mut task.0).await {
            Ok(Ok(done)) => done.map_err(CallError::Failed),
            Ok(Err(_)) => Err(CallError::Stopped),
            Err(_) => Err(watch.timed_out()),
        }
    }
}

impl Watch {
    fn decide(&self) -> wasmtime::Result<UpdateDeadline> {
        if Instant::now() >= self.deadline {
            return Err(LimitReached::Time { limit: self.limit }.into());
        }
        self.computing.store(true, Ordering::Relaxed);
        Ok(UpdateDeadline::Yield(1))
    }

    fn timed_out(&self) -> CallError {
        CallError::Failed(LimitReached::Time { limit: self.limit }.into())
    }
}

impl<T> Drop for EndOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use wasmtime::{Instance, Module, Store};

    use crate::engine::{Allocation, EngineLimits, PluginEngine};
    use crate::error::{LimitReached, PluginFault};

    const LOOP: &str = r#"(module (func (export "go") (result i32) (loop (br 0)) (i32.const 1)))"#;
    const LOOP_AT_START: &str = r#"(module (func $f (loop (br 0))) (start $f)
        (func (export "go") (result i32) (i32.const 1)))"#;
    const ADD: &str =
        r#"(module (func (export "go") (result i32) (i32.add (i32.const 1) (i32.const 2))))"#;
    const RECURSION: &str =
        r#"(module (func $f (export "go") (result i32) (call $f) (i32.add (i32.const 1))))"#;
    /// Counts for some tens of milliseconds, then answers.
    const COUNT: &str = r#"(module (func (export "go") (result i32) (local $i i64)
        (loop $l (local.set $i (i64.add (local.get $i) (i64.const 1)))
            (br_if $l (i64.lt_u (local.get $i) (i64.const 60000000))))
        (i32.const 7)))"#;

    async fn go(engine: &PluginEngine, wat: &str, limit: Duration) -> Result<i32, PluginFault> {
        let module = Module::new(engine.wasmtime(), wat::parse_str(wat).unwrap()).unwrap();
        let call = engine.call(limit);
        let mut store = Store::new(engine.wasmtime(), ());
        call.arm(&mut store);
        let work = async move {
            let instance = Instance::new_async(&mut store, &module, &[]).await?;
            let go = instance.get_typed_func::<(), i32>(&mut store, "go")?;
            go.call_async(&mut store, ()).await
        };
        call.guarded(work).await.map_err(PluginFault::from)
    }

    fn engine() -> PluginEngine {
        PluginEngine::new(Allocation::Pooled(EngineLimits::default())).unwrap()
    }

    #[tokio::test]
    async fn a_guest_that_never_ends_is_stopped_at_its_limit() {
        let engine = engine();
        let limit = Duration::from_millis(60);
        for wat in [LOOP, LOOP_AT_START] {
            let begun = Instant::now();
            let fault = go(&engine, wat, limit).await.unwrap_err();
            assert!(
                matches!(fault, PluginFault::Limit(LimitReached::Time { limit: named }) if named == limit)
            );
            assert!(begun.elapsed() < Duration::from_secs(5));
        }
        assert_eq!(go(&engine, ADD, limit).await.unwrap(), 3);
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_guest_that_computes_leaves_the_server_its_thread() {
        let engine = engine();
        let guest = go(&engine, LOOP, Duration::from_secs(1));
        let neighbour = async {
            let mut turns = 0;
            while turns < 20 {
                tokio::time::sleep(Duration::from_millis(10)).await;
                turns += 1;
            }
            Instant::now()
        };
        let begun = Instant::now();
        let (result, neighbour_done) = tokio::join!(guest, neighbour);
        assert!(result.is_err());
        assert!(
            neighbour_done - begun < Duration::from_millis(900),
            "{:?}",
            neighbour_done - begun
        );
    }

    #[tokio::test]
    async fn a_guest_that_computes_within_its_limit_gives_its_answer() {
        let engine = engine();
        assert_eq!(go(&engine, COUNT, Duration::from_secs(30)).await.unwrap(), 7);
    }

    #[tokio::test]
    async fn recursion_ends_with_the_limit_of_the_stack() {
        let engine = engine();
        let fault = go(&engine, RECURSION, Duration::from_secs(10)).await.unwrap_err();
        assert!(matches!(fault, PluginFault::Limit(LimitReached::Stack { .. })), "{fault}");
    }

    #[tokio::test]
    async fn the_clock_wakes_up_again_after_its_sleep() {
        let engine = engine();
        let limit = Duration::from_millis(30);
        assert_eq!(go(&engine, ADD, limit).await.unwrap(), 3);
        while !engine.clock_is_asleep() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert!(go(&engine, LOOP, limit).await.is_err());
    }
}
