//! What time it is. No grant is needed. Part of the feature `http`.
//!
//! In tests outside WebAssembly it is the time that [`testing::set_clock`](crate::testing::set_clock) sets.

/// Seconds since the first of January 1970, UTC.
#[must_use]
pub fn seconds() -> u64 {
    #[cfg(target_arch = "wasm32")]
    return wasip2::clocks::wall_clock::now().seconds;
    #[cfg(not(target_arch = "wasm32"))]
    crate::testing::clock()
}
