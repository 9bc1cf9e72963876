//! Registered plugins as a site uses them.

mod blocks;
mod budget;
mod clerk;
mod content;
mod deputies;
mod examples;
mod filters;
mod functions;
mod functions_at_once;
mod functions_lowered;
mod guest;
mod hooks;
mod keys;
mod models;
mod registry;
mod routes;
mod scopes;
mod site;
