//! Operations of the operator on plugins.

mod add;
mod error;
mod grants;
mod manage;

pub use add::{AddPlugin, add_plugin};
pub use error::PluginAdminError;
pub use grants::{grant, revoke};
pub use manage::{find_plugin, list_plugins, remove_plugin, set_enabled};
