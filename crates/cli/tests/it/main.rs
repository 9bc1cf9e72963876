//! The executable as people and programs use it: the command line, the server, and plugins that misbehave.
#![cfg(test)] // Tells the linter that helpers are tests too.

mod author;
mod cleaning;
mod collections;
mod components;
mod contracts;
mod distribution;
mod distribution_hostile;
mod distribution_trust;
mod distribution_upgrade;
mod events;
mod hidden_fields;
mod idempotency;
mod image_bombs;
mod import;
mod init;
mod openapi;
mod people;
mod plugin_cases;
mod plugin_check;
mod plugin_health;
mod plugin_points;
mod plugins;
mod redirects;
mod roles;
mod run;
mod serving;
mod sites;
mod statements;
mod support;
mod tasks;
mod themes;
mod tokens;
mod torture;
mod unserved;
mod webhooks;
