//! What compiling one file may cost.

use std::time::Duration;

/// The largest file that is taken as a plugin, in bytes.
pub const COMPONENT_BYTES_MAX: usize = 32 * 1024 * 1024;

/// What compiling one file may cost.
#[derive(Debug, Clone, Copy)]
pub struct CompileLimits {
    /// Time by the clock, waiting for a turn not counted. More than of the processor, because a busy machine serves
    /// the compiler last.
    pub wall_time: Duration,
    /// Time of the processor, in seconds; it also ends a child whose parent was killed.
    pub processor_seconds: u64,
    /// Address space of the child, in bytes.
    pub memory_bytes: u64,
    /// The most machine code for one file, in bytes.
    pub artefact_bytes_max: usize,
}

impl Default for CompileLimits {
    fn default() -> Self {
        Self {
            wall_time: Duration::from_secs(120),
            processor_seconds: 60,
            memory_bytes: 1024 * 1024 * 1024,
            artefact_bytes_max: 256 * 1024 * 1024,
        }
    }
}
