//! Functions as a query calls them: for each row, on the thread of the query, one call after the other.

use super::{Scalar, ScalarType};

/// One call. The error is a sentence that names the function, and the plugin where there is one.
pub type RowCall = Box<dyn FnMut(Vec<Scalar>) -> Result<Scalar, String> + Send>;

/// A function that queries can call.
pub struct QueryFunction {
    /// The name in a query.
    pub name: String,
    /// Where it comes from: the plugin's id.
    pub origin: String,
    /// How it is called: `slugify(text: text) -> text`.
    pub signature: String,
    /// What it takes.
    pub parameters: Vec<ScalarType>,
    /// Whether equal arguments always give an equal result.
    pub deterministic: bool,
    /// Calls it.
    pub call: RowCall,
}

/// A function out of a core module.
pub struct LoadedModule {
    /// How it is called: `fib(i64) -> i64`.
    pub signature: String,
    /// What it takes; text where it takes blobs as well.
    pub parameters: Vec<ScalarType>,
    /// Calls it.
    pub call: RowCall,
}

/// Makes functions of core modules that keep to libSQL's convention of values.
pub trait ModuleFunctions: Send + Sync {
    /// Checks a module and makes it ready; nothing of it runs before the first call. `body` is the module, in binary or
    /// in text; the function is the export of this name.
    fn load(&self, name: &str, body: &[u8]) -> Result<LoadedModule, String>;
}
