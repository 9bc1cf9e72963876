//! The real time and real chance.

use smartcms_app::ports::{Clock, Randomness};
use smartcms_domain::Timestamp;
use uuid::Uuid;

/// The clock of this machine.
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the adapter that everyone else takes the time from"
    )]
    fn now(&self) -> Timestamp {
        let since =
            std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        let millis = i64::try_from(since.as_millis()).unwrap_or_default();
        Timestamp::from_millis(millis).unwrap_or(Timestamp::EPOCH)
    }
}

/// The randomness of this machine.
pub(crate) struct SystemRandomness;

impl Randomness for SystemRandomness {
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
            tracing::error!(%error, "this machine gives no randomness; stopping");
            std::process::abort();
        }
        bytes
    }
}
