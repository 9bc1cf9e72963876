//! What compiling one file may cost.

use std::time::Duration;

/// The largest file that is taken as a plugin, in bytes.
pub const COMPONENT_BYTES_MAX: usize = 32 * 1024 * 1024;

/// What making a component of a core module adds to it, in bytes: the adapter, and the types.
const CONVERSION_BYTES_MAX: usize = 1024 * 1024;

/// What compiling one file may cost.
#[derive(Debug, Clone, Copy)]
pub struct CompileLimits {
    /// The largest file, in bytes.
    pub file_bytes_max: usize,
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
            file_bytes_max: COMPONENT_BYTES_MAX,
            wall_time: Duration::from_secs(120),
            processor_seconds: 60,
            memory_bytes: 1024 * 1024 * 1024,
            artefact_bytes_max: 256 * 1024 * 1024,
        }
    }
}

impl CompileLimits {
    /// For files of up to so many bytes that somebody runs by hand, core modules among them. What is larger than a plugin
    /// may cost as many times as much as it is larger.
    #[must_use]
    pub fn for_files_of(bytes_max: usize) -> Self {
        let limits = Self::default();
        let times =
            u32::try_from(bytes_max.div_ceil(COMPONENT_BYTES_MAX)).unwrap_or(u32::MAX).max(1);
        Self {
            file_bytes_max: bytes_max.saturating_add(CONVERSION_BYTES_MAX),
            wall_time: limits.wall_time.saturating_mul(times),
            processor_seconds: limits.processor_seconds.saturating_mul(times.into()),
            memory_bytes: limits.memory_bytes.saturating_mul(times.into()),
            artefact_bytes_max: limits.artefact_bytes_max.saturating_mul(times as usize),
        }
    }
}
