//! What an answer means, and how long to wait before the next try. Chance comes in as a parameter.

use std::time::Duration;

/// How often a delivery is tried.
pub const TRIES_MAX: u32 = WAITS_SECONDS.len() as u32 + 1;
/// The longest wait that a receiver can ask for.
pub const RETRY_WAIT_MAX: Duration = Duration::from_secs(24 * 60 * 60);

/// The waits of Standard Webhooks after the first try, which is made at once.
const WAITS_SECONDS: [u64; 9] =
    [5, 5 * 60, 30 * 60, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];
const HOUR: u64 = 60 * 60;
/// A wait is longer by up to this part of itself, so that what failed together does not come again together.
const JITTER_PARTS: u64 = 10;

/// What an answer means for a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The receiver has it.
    Delivered,
    /// The receiver wants no more events, ever.
    Gone,
    /// It should be tried again, not before this wait.
    Retry(Option<Duration>),
}

/// Judges a response by its status. `retry_after` is what the receiver asked for; it counts with 429 and 503.
pub fn judge(status: u16, retry_after: Option<Duration>) -> Verdict {
    match status {
        200..=299 => Verdict::Delivered,
        410 => Verdict::Gone,
        429 | 503 => Verdict::Retry(retry_after.map(|it| it.min(RETRY_WAIT_MAX))),
        _ => Verdict::Retry(None),
    }
}

/// The wait after `tries` tries, longer by a part that `chance` decides; `None` when it was tried often enough.
pub fn wait_before_try(tries: u32, asked: Option<Duration>, chance: u8) -> Option<Duration> {
    let at = usize::try_from(tries.checked_sub(1)?).ok()?;
    let wait = Duration::from_secs(*WAITS_SECONDS.get(at)?);
    let wait = wait.max(asked.unwrap_or_default().min(RETRY_WAIT_MAX));
    let millis = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
    let jitter = millis / JITTER_PARTS * u64::from(chance) / u64::from(u8::MAX);
    Some(Duration::from_millis(millis.saturating_add(jitter)))
}

#[cfg(test)]
mod tests {
    use super::{Duration, RETRY_WAIT_MAX, TRIES_MAX, Verdict, judge, wait_before_try};

    #[test]
    fn only_a_success_delivers_and_only_410_ends_the_webhook() {
        assert_eq!(judge(200, None), Verdict::Delivered);
        assert_eq!(judge(299, None), Verdict::Delivered);
        assert_eq!(judge(410, None), Verdict::Gone);
        for status in [199, 301, 302, 308, 400, 404, 500, 599] {
            assert_eq!(judge(status, Some(RETRY_WAIT_MAX)), Verdict::Retry(None), "{status}");
        }
    }

    #[test]
    fn a_receiver_can_ask_for_time_within_bounds() {
        let minute = Some(Duration::from_secs(60));
        for status in [429, 503] {
            assert_eq!(judge(status, minute), Verdict::Retry(minute));
            assert_eq!(judge(status, Some(Duration::MAX)), Verdict::Retry(Some(RETRY_WAIT_MAX)));
        }
        assert_eq!(wait_before_try(1, minute, 0), minute);
        assert_eq!(wait_before_try(2, minute, 0), Some(Duration::from_secs(300)));
        assert_eq!(wait_before_try(1, Some(Duration::MAX), 0), Some(RETRY_WAIT_MAX));
    }

    #[test]
    fn waits_grow_by_chance_a_little_and_end() {
        assert_eq!(TRIES_MAX, 10);
        assert_eq!(wait_before_try(1, None, 0), Some(Duration::from_secs(5)));
        assert_eq!(wait_before_try(1, None, 255), Some(Duration::from_millis(5_500)));
        let waits: Vec<_> = (1..TRIES_MAX).map(|it| wait_before_try(it, None, 128)).collect();
        assert!(waits.is_sorted() && waits.iter().all(Option::is_some), "{waits:?}");
        assert_eq!(wait_before_try(TRIES_MAX, None, 0), None);
        assert_eq!(wait_before_try(0, None, 0), None);
    }
}
