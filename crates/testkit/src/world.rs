//! Time that stands still and chance that repeats.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use smartcms_app::ports::{Clock, Randomness};
use smartcms_domain::Timestamp;
use uuid::Uuid;

/// A clock that moves only when it is told to.
#[derive(Debug)]
pub struct FixedClock {
    now_ms: AtomicI64,
}

/// Ids and secrets that are the same in every run.
#[derive(Debug)]
pub struct SeededRandomness {
    seed: u64,
    drawn: AtomicU64,
}

impl FixedClock {
    /// A clock that shows this time.
    pub fn new(now: Timestamp) -> Self {
        Self { now_ms: AtomicI64::new(now.as_millis()) }
    }

    /// Moves the time on.
    pub fn advance(&self, duration_ms: i64) {
        self.now_ms.fetch_add(duration_ms, Ordering::SeqCst);
    }
}

/// 2026-11-22T10:00:00Z.
impl Default for FixedClock {
    fn default() -> Self {
        Self::new(Timestamp::parse("2026-11-22T10:00:00Z").unwrap())
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.now_ms.load(Ordering::SeqCst)).unwrap()
    }
}

impl SeededRandomness {
    /// The same seed gives the same values in the same order.
    pub fn new(seed: u64) -> Self {
        Self { seed, drawn: AtomicU64::new(0) }
    }

    fn next(&self) -> u64 {
        self.drawn.fetch_add(1, Ordering::SeqCst)
    }
}

impl Default for SeededRandomness {
    fn default() -> Self {
        Self::new(1)
    }
}

impl Randomness for SeededRandomness {
    fn id(&self, now: Timestamp) -> Uuid {
        // The count stands behind the time, so that ids of one millisecond sort in the order they were made.
        let mut chance = [0; 10];
        let count = (self.next() & 0x0fff_ffff_ffff) << 16 | (self.seed & 0xffff);
        chance.iter_mut().skip(2).zip(count.to_be_bytes()).for_each(|(to, from)| *to = from);
        let millis = u64::try_from(now.as_millis()).unwrap();
        uuid::Builder::from_unix_timestamp_millis(millis, &chance).into_uuid()
    }

    fn secret(&self) -> [u8; 32] {
        let mut state = self.seed ^ self.next().rotate_left(32);
        let mut secret = [0; 32];
        for (at, byte) in secret.iter_mut().enumerate() {
            state = mixed(state.wrapping_add(0x9e37_79b9_7f4a_7c15));
            *byte = state.to_be_bytes().get(at % 8).copied().unwrap();
        }
        secret
    }
}

/// The finisher of SplitMix64: neighbours give values that look unrelated.
fn mixed(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::{FixedClock, SeededRandomness};
    use smartcms_app::ports::{Clock, Randomness};

    #[test]
    fn ids_repeat_in_every_run_and_sort_as_they_were_made() {
        let now = FixedClock::default().now();
        let ids = || {
            let randomness = SeededRandomness::default();
            (0..100).map(|_| randomness.id(now)).collect::<Vec<_>>()
        };
        assert_eq!(ids(), ids());
        assert!(ids().is_sorted_by(|a, b| a < b));
        assert!(ids().iter().all(|it| it.get_version_num() == 7));
    }

    #[test]
    fn secrets_differ() {
        let randomness = SeededRandomness::default();
        assert_ne!(randomness.secret(), randomness.secret());
    }
}
