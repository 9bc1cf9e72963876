//! What signing in stands on: slow hashes of passwords, mail, passkeys, and identity providers.
//!
//! The rules and operations are in `app`; here are the adapters of the ports that they use.
//! In WebAssembly there are the hashes, without threads, and mail over HTTP.
#![deny(missing_docs)]

mod enabled;
mod mail;
mod passwords;

pub use enabled::*;
pub use mail::{HttpMail, HttpMailSettings, HttpMailSetupError, LoggedMail, Sender, WaitingMail};
pub use passwords::{Argon2Hasher, HashSettings};
