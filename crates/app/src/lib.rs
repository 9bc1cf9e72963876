//! What SmartCMS does: operations, the permissions they check, and the ports through which they reach the world.
//!
//! Every operation takes an [`OpContext`]: who acts, and the [`App`] to act on. REST, pages, the command line and
//! plugins call the same operations; there is no second road to the data.
#![deny(missing_docs)]
#![cfg_attr(
    target_family = "wasm",
    allow(dead_code, unused, reason = "there are no plugins, imports and passkeys there")
)]

pub mod ask;
pub mod assets;
pub mod assist;
pub mod audit;
pub mod collections;
pub mod entries;
pub mod events;
mod fault;
pub mod idempotency;
pub mod meaning;
pub mod menus;
pub mod people;
pub mod plugins;
pub mod ports;
pub mod redirects;
pub mod rendering;
pub mod retention;
pub mod roles;
pub mod search;
pub mod settings;
pub mod shared_keys;
mod state;
pub mod stories;
pub mod tasks;
pub mod tokens;
pub mod transfers;
pub mod views;
pub mod webhooks;

pub use fault::{Fault, FaultKind};
pub use state::{App, AppParts, CallChain, Collections, NESTED_CALLS_MAX, OpContext, SiteSettings};
