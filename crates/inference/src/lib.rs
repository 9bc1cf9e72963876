//! Computes neural networks: ONNX models by name, on an engine in Rust.
//!
//! Models are files that an operator put into a folder, and one that is in the executable. The engine is known here
//! alone (`onnx`); who computes sees the port `NeuralModels`. Computations run on threads that may block, and no more
//! of them at once than there are places.
#![deny(missing_docs)]

mod declared;
mod models;
mod onnx;
mod places;
mod workers;

pub use models::{InferenceLimits, ModelSource, OnnxModels};
