//! What `cargo xtask bench` measures, and what it measures against.
//!
//! Every figure is a ratio to a reference that runs in the same minute on the same machine, round by round in turns:
//! a bare hyper server, raw wasmtime, `wasmtime serve`, raw SQLite. Nothing here fails because something is slow.

pub mod crowd;
pub mod guests;
pub mod load;
pub mod person;
pub mod plugin_site;
pub mod process;
pub mod references;
pub mod rounds;
pub mod rows;
pub mod saves;
pub mod servers;
pub mod site;
pub mod table;
pub mod wire;
pub mod wordpress;
pub mod words;
