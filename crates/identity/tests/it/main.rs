//! Signing in by what is native: passkeys by an authenticator in software, and mail that waits.
#![cfg(test)] // Tells the linter that helpers are tests too.

mod authenticator;
mod mail;
mod passkeys;
