//! Every limit that a plugin feels, by name, with its default.

use std::time::Duration;

use smartcms_app::ports::KeyValueQuota;
use wasmtime::ResourceLimiter;

use crate::capabilities::http::OutboundLimits;
use crate::capabilities::output::LogLimits;
use crate::error::LimitReached;

/// The limits of one plugin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PluginLimits {
    /// What one call may use and do.
    pub call: CallLimits,
    /// How long calls may take.
    pub times: CallTimes,
    /// How many calls may be under way at the same time.
    pub concurrent_calls_max: usize,
    /// Outgoing requests.
    pub outbound: OutboundLimits,
    /// What goes to the log.
    pub log: LogLimits,
    /// The plugin's keys.
    pub keys: KeyValueQuota,
    /// Requests to its routes and what they answer.
    pub routes: RouteLimits,
    /// What its tasks may do more than its other calls.
    pub tasks: TaskLimits,
    /// Models that it computes with.
    pub neural: NeuralLimits,
}

/// What one call may use and do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallLimits {
    /// Linear memory, all memories of the component together.
    pub memory_bytes_max: usize,
    /// Elements of all tables together.
    pub table_elements_max: usize,
    /// Core instances of the component.
    pub instances_max: usize,
    /// Data that goes from the guest to the host at one time: a result, or the arguments of a host function.
    pub output_bytes_max: usize,
    /// Calls of host functions that do work: keys, content, log.
    pub host_calls_max: u64,
    /// Things of the host that the guest may hold at one time: streams, requests, buckets.
    pub handles_max: usize,
    /// The most random bytes in one call of the host.
    pub random_bytes_max: u64,
}

/// How long a call may take, by what it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallTimes {
    /// A hook holds up the operation of a person.
    pub hook: Duration,
    /// A filter holds up a page.
    pub filter: Duration,
    /// A model writes for as long as this.
    pub model: Duration,
    /// A function is called for each row of a query.
    pub function: Duration,
    /// An event is handled behind the scenes.
    pub event: Duration,
    /// A request to a route, to the end of its body.
    pub request: Duration,
    /// One stretch of a task.
    pub task: Duration,
}

impl CallTimes {
    /// Each of them so many times.
    #[must_use]
    pub fn times(self, factor: u32) -> Self {
        let Self { hook, filter, model, function, event, request, task } = self;
        let longer = |it: Duration| it.saturating_mul(factor);
        Self {
            hook: longer(hook),
            filter: longer(filter),
            model: longer(model),
            function: longer(function),
            event: longer(event),
            request: longer(request),
            task: longer(task),
        }
    }
}

/// What tasks may do: nobody waits for them, and they have more to do than other calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaskLimits {
    /// Calls of host functions in one stretch.
    pub host_calls_max: u64,
    /// Outgoing requests in one stretch.
    pub outbound_requests_max: u32,
    /// What one checkpoint may hold.
    pub checkpoint_bytes_max: usize,
    /// Tasks of one plugin at the same time, of whatever kind.
    pub concurrent_max: usize,
}

/// What one call may hold of models.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NeuralLimits {
    /// Models that are open.
    pub graphs_max: usize,
    /// Bytes of all tensors together.
    pub tensor_bytes_max: usize,
}

/// Requests to a plugin's routes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RouteLimits {
    /// The body of a request.
    pub request_body_bytes_max: u64,
    /// The body of a response.
    pub response_body_bytes_max: u64,
}

/// Counts what the store of one call uses; past a limit the guest traps with the limit's name.
#[derive(Debug)]
pub(crate) struct StoreLimits {
    memory_bytes_max: usize,
    memory_bytes: usize,
    table_elements_max: usize,
    table_elements: usize,
    instances_max: usize,
}

/// More memories or tables than cores of one component ever have.
const MEMORIES_MAX: usize = 100;

impl Default for PluginLimits {
    fn default() -> Self {
        Self {
            call: CallLimits::default(),
            times: CallTimes::default(),
            concurrent_calls_max: 8,
            outbound: OutboundLimits::default(),
            log: LogLimits::default(),
            keys: KeyValueQuota::default(),
            routes: RouteLimits::default(),
            tasks: TaskLimits::default(),
            neural: NeuralLimits::default(),
        }
    }
}

