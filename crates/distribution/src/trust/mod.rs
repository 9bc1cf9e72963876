//! Whom an operator trusts: keys of publishers, what is pinned, and the rule over both.

mod files;
mod judge;
mod keys;
mod lock;
mod publishers;
mod signatures;

pub use files::TrustFileError;
pub use judge::{Arrived, Consent, Distrust, Given, Verdict, is_older, judge};
pub use keys::{KeyError, KeyFiles, PublicKey, SigningKey};
pub use lock::{LOCK_NAME, LockFile, LockedPlugin};
pub use publishers::{PUBLISHERS_NAME, Publisher, Publishers};
pub use signatures::{SignError, Signature};
