//! What signing in stands on and is native: slow hashes of passwords, mail, passkeys, and identity providers.
//!
//! The rules and operations are in `app`; here are the adapters of the ports that they use.
#![deny(missing_docs)]

mod passwords;

pub use passwords::{Argon2Hasher, HashSettings};
