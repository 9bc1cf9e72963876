//! What every adapter of a port promises.
//!
//! Each suite runs on one store and leaves its marks there, under names of its own:
//! several suites can share a store, one suite runs once on it.

mod asset_uses;
mod assets;
mod assist;
mod audit;
mod blobs;
mod definitions;
mod entries;
mod idempotency;
mod key_value;
mod listings;
mod meaning;
mod menus;
mod near;
mod outbox;
mod people;
mod plugin_health;
mod plugin_log;
mod plugins;
mod redirects;
mod roles;
mod search;
mod tasks;
mod tokens;
mod views;
mod webhooks;
mod working_copies;

pub use asset_uses::asset_uses;
pub use assets::assets;
pub use assist::assist;
pub use audit::{audit, deed};
pub use blobs::blobs;
pub use definitions::{DefiningStore, definitions};
pub use entries::entries;
pub use idempotency::idempotency;
pub use key_value::key_value;
pub use meaning::meaning;
pub use menus::menus;
pub use outbox::outbox;
pub use people::{PeopleStore, people};
pub use plugin_health::plugin_health;
pub use plugin_log::plugin_log;
pub use plugins::plugins;
pub use redirects::redirects;
pub use roles::roles;
pub use search::search;
pub use tasks::tasks;
pub use tokens::tokens;
pub use views::views;
pub use webhooks::webhooks;
pub use working_copies::working_copies;
