//! The content model of SmartCMS and its rules: pure and synchronous.
//!
//! Nothing here reads a clock, a file or a network, and entities cannot be serialised: the edges convert.
//! The exceptions are two documented formats: that of an entry's fields ([`entries::Fields`]), and that of a collection's
//! definition ([`collections::CollectionDefinition::read`]).
#![deny(missing_docs)]

pub mod actors;
pub mod assets;
pub mod blocks;
mod causes;
pub mod collections;
pub mod entries;
pub mod events;
pub mod locales;
pub mod menus;
mod nearest;
pub mod people;
pub mod plugins;
mod problem;
pub mod queries;
pub mod redirects;
pub mod sorting;
mod time;
pub mod webhooks;

pub use causes::with_causes;
pub use nearest::{meant, nearest};
pub use problem::Problem;
pub use time::{Timestamp, TimestampError};