impl Default for CallLimits {
    fn default() -> Self {
        Self {
            memory_bytes_max: 64 * 1024 * 1024,
            table_elements_max: 10_000,
            instances_max: 200,
            output_bytes_max: 4 * 1024 * 1024,
            host_calls_max: 10_000,
            handles_max: 1_000,
            random_bytes_max: 1024 * 1024,
        }
    }
}

impl Default for CallTimes {
    fn default() -> Self {
        Self {
            hook: Duration::from_millis(500),
            filter: Duration::from_millis(200),
            model: Duration::from_secs(120),
            function: Duration::from_millis(50),
            event: Duration::from_secs(10),
            request: Duration::from_secs(10),
            task: Duration::from_secs(10 * 60),
        }
    }
}

impl Default for TaskLimits {
    fn default() -> Self {
        Self {
            host_calls_max: 1_000_000,
            outbound_requests_max: 1_000,
            checkpoint_bytes_max: 1024 * 1024,
            concurrent_max: 2,
        }
    }
}

impl Default for NeuralLimits {
    fn default() -> Self {
        Self { graphs_max: 8, tensor_bytes_max: 64 * 1024 * 1024 }
    }
}

impl Default for RouteLimits {
    fn default() -> Self {
        Self { request_body_bytes_max: 1024 * 1024, response_body_bytes_max: 4 * 1024 * 1024 }
    }
}

impl StoreLimits {
    pub(crate) fn new(limits: &CallLimits) -> Self {
        Self {
            memory_bytes_max: limits.memory_bytes_max,
            memory_bytes: 0,
            table_elements_max: limits.table_elements_max,
            table_elements: 0,
            instances_max: limits.instances_max,
        }
    }
}

impl StoreLimits {
    /// The linear memory that the store has; it never gets less.
    pub(crate) fn memory_bytes(&self) -> u64 {
        self.memory_bytes as u64
    }
}

impl ResourceLimiter for StoreLimits {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let wanted = self.memory_bytes.saturating_add(desired.saturating_sub(current));
        if wanted > self.memory_bytes_max {
            let limit_bytes = self.memory_bytes_max as u64;
            return Err(LimitReached::Memory { wanted_bytes: wanted as u64, limit_bytes }.into());
        }
        self.memory_bytes = wanted;
        Ok(true)
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        _: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let wanted = self.table_elements.saturating_add(desired.saturating_sub(current));
        if wanted > self.table_elements_max {
            let limit = self.table_elements_max as u64;
            return Err(LimitReached::TableElements { wanted: wanted as u64, limit }.into());
        }
        self.table_elements = wanted;
        Ok(true)
    }

    fn instances(&self) -> usize {
        self.instances_max
    }

    fn tables(&self) -> usize {
        MEMORIES_MAX
    }

    fn memories(&self) -> usize {
        MEMORIES_MAX
    }
}

#[cfg(test)]
mod tests {
    use super::{CallLimits, LimitReached, ResourceLimiter, StoreLimits};

    #[test]
    fn memory_is_counted_over_all_memories_and_the_limit_is_named() {
        let mut limits =
            StoreLimits::new(&CallLimits { memory_bytes_max: 100, ..CallLimits::default() });
        assert!(limits.memory_growing(0, 60, None).is_ok());
        assert!(limits.memory_growing(0, 40, None).is_ok());
        let error = limits.memory_growing(40, 41, None).unwrap_err();
        let expected = LimitReached::Memory { wanted_bytes: 101, limit_bytes: 100 };
        assert_eq!(error.downcast_ref::<LimitReached>(), Some(&expected));
    }

    #[test]
    fn table_elements_are_counted_over_all_tables() {
        let mut limits =
            StoreLimits::new(&CallLimits { table_elements_max: 10, ..CallLimits::default() });
        assert!(limits.table_growing(0, 10, None).is_ok());
        assert!(limits.table_growing(0, 1, None).is_err());
    }
}
