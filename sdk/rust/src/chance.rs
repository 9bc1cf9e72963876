//! Random numbers. No grant is needed.
//!
//! In tests outside WebAssembly they come one after another, always the same.

#[cfg(target_arch = "wasm32")]
mod bindings {
    wit_bindgen::generate!({
        path: "../../wit/deps/random",
        inline: "
            package smartcms:guest-chance;
            world guest {
                import wasi:random/random@0.2.12;
            }
        ",
        world: "smartcms:guest-chance/guest",
        generate_all,
    });
}

/// A number that nobody can guess.
#[must_use]
pub fn number() -> u64 {
    host()
}

#[cfg(target_arch = "wasm32")]
fn host() -> u64 {
    bindings::wasi::random::random::get_random_u64()
}

#[cfg(not(target_arch = "wasm32"))]
fn host() -> u64 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}
