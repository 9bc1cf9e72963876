//! What a SmartCMS plugin in Rust is written against: one module per extension point, and what they share.
//!
//! A plugin implements the `Guest` trait of each extension point it takes part in, and exports it:
//!
//! ```
//! use smartcms_plugin::html_filter::{self, FilterContext};
//!
//! struct Shout;
//!
//! impl html_filter::Guest for Shout {
//!     fn filter_html(_context: FilterContext, html: String) -> Result<String, String> {
//!         Ok(html.to_uppercase())
//!     }
//! }
//!
//! smartcms_plugin::html_filter::export!(Shout);
//! ```
//!
//! Beside the extension points: [`fields`] and [`problems`] are what hooks give back, [`settings`] what the operator
//! said, [`log`] what the operator reads, [`keys`] and [`content`] what a grant opens. `testing` has what unit tests
//! of a plugin need.
//!
//! [`neural`] computes with models of the host, [`chance`] gives random numbers.
//!
//! [`html`] finds the tags in what filters get, and makes texts fit for it.
//!
//! With the feature `http` there are also `routes`, for a plugin that answers requests below `/ext/ID/`, `web`, which
//! asks other hosts and needs the grant `http`, and `clock`.
//!
//! What a plugin does not use leaves no trace in its file: a plugin that never calls [`content`] does not
//! import it, and needs no grant.

pub mod block_renderer;
pub mod chance;
#[cfg(feature = "http")]
pub mod clock;
pub mod content;
pub mod delete_hook;
pub mod event_listener;
pub mod fields;
pub mod function_library;
pub mod html;
pub mod html_filter;
pub mod keys;
pub mod log;
pub mod model_provider;
pub mod neural;
pub mod problems;
pub mod publish_hook;
#[cfg(feature = "http")]
pub mod routes;
pub mod save_hook;
pub mod settings;
mod stamp;
pub mod task_runner;
#[cfg(not(target_arch = "wasm32"))]
pub mod testing;
#[cfg(feature = "http")]
pub mod web;
