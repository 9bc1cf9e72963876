//! Telling plugins what happened, from the durable queue, at least once.

mod backoff;
mod deliver;
mod error;
mod parked;

pub use backoff::DELIVERY_TRIES_MAX;
pub use deliver::{DeliverError, Delivered, begin_listening, deliver_events};
pub use error::EventError;
pub use parked::{
    EventHealth, PARKED_LISTED_MAX, Retried, drop_parked, event_health, list_parked, retry_parked,
};
