//! Operations of the operator on plugins.

mod add;
mod error;
mod grants;
mod health;
mod manage;
mod settings;
mod upgrade;

pub use add::{AddPlugin, add_plugin};
pub use error::PluginAdminError;
pub use grants::{grant, revoke};
pub use health::{follow_resumptions, plugin_health, report_health, resume_plugin};
pub use manage::{find_plugin, list_plugins, remove_plugin, set_enabled};
pub use settings::{PLUGIN_SETTINGS_BYTES_MAX, configure_plugin, plugin_settings};
pub use upgrade::{UpgradePlugin, grants_after_upgrade, roll_back_plugin, upgrade_plugin};
