//! The time of calls that are made for each row of a query: looking at the clock takes as long as a small function.

use std::mem;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::meter::Meter;

/// So many calls are timed one by one, at first and after a failure.
const EACH_OF: u32 = 16;
/// After them one of so many is timed, and stands for all of these.
const ONE_OF: u32 = 16;

/// Counts every call of one caller, and times some.
pub(super) struct Timing {
    meter: Arc<Meter>,
    /// Since the caller began, or since the last failure.
    calls: u32,
    /// Those that the meter was not told of yet.
    untold: u32,
    newest: Duration,
}

impl Timing {
    pub(super) fn new(meter: Arc<Meter>) -> Self {
        Self { meter, calls: 0, untold: 0, newest: Duration::ZERO }
    }

    /// A call begins; when it did, if it is timed.
    pub(super) fn begin(&mut self) -> Option<Instant> {
        self.calls = self.calls.saturating_add(1);
        self.untold += 1;
        (self.calls <= EACH_OF || self.untold == ONE_OF).then(Instant::now)
    }

    /// The call ended.
    pub(super) fn end(&mut self, begun: Option<Instant>, failed: bool) {
        if let Some(begun) = begun {
            self.newest = begun.elapsed();
        }
        if failed {
            self.calls = 0;
        }
        if begun.is_some() || failed {
            self.tell();
        }
    }

    fn tell(&mut self) {
        self.meter.called(mem::take(&mut self.untold), self.newest);
    }
}

/// What was not told yet is not lost.
impl Drop for Timing {
    fn drop(&mut self) {
        if self.untold > 0 {
            self.tell();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{EACH_OF, Meter, ONE_OF, Timing};

    fn call(timing: &mut Timing, failed: bool) -> bool {
        let begun = timing.begin();
        timing.end(begun, failed);
        begun.is_some()
    }

    #[test]
    fn every_call_is_counted_and_some_are_timed() {
        let meter = Arc::new(Meter::default());
        let mut timing = Timing::new(Arc::clone(&meter));
        let timed = (0..EACH_OF + 2 * ONE_OF + 3).filter(|_| call(&mut timing, false)).count();
        assert_eq!(timed, EACH_OF as usize + 2);
        assert_eq!(meter.measures().calls, u64::from(EACH_OF + 2 * ONE_OF));
        drop(timing);
        let measures = meter.measures();
        assert_eq!(measures.calls, u64::from(EACH_OF + 2 * ONE_OF + 3));
        assert_eq!(measures.times.iter().sum::<u64>(), measures.calls);
    }

    #[test]
    fn calls_are_timed_one_by_one_after_a_failure() {
        let meter = Arc::new(Meter::default());
        let mut timing = Timing::new(Arc::clone(&meter));
        for _ in 0..EACH_OF + 5 {
            call(&mut timing, false);
        }
        assert!(!call(&mut timing, true), "it was not timed");
        assert_eq!(meter.measures().calls, u64::from(EACH_OF + 6));
        assert!(call(&mut timing, false));
    }
}
