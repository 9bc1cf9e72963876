//! Providers of models behind the ports `TextGenerator`, `Embedder`, `Assistant` and `ImageDescriber`.
//!
//! [`InOrder`] asks models one after another until one answers; with none it says that nothing is configured. [`OpenAi`]
//! and [`Ollama`] are servers that speak what is called so; [`OfPlugin`] is whichever plugin has an id just now;
//! [`Classifier`] says what images show by a model that tells kinds of them apart.
#![deny(missing_docs)]

mod assistant;
mod classifier;
mod describe;
mod in_order;
mod of_plugin;
mod remote;

pub use classifier::{Classifier, ClassifierForm};
pub use in_order::{Choice, InOrder};
pub use of_plugin::OfPlugin;
pub use remote::{Ollama, OpenAi, Server};
