//! The audit log: who did what to what, from where, and how it ended.
//!
//! What is stored by one transaction brings its record with it. All else is recorded right after it was done: a record
//! that cannot be kept then is an error in the process's own log, and undoes nothing.

mod deed;
mod export;
mod read;

pub use deed::{Deed, digest_of, record};
pub use export::{AuditFormat, begin_audit_export};
pub use read::{AuditError, audit_place, digest_text, list_audit};

/// The longest detail of a record, in characters.
pub const DETAIL_LEN_MAX: usize = 500;
/// The longest name of a program that sends a request which is kept, in characters.
pub const USER_AGENT_LEN_MAX: usize = 200;
