//! The border to libraries that trust compilers more than strangers deserve.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

/// The stack for parsers that follow nested types by calling themselves, in bytes.
const STACK_BYTES: usize = 64 * 1024 * 1024;

/// Runs work on a stack of its own, so that neither a panic nor deep nesting ends the process.
/// `None` says that it panicked.
pub(crate) fn guarded<T: Send>(work: impl FnOnce() -> T + Send) -> Option<T> {
    thread::scope(|scope| {
        let caught = || catch_unwind(AssertUnwindSafe(work)).ok();
        let spawned = thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, caught);
        spawned.ok()?.join().ok().flatten()
    })
}
