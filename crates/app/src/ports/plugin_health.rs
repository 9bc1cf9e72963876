//! How the plugins of running processes are, for other processes: a server knows it, the command line shows it.

use std::time::Duration;

use async_trait::async_trait;
use smartcms_domain::Timestamp;
use smartcms_domain::plugins::PluginId;
use uuid::Uuid;

use super::StoreError;

/// Reports of running processes on their plugins, and wishes of operators to them.
#[async_trait]
pub trait PluginHealthStore: Send + Sync {
    /// Takes the reports of a process in the place of its earlier ones, and forgets those of processes that have not
    /// reported since `forget_before`.
    async fn report(
        &self,
        process: Uuid,
        at: Timestamp,
        reports: Vec<PluginReport>,
        forget_before: Timestamp,
    ) -> Result<(), StoreError>;

    /// The reports of every process that has reported since a time.
    async fn reports(&self, since: Timestamp) -> Result<Vec<PluginReport>, StoreError>;

    /// Remembers that an operator wants a paused plugin to be called again.
    async fn ask_to_resume(&self, plugin: &PluginId, at: Timestamp) -> Result<(), StoreError>;

    /// When an operator last wanted each plugin to be called again, after a time.
    async fn resumptions(&self, after: Timestamp)
    -> Result<Vec<(PluginId, Timestamp)>, StoreError>;
}

/// How one plugin is in one process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PluginReport {
    /// The plugin.
    pub plugin: PluginId,
    /// Whether it can be called.
    pub condition: PluginCondition,
    /// What it did since the process began.
    pub measures: PluginMeasures,
}

/// Whether a plugin can be called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PluginCondition {
    /// It can.
    Ready,
    /// It failed again and again, and is left alone for a while.
    Paused(String),
    /// It cannot, and this is why.
    Unusable(String),
}

/// What a plugin did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PluginMeasures {
    /// Calls that ended, however they did.
    pub calls: u64,
    /// Their time together, in microseconds.
    pub time_us: u64,
    /// How many of them took at most so long as each of [`TIME_BOUNDS_US`], and longer than the bound before; one more
    /// for those that took longer than all.
    pub times: Vec<u64>,
    /// The most memory that one call had, in bytes.
    pub memory_peak_bytes: u64,
    /// Calls of host functions that do work.
    pub host_calls: u64,
    /// Calls that ended in a trap.
    pub traps: u64,
    /// Calls that passed their time.
    pub timeouts: u64,
    /// Calls that passed another limit.
    pub limits: u64,
    /// Calls and requests that lacked a grant.
    pub denials: u64,
    /// Calls that were not made: it was paused, busy, or the request had used its budget.
    pub turned_away: u64,
}

/// The bounds of [`PluginMeasures::times`], in microseconds.
pub const TIME_BOUNDS_US: [u64; 16] = [
    50,
    100,
    250,
    500,
    1_000,
    2_500,
    5_000,
    10_000,
    25_000,
    50_000,
    100_000,
    250_000,
    500_000,
    1_000_000,
    10_000_000,
    600_000_000,
];

impl PluginMeasures {
    /// The time within which this share of the calls ended, as the bound above it; `None` without calls.
    pub fn time_of_share(&self, percent: u64) -> Option<Duration> {
        let total: u64 = self.times.iter().sum();
        let wanted = total.saturating_mul(percent).div_ceil(100);
        let mut counted = 0_u64;
        let at = self.times.iter().position(|it| {
            counted = counted.saturating_add(*it);
            total > 0 && counted >= wanted
        })?;
        let longest = TIME_BOUNDS_US.last().copied().unwrap_or_default();
        Some(Duration::from_micros(TIME_BOUNDS_US.get(at).copied().unwrap_or(longest)))
    }

    /// Adds what the same plugin did in another process.
    pub fn add(&mut self, other: &Self) {
        let len = self.times.len().max(other.times.len());
        self.times.resize(len, 0);
        for (own, its) in self.times.iter_mut().zip(&other.times) {
            *own += its;
        }
        self.memory_peak_bytes = self.memory_peak_bytes.max(other.memory_peak_bytes);
        self.calls += other.calls;
        self.time_us += other.time_us;
        self.host_calls += other.host_calls;
        self.traps += other.traps;
        self.timeouts += other.timeouts;
        self.limits += other.limits;
        self.denials += other.denials;
        self.turned_away += other.turned_away;
    }
}

impl PluginCondition {
    /// The lasting name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Paused(_) => "paused",
            Self::Unusable(_) => "unusable",
        }
    }

    /// Why it cannot be called.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Ready => None,
            Self::Paused(reason) | Self::Unusable(reason) => Some(reason),
        }
    }

    /// The condition with this name.
    pub fn parse(name: &str, reason: String) -> Option<Self> {
        match name {
            "ready" => Some(Self::Ready),
            "paused" => Some(Self::Paused(reason)),
            "unusable" => Some(Self::Unusable(reason)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, PluginMeasures};

    #[test]
    fn shares_of_times_are_the_bounds_above_them() {
        let share = |times: &[u64], percent| {
            PluginMeasures { times: times.to_vec(), ..PluginMeasures::default() }
                .time_of_share(percent)
        };
        assert_eq!(share(&[], 50), None);
        assert_eq!(share(&[0, 0], 50), None);
        let times = [98, 1, 0, 1];
        assert_eq!(share(&times, 50), Some(Duration::from_micros(50)));
        assert_eq!(share(&times, 99), Some(Duration::from_micros(100)));
        assert_eq!(share(&times, 100), Some(Duration::from_micros(500)));
    }
}
