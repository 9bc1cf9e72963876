//! The executable as people and programs use it: the command line, the server, and plugins that misbehave.
#![cfg(test)] // Tells the linter that helpers are tests too.

mod cleaning;
mod collections;
mod components;
mod contracts;
mod hidden_fields;
mod idempotency;
mod image_bombs;
mod import;
mod init;
mod openapi;
mod plugin_cases;
mod plugin_check;
mod plugins;
mod redirects;
mod run;
mod serving;
mod sites;
mod statements;
mod support;
mod themes;
mod tokens;
mod torture;
mod unserved;
mod webhooks;
