//! What signing in stands on and is native: slow hashes of passwords, mail, passkeys, and identity providers.
//!
//! The rules and operations are in `app`; here are the adapters of the ports that they use.
//! In WebAssembly there are the hashes alone, without threads.
#![deny(missing_docs)]

mod enabled;
mod passwords;

pub use enabled::*;
pub use passwords::{Argon2Hasher, HashSettings};
