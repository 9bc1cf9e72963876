//! What all calls of plugins may use together that serve one request: a page with many cheap calls is dear as well.
//!
//! The budget belongs to the task that serves the request, so that nobody has to carry it through every layer; a call
//! that moves to the guests' threads takes it along, for the hooks of what the guest writes.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

tokio::task_local! {
    static BUDGET: Arc<RequestBudget>;
}

/// The limits of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestLimits {
    /// The time of all calls together, nested ones counted with both.
    pub time: Duration,
    /// Host functions that they call.
    pub host_calls_max: u64,
    /// HTML that filters return.
    pub bytes_max: u64,
}

impl Default for RequestLimits {
    fn default() -> Self {
        Self { time: Duration::from_secs(15), host_calls_max: 100_000, bytes_max: 64 * 1024 * 1024 }
    }
}

/// What is used so far of one request's limits.
#[derive(Debug)]
pub(crate) struct RequestBudget {
    limits: RequestLimits,
    time_us: AtomicU64,
    host_calls: AtomicU64,
    bytes: AtomicU64,
}

/// A limit that is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{name}={limit}")]
pub(crate) struct Spent {
    name: &'static str,
    limit: u64,
}

/// Serves a request: the calls of plugins that `future` leads to share one budget.
pub async fn within_budget<F: Future>(limits: RequestLimits, future: F) -> F::Output {
    let budget = RequestBudget {
        limits,
        time_us: AtomicU64::new(0),
        host_calls: AtomicU64::new(0),
        bytes: AtomicU64::new(0),
    };
    BUDGET.scope(Arc::new(budget), future).await
}

/// Goes on with work in another task with the budget of this one.
pub(crate) async fn taken_along<F: Future>(
    budget: Option<Arc<RequestBudget>>,
    future: F,
) -> F::Output {
    match budget {
        Some(budget) => BUDGET.scope(budget, future).await,
        None => future.await,
    }
}

/// The budget of the request that is being served; `None` for what no request asked for.
pub(crate) fn current() -> Option<Arc<RequestBudget>> {
    BUDGET.try_with(Arc::clone).ok()
}

impl RequestBudget {
    /// How much time is left for one more call, or the limit that is used up.
    pub(crate) fn left(&self) -> Result<Duration, Spent> {
        let full = |name, limit| Err(Spent { name, limit });
        if self.host_calls.load(Ordering::Relaxed) >= self.limits.host_calls_max {
            return full("request_host_calls", self.limits.host_calls_max);
        }
        if self.bytes.load(Ordering::Relaxed) >= self.limits.bytes_max {
            return full("request_bytes", self.limits.bytes_max);
        }
        let used = Duration::from_micros(self.time_us.load(Ordering::Relaxed));
        match self.limits.time.checked_sub(used) {
            Some(left) if !left.is_zero() => Ok(left),
            _ => {
                let millis = u64::try_from(self.limits.time.as_millis()).unwrap_or(u64::MAX);
                full("request_time_ms", millis)
            }
        }
    }

    /// Counts what a caller waited for a call.
    pub(crate) fn waited(&self, time: Duration) {
        let time_us = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        self.time_us.fetch_add(time_us, Ordering::Relaxed);
    }

    /// Counts the host functions of a call that ended.
    pub(crate) fn called(&self, host_calls: u64) {
        self.host_calls.fetch_add(host_calls, Ordering::Relaxed);
    }

    /// Counts HTML that a filter returned.
    pub(crate) fn returned(&self, bytes: usize) {
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, RequestLimits, current, taken_along, within_budget};

    const LIMITS: RequestLimits =
        RequestLimits { time: Duration::from_millis(10), host_calls_max: 5, bytes_max: 100 };

    #[tokio::test]
    async fn what_calls_use_is_added_up_within_one_request() {
        assert!(current().is_none(), "no request is served");
        within_budget(LIMITS, async {
            let budget = current().unwrap();
            budget.waited(Duration::from_millis(4));
            assert_eq!(current().unwrap().left(), Ok(Duration::from_millis(6)));
            let there = tokio::spawn(taken_along(current(), async {
                current().unwrap().waited(Duration::from_millis(6));
            }));
            there.await.unwrap();
            assert!(budget.left().unwrap_err().to_string().contains("request_time_ms=10"));
        })
        .await;
        within_budget(LIMITS, async {
            assert_eq!(current().unwrap().left(), Ok(LIMITS.time), "the next has its own");
            current().unwrap().returned(100);
            assert!(current().unwrap().left().unwrap_err().to_string().contains("request_bytes"));
        })
        .await;
    }
}
