//! Tools for components that need no engine: print their WIT, compose them, close their imports.
//!
//! Files come from strangers. Each function takes bytes and gives bytes, refuses what is larger than its limits, and
//! turns whatever goes wrong inside the libraries that it stands on into an error that names the file.

mod compose;
mod error;
mod guard;
mod limits;
mod module;
mod plugins;
mod restrict;
mod room;
mod sections;
mod validate;
mod wit;

pub use compose::{Composed, Joint, compose};
pub use error::ComponentError;
pub use limits::{FILE_BYTES_MAX, FILES_BYTES_MAX, PLUGS_MAX, SOURCE_BYTES_MAX, TEXT_BYTES_MAX};
pub use module::{binary, embed};
pub use plugins::{
    KEYS_GRANT, PLUGIN_POINTS, PLUGINS_INTERFACE, PluginPart, PluginPoint, SUPPLIED, keeps_keys,
    plugins, takes_plugins,
};
pub use restrict::{Answer, Closed, Restricted, restrict};
pub use validate::{Kind, Validated, validate};
pub use wit::{exports, imports, wit};

/// A file with the name that messages give it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComponentFile {
    /// What people call it, normally its path.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}
