//! How often one client may ask: the generic cell rate algorithm, as the crate `governor` has it, which is a bucket that
//! fills evenly.

use core::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use governor::clock::Clock as _;
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use smartcms_app::ports::Clock;

use super::ApiSettings;

/// How many clients are counted one by one; those that come while all places are taken are counted together.
pub const RATE_KEYS_MAX: usize = 100_000;

const WINDOW_SECONDS: u32 = 60;
const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
/// The places of those who have been away are freed at most this often: that looks at all places.
const TIDIED_EVERY_MS: i64 = 1_000;

/// Where a request comes from, as far as the listener knows. A composition root puts it into the request's extensions;
/// requests without it are not limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// Who is counted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Client {
    Address(IpAddr),
    Token(String),
    /// Whoever came when all places were taken.
    Crowd,
}

/// How a client stands after a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Standing {
    policy: &'static str,
    /// Requests a minute.
    quota: u32,
    /// Requests that are left now.
    left: u32,
    /// Seconds until there is another; `None` when this one was let in.
    pub(super) wait_seconds: Option<u64>,
}

pub(super) struct RateLimits {
    addresses: Option<Limit>,
    tokens: Option<Limit>,
    questions: Option<Limit>,
}

struct Limit {
    policy: &'static str,
    quota: NonZeroU32,
    clock: AppClock,
    limiter: RateLimiter<Client, DashMapStateStore<Client>, AppClock, StateInformationMiddleware>,
    tidied_ms: AtomicI64,
}

/// The application's clock, as time since 1970.
#[derive(Clone)]
struct AppClock(Arc<dyn Clock>);

impl governor::clock::Clock for AppClock {
    type Instant = Duration;

    fn now(&self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.now().as_millis()).unwrap_or_default())
    }
}

impl RateLimits {
    pub(super) fn new(settings: &ApiSettings, clock: Arc<dyn Clock>) -> Self {
        let limit =
            |policy, per_minute| Limit::new(policy, per_minute, AppClock(Arc::clone(&clock)));
        Self {
            addresses: limit("address", settings.address_requests_per_minute),
            tokens: limit("token", settings.token_requests_per_minute),
            questions: limit("question", settings.questions_per_minute),
        }
    }

    /// Counts a question to the site; `None` where nothing limits them.
    pub(super) fn count_question(&self, client: Client) -> Option<Standing> {
        let client = match client {
            Client::Address(address) => Client::Address(network(address)),
            client => client,
        };
        self.questions.as_ref().map(|it| it.count(client))
    }

    /// Counts a request; `None` where nothing limits the client.
    pub(super) fn count(&self, client: Client) -> Option<Standing> {
        match client {
            Client::Token(_) => self.tokens.as_ref().map(|it| it.count(client)),
            Client::Address(address) => {
                self.addresses.as_ref().map(|it| it.count(Client::Address(network(address))))
            }
            Client::Crowd => self.addresses.as_ref().map(|it| it.count(client)),
        }
    }
}

impl Limit {
    fn new(policy: &'static str, per_minute: u32, clock: AppClock) -> Option<Self> {
        let quota = NonZeroU32::new(per_minute)?;
        let state = DashMapStateStore::default();
        let limiter = RateLimiter::new(Quota::per_minute(quota), state, clock.clone());
        Some(Self { policy, quota, clock, limiter, tidied_ms: AtomicI64::new(0) })
    }

    fn count(&self, client: Client) -> Standing {
        let client = if self.is_full() { Client::Crowd } else { client };
        let (left, wait_seconds) = match self.limiter.check_key(&client) {
            Ok(state) => (state.remaining_burst_capacity(), None),
            Err(until) => {
                let wait = until.wait_time_from(self.clock.now());
                (0, Some(wait.as_millis().div_ceil(1_000).try_into().unwrap_or(u64::MAX).max(1)))
            }
        };
        Standing { policy: self.policy, quota: self.quota.get(), left, wait_seconds }
    }

    fn is_full(&self) -> bool {
        if self.limiter.len() < RATE_KEYS_MAX {
            return false;
        }
        let now_ms = self.clock.0.now().as_millis();
        let tidied_ms = self.tidied_ms.load(Ordering::Relaxed);
        if now_ms - tidied_ms >= TIDIED_EVERY_MS {
            self.tidied_ms.store(now_ms, Ordering::Relaxed);
            self.limiter.retain_recent();
        }
        self.limiter.len() >= RATE_KEYS_MAX
    }
}

impl Standing {
    /// Tells it in the headers of draft-ietf-httpapi-ratelimit-headers-10.
    pub(super) fn tell(self, headers: &mut HeaderMap) {
        let Self { policy, quota, left, .. } = self;
        let spent = u64::from(quota.saturating_sub(left));
        let full_in = (spent * u64::from(WINDOW_SECONDS)).div_ceil(u64::from(quota));
        let texts = [
            (RATE_LIMIT_POLICY, format!("\"{policy}\";q={quota};w={WINDOW_SECONDS}")),
            (RATE_LIMIT, format!("\"{policy}\";r={left};t={full_in}")),
        ];
        for (name, text) in texts {
            if let Ok(value) = HeaderValue::from_str(&text) {
                headers.insert(name, value);
            }
        }
    }

    /// What the client hears when there is nothing left.
    pub(super) fn detail(self) -> String {
        match self.policy {
            "question" => format!("{} questions a minute of one client are the limit", self.quota),
            policy => format!("{} requests a minute for one {policy} are the limit", self.quota),
        }
    }
}

/// Who has one address of version 6 has 2⁶⁴ of them.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let mask = u128::MAX << 64;
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & mask))
        }
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn addresses_of_one_network_of_version_6_count_together() {
        let network = |text: &str| network(text.parse().unwrap()).to_string();
        assert_eq!(network("2001:db8::1"), network("2001:db8::ffff:1"));
        assert_ne!(network("2001:db8:0:1::1"), network("2001:db8:0:2::1"));
        assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
        assert_eq!(network("::ffff:192.0.2.1"), "192.0.2.1");
    }
}
