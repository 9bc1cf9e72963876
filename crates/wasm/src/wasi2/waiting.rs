//! Running a request to its end. An instance answers one request at a time: there is one task, and when it waits, the host is
//! asked to wait for the same.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, Waker};

use wasip2::io::poll::{Pollable, poll};

/// What is waited for, by the number of the [`Wait`], and who is to be told.
type Waits = BTreeMap<u64, (Pollable, Waker)>;

thread_local! {
    static OPEN: RefCell<Waits> = const { RefCell::new(BTreeMap::new()) };
}

/// Something of the host that can be waited for. What the host gave for waiting ends before this does: hosts do not let a
/// stream end before it.
pub(super) struct Wait(u64);

impl Wait {
    pub(super) fn new() -> Self {
        static LAST: AtomicU64 = AtomicU64::new(0);
        Self(LAST.fetch_add(1, Ordering::Relaxed))
    }

    /// Whoever is polled with this context is polled again when this is ready.
    pub(super) fn on(&self, pollable: Pollable, context: &Context<'_>) {
        let wait = (pollable, context.waker().clone());
        OPEN.with_borrow_mut(|it| it.insert(self.0, wait));
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        OPEN.with_borrow_mut(|it| it.remove(&self.0));
    }
}

/// Runs a future to its end.
pub(super) fn run<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    loop {
        let mut context = Context::from_waker(Waker::noop());
        if let Poll::Ready(done) = future.as_mut().poll(&mut context) {
            return done;
        }
        let waits = OPEN.take();
        let pollables: Vec<&Pollable> = waits.values().map(|(pollable, _)| pollable).collect();
        // Who waits for nothing of the host gave way to others of the same task.
        if !pollables.is_empty() {
            poll(&pollables);
        }
        for (pollable, waker) in waits.into_values() {
            drop(pollable);
            waker.wake();
        }
    }
}
