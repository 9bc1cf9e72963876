//! Time and chance.

use smartcms_domain::Timestamp;
use uuid::Uuid;

/// The time.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// Chance.
pub trait Randomness: Send + Sync {
    /// A new id that sorts by time: a UUID of version 7.
    fn id(&self, now: Timestamp) -> Uuid;

    /// 32 bytes that nobody can guess.
    fn secret(&self) -> [u8; 32];
}
