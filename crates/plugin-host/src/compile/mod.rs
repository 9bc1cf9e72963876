//! From WebAssembly to machine code, within limits.
//!
//! A module of a few kilobytes can keep a compiler busy for minutes and gigabytes, so a file that
//! was handed to the server is compiled in a child process with limits of time, memory and output.
//! The child is this program again, called with a hidden command that ends in [`compile_child`].

mod child;
mod limits;
mod loader;
mod parent;

pub use child::compile_child;
pub use limits::{COMPONENT_BYTES_MAX, CompileLimits};
pub use loader::ComponentLoader;
pub use parent::{CompileError, Compiler, CompilerCommand};
