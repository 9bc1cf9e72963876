//! The portable build: a whole site as one `wasi:http` component, over the same operations, pages and routes as the native
//! executable.
//!
//! What it keeps is under keys ([`smartcms_keyed`]), which the host supplies through the package `smartcms:portable` of
//! `wit/portable`. [`Site`] is the composition root, and builds on every target, so that its parts are tested natively; the
//! export that hosts call is there for WebAssembly alone.
#![deny(missing_docs)]

mod answers;
mod changes;
mod due;
#[cfg(target_family = "wasm")]
mod head;
#[cfg(target_family = "wasm")]
mod host_interfaces;
#[cfg(target_family = "wasm")]
mod log;
mod mail;
mod models;
mod no_plugins;
#[cfg(target_family = "wasm")]
mod outbound;
mod plugins;
mod secret;
#[cfg(target_family = "wasm")]
mod server;
mod site;
#[cfg(target_family = "wasm")]
mod storage;
#[cfg(all(target_family = "wasm", not(feature = "wasi-0-3")))]
#[path = "wasi2/mod.rs"]
mod wasi;
#[cfg(all(target_family = "wasm", feature = "wasi-0-3"))]
#[path = "wasi3/mod.rs"]
mod wasi;
mod world;

pub use answers::KeptAnswer;
pub use plugins::{ListedPlugin, SitePlugins};
pub use site::{OpenFailure, Site, SiteGround};
