//! Limits upon this process, before it sees a byte of the file.
//!
//! The tools refuse what is too large, but they stand on libraries that were written for compilers' output. What slips
//! through costs a process that dies, not a machine that swaps.

use anyhow::Context;
use rustix::process::{Resource, Rlimit, setrlimit};

/// The most address space, in bytes. The largest files that are taken need less.
const MEMORY_BYTES_MAX: u64 = 1024 * 1024 * 1024;

/// The most time of the processor, in seconds.
const PROCESSOR_SECONDS_MAX: u64 = 60;

/// Takes the limits upon this process.
pub(super) fn confine() -> anyhow::Result<()> {
    limit(Resource::As, MEMORY_BYTES_MAX)?;
    limit(Resource::Cpu, PROCESSOR_SECONDS_MAX)?;
    // What a library says as it fails is for its authors; the error that follows is for the reader.
    std::panic::set_hook(Box::new(|_| {}));
    Ok(())
}

fn limit(resource: Resource, most: u64) -> anyhow::Result<()> {
    // Whoever started this process with less gets less.
    let most = rustix::process::getrlimit(resource).maximum.map_or(most, |it| it.min(most));
    let limit = Rlimit { current: Some(most), maximum: Some(most) };
    setrlimit(resource, limit).context("could not take limits upon this process")
}
