//! The HTTP surface from outside: through the service, over ports in memory.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "the helpers of tests fail as assertions do"
)]

mod admin;
mod api_edge;
mod ask;
mod asset_uses;
mod assets;
mod assist;
mod autosave;
mod batch;
mod client;
mod collections;
mod computed;
mod content;
mod errors;
mod idempotency;
mod languages;
mod lists;
mod meaning;
mod menus;
mod odd_requests;
mod openapi;
mod page_cache;
mod people;
mod plugin_routes;
mod preconditions;
mod redirects;
mod revision_diff;
mod revisions;
mod rights;
mod search;
mod shapes;
mod shared_keys;
mod site;
mod site_ask;
mod site_images;
mod site_search;
mod stories;
mod terms;
mod webhooks;
