//! The HTTP surface: REST, the site's pages, plugins' routes and health, behind one service. No listener.
//!
//! Status codes exist only here; rules and permissions are in `app`. [`SiteService`] answers a request: from the
//! page cache when it can, else through the [`router`].
#![deny(missing_docs)]
#![cfg_attr(
    target_family = "wasm",
    allow(dead_code, unused, reason = "there are no plugins, imports and passkeys there")
)]
// The macro of `json.rs` takes one token after the other.
#![recursion_limit = "1024"]

mod admin;
mod api_edge;
mod body;
mod caller;
mod compression;
mod cursor;
mod health;
mod idempotency;
mod json;
mod media;
mod members;
mod metrics;
mod nearest;
mod page_cache;
mod panics;
mod plugin_routes;
mod preconditions;
mod problem;
mod provider_sign_in;
mod query;
mod reply;
mod rest;
mod routes;
mod routing;
mod security_headers;
mod segments;
mod service;
mod session;
mod shared_keys;
mod site;
mod state;
mod stories;
mod strict_json;
mod url_pairs;

pub use admin::Person as AdminPerson;
pub use api_edge::{
    AllowedOrigins, ApiEdge, ApiSettings, ClientAddress, DENIALS_PER_MINUTE_MAX, Origin,
    OriginError, RATE_KEYS_MAX,
};
pub use body::BODY_BYTES_MAX;
pub use health::{Readiness, not_started};
pub use page_cache::{CACHE_BYTES_MAX, KeptPage, Listed, PAGE_BYTES_MAX, PageCache};
pub use plugin_routes::{PLUGIN_BODY_BYTES_MAX, plugin_answer};
pub use reply::WholeBody;
pub use routes::{health_router, router};
pub use service::SiteService;
pub use shared_keys::SharedKeysService;
pub use state::{AppState, CurrentTheme};
