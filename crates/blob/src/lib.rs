//! Files by digest: in a folder, or in memory.
#![deny(missing_docs)]

mod blocking;
mod folder;
mod memory;
mod staged;

pub use folder::FolderBlobs;
pub use memory::MemoryBlobs;
