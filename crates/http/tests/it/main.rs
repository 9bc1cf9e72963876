//! The HTTP surface from outside: through the service, over ports in memory.

mod client;
mod content;
mod errors;
mod lists;
mod odd_requests;
mod page_cache;
mod plugin_routes;
mod preconditions;
mod revisions;
mod site;
