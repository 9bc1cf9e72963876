//! Rights of files, where files have any.

use std::fs::OpenOptions;

/// A file that is made is readable for its owner alone.
#[cfg(unix)]
pub(super) fn for_the_owner_alone(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt as _;
    options.mode(0o600);
}

/// Hosts of WebAssembly give files no owner.
#[cfg(not(unix))]
pub(super) fn for_the_owner_alone(_: &mut OpenOptions) {}
