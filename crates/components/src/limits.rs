//! What one call may be given and may give.

/// The largest file, in bytes. More than a plugin may have, because composing joins several.
pub const FILE_BYTES_MAX: usize = 64 * 1024 * 1024;

/// The longest text form of a file, in bytes: reading it takes a hundred times as much memory.
pub const SOURCE_BYTES_MAX: usize = 4 * 1024 * 1024;

/// The most that the files of one composition may have together, in bytes.
pub const FILES_BYTES_MAX: usize = 96 * 1024 * 1024;

/// The most plugs of one composition.
pub const PLUGS_MAX: usize = 64;

/// The longest WIT that is printed, in bytes. A small component can describe a type whose text would fill a disk.
pub const TEXT_BYTES_MAX: usize = 1024 * 1024;

/// The most functions that are closed in one component.
pub(crate) const CLOSED_FUNCTIONS_MAX: usize = 10_000;

/// The most that the answers of closed functions may take together, in bytes.
pub(crate) const ANSWER_BYTES_MAX: usize = 1024 * 1024;

/// How deep a type may nest that an answer is made of.
pub(crate) const ANSWER_DEPTH_MAX: usize = 32;

/// The most memory that a stub takes for arguments that it is passed, in pages of 64 KiB.
pub(crate) const STUB_PAGES_MAX: u64 = 1024;
