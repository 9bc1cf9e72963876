//! How often may be tried what can be guessed: the generic cell rate algorithm, as the crate `governor` has it.

use core::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use governor::clock::Clock as _;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use super::{Client, PeopleError, PeopleSettings};
use crate::ports::Clock;

/// How many are counted one by one; those that come while all places are taken are counted together.
const KEYS_MAX: usize = 100_000;
/// The places of those who have been away are freed at most this often: that looks at all places.
const TIDIED_EVERY_MS: i64 = 1_000;
/// When one more try is added for an address, which may be that of a whole office.
const ADDRESS_AGAIN: Duration = Duration::from_secs(4);
/// When one more try is added for an account.
const ACCOUNT_AGAIN: Duration = Duration::from_secs(30);
/// How many mails in a row go to one address because somebody asks for them.
const MAILS: u32 = 3;
/// When one more is added.
const MAIL_AGAIN: Duration = Duration::from_secs(10 * 60);

/// Counts tries. In this process: a site of several has so many times more.
pub(crate) struct Attempts {
    addresses: Limit,
    accounts: Limit,
    codes: Limit,
    mails: Limit,
}

struct Limit {
    clock: AppClock,
    limiter: RateLimiter<Key, DashMapStateStore<Key>, AppClock, NoOpMiddleware<Duration>>,
    tidied_ms: AtomicI64,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Address(IpAddr),
    Account([u8; 32]),
    /// Whoever came when all places were taken.
    Crowd,
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

impl Attempts {
    pub(super) fn new(settings: &PeopleSettings, clock: Arc<dyn Clock>) -> Self {
        let limit = |in_a_row, again| Limit::new(in_a_row, again, AppClock(Arc::clone(&clock)));
        Self {
            addresses: limit(settings.address_attempts, ADDRESS_AGAIN),
            accounts: limit(settings.account_attempts, ACCOUNT_AGAIN),
            codes: limit(settings.account_attempts, ACCOUNT_AGAIN),
            mails: limit(MAILS, MAIL_AGAIN),
        }
    }

    /// Counts a try from somewhere, without an account.
    pub(super) fn count_client(&self, client: &Client) -> Result<(), PeopleError> {
        // A program on this machine has other ways in.
        let Some(address) = client.address else { return Ok(()) };
        self.addresses.count(Key::Address(network(address)))
    }

    /// Counts a try for an account, be there one or not.
    pub(super) fn count(&self, client: &Client, account: &str) -> Result<(), PeopleError> {
        self.count_client(client)?;
        self.accounts.count(key_of(account))
    }

    /// Counts a code for somebody whose password was right.
    pub(super) fn count_code(&self, account: &str) -> Result<(), PeopleError> {
        self.codes.count(key_of(account))
    }

    /// Counts a mail to somebody, be they known or not.
    pub(super) fn count_mail(&self, account: &str) -> Result<(), PeopleError> {
        self.mails.count(key_of(account))
    }
}

impl Limit {
    fn new(in_a_row: u32, again: Duration, clock: AppClock) -> Self {
        let burst = NonZeroU32::new(in_a_row).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::with_period(again).unwrap_or(Quota::per_minute(NonZeroU32::MIN));
        let state = DashMapStateStore::default();
        let limiter = RateLimiter::new(quota.allow_burst(burst), state, clock.clone());
        Self { clock, limiter, tidied_ms: AtomicI64::new(0) }
    }

    fn count(&self, key: Key) -> Result<(), PeopleError> {
        let key = if self.is_full() { Key::Crowd } else { key };
        self.limiter.check_key(&key).map_err(|until| {
            let wait_ms = until.wait_time_from(self.clock.now()).as_millis();
            let wait_seconds = u64::try_from(wait_ms.div_ceil(1_000)).unwrap_or(u64::MAX).max(1);
            PeopleError::TooOften { wait_seconds }
        })
    }

    fn is_full(&self) -> bool {
        if self.limiter.len() < KEYS_MAX {
            return false;
        }
        let now_ms = self.clock.0.now().as_millis();
        let tidied_ms = self.tidied_ms.load(Ordering::Relaxed);
        if now_ms - tidied_ms >= TIDIED_EVERY_MS {
            self.tidied_ms.store(now_ms, Ordering::Relaxed);
            self.limiter.retain_recent();
        }
        self.limiter.len() >= KEYS_MAX
    }
}

/// Of one length whatever was typed: what is typed takes no room.
fn key_of(account: &str) -> Key {
    Key::Account(*blake3::hash(account.trim().to_lowercase().as_bytes()).as_bytes())
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
