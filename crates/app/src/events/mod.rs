//! Telling plugins what happened, from the durable queue, at least once.

mod deliver;

pub use deliver::{DELIVERY_TRIES_MAX, DeliverError, Delivered, deliver_events};
