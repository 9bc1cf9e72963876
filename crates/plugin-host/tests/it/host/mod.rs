//! Registered plugins as a site uses them.

mod content;
mod examples;
mod filters;
mod guest;
mod hooks;
mod keys;
mod registry;
mod routes;
mod site;
