//! Secrets of 256 random bits, and their hashes.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use smartcms_domain::Timestamp;
use smartcms_domain::people::SecretText;
use std::time::Duration;

use crate::App;

/// The longest text that is looked up as a secret, in bytes.
const SECRET_LEN_MAX: usize = 100;

/// A new secret, as text that stands in addresses and cookies as it is.
pub(super) fn new_secret(app: &App) -> SecretText {
    SecretText::new(URL_SAFE_NO_PAD.encode(app.randomness.secret()))
}

/// What the store knows of a secret; `None` for a text that is too long to be one. It is looked up by its hash, so the
/// time says nothing about stored secrets.
pub(super) fn hash_of(secret: &str) -> Option<[u8; 32]> {
    let fits = (1..=SECRET_LEN_MAX).contains(&secret.len());
    fits.then(|| *blake3::hash(secret.as_bytes()).as_bytes())
}

/// The time so much later; the last there is where it would be beyond.
pub(super) fn later(now: Timestamp, by: Duration) -> Timestamp {
    let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_millis(now.as_millis().saturating_add(by)).unwrap_or(now)
}

/// Whether `then` is so long ago that `by` has passed.
pub(super) fn has_passed(then: Timestamp, by: Duration, now: Timestamp) -> bool {
    later(then, by) <= now
}
