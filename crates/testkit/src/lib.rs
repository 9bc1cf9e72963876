//! What tests need: ports in memory, a clock that stands still, builders, and the suites that every adapter passes.
//!
//! A development dependency only. A wrong use of it panics, as an assertion does: it runs in tests alone.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has to stop here"
)]
#![deny(missing_docs)]

pub mod builders;
mod images;
mod listener;
mod mailbox;
mod memory;
mod passwords;
pub mod suites;
mod test_app;
mod world;

pub use images::PlainImages;
pub use listener::RecordingListener;
pub use mailbox::Mailbox;
pub use memory::MemoryStore;
pub use passwords::CountingHasher;
pub use test_app::{TestApp, media, people_parts, site};
pub use world::{FixedClock, SeededRandomness};
