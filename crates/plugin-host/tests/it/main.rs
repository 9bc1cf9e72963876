//! The plugin host as its users see it.

mod cache;
mod compile;
mod convert;
mod guests;
mod host;
mod inspect;
mod run;
mod support;
