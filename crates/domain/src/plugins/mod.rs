//! Plugins: their identity and what an operator gave them.

mod grant;
mod grants;
mod id;

pub use grant::{Access, CollectionScope, FolderGrant, Grant, GrantError, HostGrant};
pub use grants::{GRANTS_MAX, Grants};
pub use id::{PLUGIN_ID_LEN_MAX, PluginId, PluginIdError};
