//! Files by digest: in a folder, or in memory.
#![deny(missing_docs)]

mod folder;
mod memory;

pub use folder::FolderBlobs;
pub use memory::MemoryBlobs;
