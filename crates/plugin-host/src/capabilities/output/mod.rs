//! What a plugin writes: its standard streams and `wasi:logging`, bounded, into the plugin's log.

mod budget;
mod log;
mod stream;

pub use budget::LogLimits;
pub(crate) use log::CallLog;
pub use log::GuestLog;
pub(crate) use stream::LogStream;
