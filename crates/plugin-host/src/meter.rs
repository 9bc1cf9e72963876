//! Counts what a plugin does, for as long as the process lives.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use smartcms_app::ports::{PluginMeasures, TIME_BOUNDS_US};

use crate::error::{LimitReached, PluginFault};

/// The counters of one plugin. Each is right by itself; together they may be of moments that differ a little.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    calls: AtomicU64,
    time_us: AtomicU64,
    times: [AtomicU64; TIME_BOUNDS_US.len() + 1],
    memory_peak_bytes: AtomicU64,
    host_calls: AtomicU64,
    traps: AtomicU64,
    timeouts: AtomicU64,
    limits: AtomicU64,
    denials: AtomicU64,
    turned_away: AtomicU64,
}

impl Meter {
    /// Counts calls that took about this long each.
    pub(crate) fn called(&self, calls: u32, each: Duration) {
        let place = TIME_BOUNDS_US.iter().position(|it| each.as_micros() <= u128::from(*it));
        if let Some(times) = self.times.get(place.unwrap_or(TIME_BOUNDS_US.len())) {
            add(times, calls.into());
        }
        add(&self.calls, calls.into());
        let time_us = each.saturating_mul(calls).as_micros();
        add(&self.time_us, u64::try_from(time_us).unwrap_or(u64::MAX));
    }

    /// Counts what a store came to, which may have lasted for many calls.
    pub(crate) fn used(&self, memory_bytes: u64, host_calls: u64) {
        add(&self.host_calls, host_calls);
        self.memory_peak_bytes.fetch_max(memory_bytes, Ordering::Relaxed);
    }

    /// Counts how a call failed.
    pub(crate) fn failed(&self, fault: &PluginFault) {
        match fault {
            PluginFault::Limit(LimitReached::Time { .. }) => add(&self.timeouts, 1),
            PluginFault::Limit(_) => add(&self.limits, 1),
            PluginFault::Trap { .. } => add(&self.traps, 1),
            PluginFault::Denied { .. } => self.denied(),
            _ => {}
        }
    }

    /// Counts something that lacked a grant.
    pub(crate) fn denied(&self) {
        add(&self.denials, 1);
    }

    /// Counts a call that was not made.
    pub(crate) fn turned_away(&self) {
        add(&self.turned_away, 1);
    }

    /// The counts as they are now.
    pub(crate) fn measures(&self) -> PluginMeasures {
        let read = |it: &AtomicU64| it.load(Ordering::Relaxed);
        PluginMeasures {
            calls: read(&self.calls),
            time_us: read(&self.time_us),
            times: self.times.iter().map(read).collect(),
            memory_peak_bytes: read(&self.memory_peak_bytes),
            host_calls: read(&self.host_calls),
            traps: read(&self.traps),
            timeouts: read(&self.timeouts),
            limits: read(&self.limits),
            denials: read(&self.denials),
            turned_away: read(&self.turned_away),
        }
    }
}

fn add(counter: &AtomicU64, count: u64) {
    counter.fetch_add(count, Ordering::Relaxed);
}

#[cfg(test)]
mod tests {
    use super::{Duration, Meter};

    #[test]
    fn calls_are_counted_with_their_time_and_memory() {
        let meter = Meter::default();
        for (time, memory, host_calls) in [
            (Duration::from_micros(50), 1_000, 2),
            (Duration::from_micros(51), 5_000, 0),
            (Duration::from_secs(3_600), 4_000, 1),
        ] {
            meter.called(1, time);
            meter.used(memory, host_calls);
        }
        let measures = meter.measures();
        assert_eq!(
            (measures.calls, measures.memory_peak_bytes, measures.host_calls),
            (3, 5_000, 3)
        );
        assert_eq!(measures.times.first(), Some(&1));
        assert_eq!(measures.times.last(), Some(&1), "longer than every bound");
        assert_eq!(measures.times.iter().sum::<u64>(), 3);
    }
}
