//! Operations over memory adapters: what they promise, to whom, and what stops them.
#![cfg(test)]

mod batch;
mod blocks;
mod collections;
mod content_model;
mod dangling;
mod deliveries;
mod hooks;
mod images;
mod life;
mod people;
mod permissions;
mod person_tokens;
mod plugin_admin;
mod retention;
mod saving;
mod support;
mod tasks;
mod tokens;
mod webhooks;
