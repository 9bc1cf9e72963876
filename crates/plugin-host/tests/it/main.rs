//! The plugin host as its users see it.
#![cfg(test)] // Tells the linter that helpers are tests too.

mod cache;
mod compile;
mod convert;
mod guests;
mod host;
mod inspect;
mod outbound;
mod run;
mod support;
