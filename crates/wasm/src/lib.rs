//! The portable build: a `wasi:http` component over the same routers as the native executable.
//!
//! It begins with the health route; storage comes with the adapters of `smartcms:portable`. The crate is empty on
//! other targets, so that the workspace builds as a whole.

#[cfg(target_family = "wasm")]
mod server;
