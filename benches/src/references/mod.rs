//! What the measured parts are held against: the same job with nothing around it.

pub mod bare_http;
pub mod extism;
pub mod raw_hooks;
pub mod raw_sqlite;
pub mod raw_wasmtime;
