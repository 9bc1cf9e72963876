//! Pauses a plugin that fails again and again: pure counting, with the time passed in.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// When a plugin is paused, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BreakerLimits {
    /// Failures in a row that pause the plugin.
    pub failures_max: u32,
    /// How long it is left alone before one call tries it again.
    pub pause: Duration,
}

/// The state of one plugin.
#[derive(Debug)]
pub(crate) struct Breaker {
    limits: BreakerLimits,
    failures: u32,
    paused_until: Option<Instant>,
    /// What the last failure was.
    reason: String,
}

/// The state of one plugin for all its callers. While nothing has failed, calls look at one flag: functions in queries are
/// called for each row.
#[derive(Debug)]
pub(crate) struct SharedBreaker {
    /// Whether the last call went well. It is written under the lock; who reads a moment too early counts one success less.
    is_calm: AtomicBool,
    breaker: Mutex<Breaker>,
}

impl Default for BreakerLimits {
    fn default() -> Self {
        Self { failures_max: 10, pause: Duration::from_secs(30) }
    }
}

impl Breaker {
    pub(crate) fn new(limits: BreakerLimits) -> Self {
        Self { limits, failures: 0, paused_until: None, reason: String::new() }
    }

    /// Lets a call through, or says for how long the plugin is still paused.
    ///
    /// After the pause one call goes ahead alone, and the others wait for what becomes of it.
    pub(crate) fn admit(&mut self, now: Instant) -> Result<(), Duration> {
        match self.paused_until {
            None => Ok(()),
            Some(until) if now < until => Err(until - now),
            Some(_) => {
                self.paused_until = Some(now + self.limits.pause);
                Ok(())
            }
        }
    }

    pub(crate) fn succeeded(&mut self) {
        self.failures = 0;
        self.paused_until = None;
    }

    /// Whether this failure is the one that pauses the plugin.
    pub(crate) fn failed(&mut self, now: Instant, reason: &str) -> bool {
        reason.clone_into(&mut self.reason);
        self.failures = self.failures.saturating_add(1);
        if self.failures < self.limits.failures_max {
            return false;
        }
        let first = self.paused_until.is_none();
        self.paused_until = Some(now + self.limits.pause);
        first
    }

    /// Failures since the last success.
    pub(crate) fn failures(&self) -> u32 {
        self.failures
    }

    pub(crate) fn limits(&self) -> BreakerLimits {
        self.limits
    }

    /// Why and for how long it is paused; `None` when it is not.
    pub(crate) fn pause(&self, now: Instant) -> Option<String> {
        let seconds = self.paused_until?.saturating_duration_since(now).as_secs();
        let (failures, reason) = (self.failures, &self.reason);
        Some(format!(
            "failed {failures} times in a row, the last time it {reason}; one call tries it again in {seconds} s"
        ))
    }
}

impl SharedBreaker {
    pub(crate) fn new(limits: BreakerLimits) -> Self {
        Self { is_calm: AtomicBool::new(true), breaker: Mutex::new(Breaker::new(limits)) }
    }

    /// Lets a call through, or says for how long the plugin is still paused.
    pub(crate) fn admit(&self, now: impl FnOnce() -> Instant) -> Result<(), Duration> {
        if self.is_calm.load(Ordering::Acquire) { Ok(()) } else { self.locked().admit(now()) }
    }

    pub(crate) fn succeeded(&self) {
        if !self.is_calm.load(Ordering::Acquire) {
            let mut breaker = self.locked();
            breaker.succeeded();
            self.is_calm.store(true, Ordering::Release);
        }
    }

    /// Whether this failure is the one that pauses the plugin.
    pub(crate) fn failed(&self, now: Instant, reason: &str) -> bool {
        let mut breaker = self.locked();
        self.is_calm.store(false, Ordering::Release);
        breaker.failed(now, reason)
    }

    /// The counts, for those who tell of them.
    pub(crate) fn locked(&self) -> MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::{Breaker, BreakerLimits, Duration, Instant, SharedBreaker};

    const PAUSE: Duration = Duration::from_secs(30);

    fn paused(now: Instant) -> Breaker {
        let mut breaker = Breaker::new(BreakerLimits { failures_max: 3, pause: PAUSE });
        assert_eq!(
            [
                breaker.failed(now, "trapped"),
                breaker.failed(now, "trapped"),
                breaker.failed(now, "trapped")
            ],
            [false, false, true]
        );
        breaker
    }

    #[test]
    fn failures_in_a_row_pause_and_a_success_between_them_does_not() {
        let now = Instant::now();
        let mut breaker = Breaker::new(BreakerLimits { failures_max: 3, pause: PAUSE });
        for _ in 0..10 {
            assert!(!breaker.failed(now, "trapped") && !breaker.failed(now, "trapped"));
            breaker.succeeded();
        }
        assert_eq!(breaker.admit(now), Ok(()));
        assert_eq!(paused(now).admit(now), Err(PAUSE));
    }

    #[test]
    fn after_the_pause_one_call_tries_and_the_others_wait() {
        let now = Instant::now();
        let mut breaker = paused(now);
        let later = now + PAUSE;
        assert_eq!(breaker.admit(later), Ok(()));
        assert!(breaker.admit(later).is_err());
        breaker.succeeded();
        assert_eq!(breaker.admit(later), Ok(()));
    }

    #[test]
    fn a_pause_is_told_with_its_reason() {
        let now = Instant::now();
        let told = paused(now).pause(now).unwrap();
        assert_eq!(
            told,
            "failed 3 times in a row, the last time it trapped; one call tries it again in 30 s"
        );
        let mut breaker = paused(now);
        breaker.succeeded();
        assert_eq!((breaker.pause(now), breaker.admit(now)), (None, Ok(())), "it was resumed");
    }

    #[test]
    fn a_failed_try_pauses_again() {
        let now = Instant::now();
        let mut breaker = paused(now);
        let later = now + PAUSE;
        assert_eq!(breaker.admit(later), Ok(()));
        assert!(!breaker.failed(later, "trapped"), "the operator was told when it was paused");
        assert_eq!(breaker.admit(later), Err(PAUSE));
    }

    #[test]
    fn callers_who_share_it_see_failures_and_the_end_of_them() {
        let now = Instant::now();
        let shared = SharedBreaker::new(BreakerLimits { failures_max: 2, pause: PAUSE });
        assert_eq!(shared.admit(|| now), Ok(()));
        assert!(!shared.failed(now, "trapped"));
        shared.succeeded();
        assert_eq!(shared.locked().failures(), 0, "failures count in a row");
        assert!(!shared.failed(now, "trapped") && shared.failed(now, "trapped"));
        assert_eq!(shared.admit(|| now), Err(PAUSE));
        shared.succeeded();
        assert_eq!(shared.admit(|| now), Ok(()), "it was resumed");
    }
}
