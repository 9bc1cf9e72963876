//! How much a plugin may write to its log: pure counting, with the time passed in.

use std::time::{Duration, Instant};

/// The limits on a plugin's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogLimits {
    /// For one call.
    pub call_bytes_max: usize,
    /// For all calls of the plugin in one minute.
    pub minute_bytes_max: usize,
}

impl Default for LogLimits {
    fn default() -> Self {
        Self { call_bytes_max: 64 * 1024, minute_bytes_max: 1024 * 1024 }
    }
}

/// What happens to a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is kept.
    Keep,
    /// It is dropped, and it is the first one: one line says so.
    DropFirst,
    /// It is dropped in silence.
    Drop,
}

/// Counts down; past the end everything is dropped, and the first drop is told apart.
#[derive(Debug, Clone)]
pub(crate) struct Budget {
    left: usize,
    told: bool,
}

/// A budget that is full again every minute.
#[derive(Debug)]
pub(crate) struct MinuteBudget {
    per_minute: usize,
    began: Instant,
    budget: Budget,
}

impl Budget {
    pub(crate) fn new(bytes: usize) -> Self {
        Self { left: bytes, told: false }
    }

    pub(crate) fn take(&mut self, bytes: usize) -> Verdict {
        if let Some(left) = self.left.checked_sub(bytes) {
            self.left = left;
            return Verdict::Keep;
        }
        // What would still fit is not given away: lines after a dropped one would mislead.
        self.left = 0;
        if std::mem::replace(&mut self.told, true) { Verdict::Drop } else { Verdict::DropFirst }
    }
}

impl MinuteBudget {
    pub(crate) fn new(per_minute: usize, now: Instant) -> Self {
        Self { per_minute, began: now, budget: Budget::new(per_minute) }
    }

    pub(crate) fn take(&mut self, bytes: usize, now: Instant) -> Verdict {
        if now.saturating_duration_since(self.began) >= Duration::from_secs(60) {
            self.began = now;
            self.budget = Budget::new(self.per_minute);
        }
        self.budget.take(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::{Budget, Duration, Instant, MinuteBudget, Verdict};

    #[test]
    fn past_the_limit_one_drop_is_told_and_the_rest_are_silent() {
        let mut budget = Budget::new(10);
        assert_eq!(budget.take(10), Verdict::Keep);
        assert_eq!(budget.take(1), Verdict::DropFirst);
        assert_eq!(budget.take(1), Verdict::Drop);
    }

    #[test]
    fn a_new_minute_is_a_new_budget() {
        let start = Instant::now();
        let mut budget = MinuteBudget::new(10, start);
        assert_eq!(budget.take(11, start), Verdict::DropFirst);
        assert_eq!(budget.take(1, start + Duration::from_secs(59)), Verdict::Drop);
        assert_eq!(budget.take(10, start + Duration::from_secs(60)), Verdict::Keep);
    }
}
