//! How often an event is told, and how long it is waited in between.

use std::time::Duration;

/// How often an event fails before it is parked for the operator: after about two minutes.
pub const DELIVERY_TRIES_MAX: u32 = 8;
/// The pause while a plugin cannot be called: short, as an operator may just have mended that.
pub(super) const UNAVAILABLE_PAUSE: Duration = Duration::from_secs(5);

/// The pause after the first failure; it doubles with each.
const RETRY_PAUSE: Duration = Duration::from_secs(1);
/// How much of a plugin's own words is kept.
const REASON_CHARS_MAX: usize = 1_000;

/// The pause after so many failures.
pub(super) fn pause_after(tries: u32) -> Duration {
    RETRY_PAUSE.saturating_mul(2_u32.saturating_pow(tries.saturating_sub(1)))
}

/// What a plugin said, bounded, in one line, and without what could steer a terminal.
pub(super) fn printable(text: &str) -> String {
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().take(REASON_CHARS_MAX).map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::{DELIVERY_TRIES_MAX, pause_after};

    #[test]
    fn pauses_grow_and_end_after_about_two_minutes() {
        let pauses: Vec<u64> =
            (1..DELIVERY_TRIES_MAX).map(|it| pause_after(it).as_secs()).collect();
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 64]);
    }
}
