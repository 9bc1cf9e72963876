//! What signing in stands on: passkeys by an authenticator in software, and mail over HTTP and that waits.
#![cfg(test)] // Tells the linter that helpers are tests too.

mod authenticator;
mod http_mail;
mod mail;
mod passkeys;
mod waiting_mail;
