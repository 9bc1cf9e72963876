//! The real time and real chance, as the host gives them.

use smartcms_app::ports::{Clock, Randomness};
use smartcms_domain::Timestamp;
use uuid::Uuid;

/// The clock of the host.
pub(crate) struct HostClock;

impl Clock for HostClock {
    fn now(&self) -> Timestamp {
        let millis = i64::try_from(millis()).unwrap_or_default();
        Timestamp::from_millis(millis).unwrap_or(Timestamp::EPOCH)
    }
}

/// Seconds since 1970.
pub(crate) fn now_seconds() -> u64 {
    u64::try_from(millis() / 1000).unwrap_or_default()
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the adapter that everyone else takes the time from"
)]
fn millis() -> u128 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.unwrap_or_default().as_millis()
}

/// The randomness of the host.
pub(crate) struct HostRandomness;

impl Randomness for HostRandomness {
    fn id(&self, now: Timestamp) -> Uuid {
        let millis = u64::try_from(now.as_millis()).unwrap_or_default();
        let mut bytes = [0; 10];
        bytes.copy_from_slice(self.secret().first_chunk::<10>().unwrap_or(&[0; 10]));
        uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "this is the adapter that everyone else takes chance from"
    )]
    fn secret(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        if let Err(error) = getrandom::fill(&mut bytes) {
            // Going on with known secrets would be worse than stopping: nothing here could be trusted any more.
            tracing::error!(%error, "this host gives no randomness; stopping");
            std::process::abort();
        }
        bytes
    }
}

/// 64 random bits.
pub(crate) fn chance() -> u64 {
    let secret = HostRandomness.secret();
    u64::from_le_bytes(*secret.first_chunk().unwrap_or(&[0; 8]))
}
