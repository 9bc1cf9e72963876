//! Signing in by what is native: passkeys by an authenticator in software, and mail that waits.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the helpers of tests fail as assertions do"
)]

mod authenticator;
mod mail;
mod passkeys;
