//! Lines in the plugin's log, which `smartcms plugin logs` shows. No grant is needed; the host bounds how much is kept.
//!
//! In tests outside WebAssembly the lines are those that [`testing::logged`](crate::testing::logged) gives back.

use std::fmt::Display;

#[cfg(target_arch = "wasm32")]
mod bindings {
    wit_bindgen::generate!({ path: "../../wit/deps/logging", world: "wasi:logging/imports" });
}

/// How grave a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// For those who look for a fault.
    Debug,
    /// Good to know.
    Info,
    /// Somebody should look.
    Warn,
    /// Somebody must act.
    Error,
}

/// Logs for those who look for a fault.
pub fn debug(message: impl Display) {
    line(Level::Debug, message);
}

/// Logs what is good to know.
pub fn info(message: impl Display) {
    line(Level::Info, message);
}

/// Logs what somebody should look at.
pub fn warn(message: impl Display) {
    line(Level::Warn, message);
}

/// Logs what somebody must act on.
pub fn error(message: impl Display) {
    line(Level::Error, message);
}

/// Logs a line of any level.
pub fn line(level: Level, message: impl Display) {
    write(level, message.to_string());
}

#[cfg(target_arch = "wasm32")]
fn write(level: Level, message: String) {
    use bindings::wasi::logging::logging::{Level as Wasi, log};
    let level = match level {
        Level::Debug => Wasi::Debug,
        Level::Info => Wasi::Info,
        Level::Warn => Wasi::Warn,
        Level::Error => Wasi::Error,
    };
    log(level, "plugin", &message);
}

#[cfg(not(target_arch = "wasm32"))]
fn write(level: Level, message: String) {
    crate::testing::log(level, message);
}
