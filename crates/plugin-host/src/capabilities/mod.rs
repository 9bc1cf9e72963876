//! What plugins can be given: one module for each capability.
//!
//! A capability is linked only when it is granted; and each also checks the grant at the call, because an operator
//! may have an interface linked only to have it answer "denied".

pub(crate) mod content;
pub(crate) mod files;
pub(crate) mod http;
pub(crate) mod kv;
pub(crate) mod logging;
pub(crate) mod nn;
pub(crate) mod output;
