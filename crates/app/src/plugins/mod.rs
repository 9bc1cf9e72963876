//! Operations on plugins: of the operator, and of people who may set up the site.

mod add;
mod attention;
mod error;
mod files;
mod grants;
mod health;
mod log;
mod manage;
mod settings;
mod staged;
mod standing;
mod upgrade;

use smartcms_domain::plugins::PluginId;

use crate::OpContext;
use crate::audit::{Deed, record};

pub use add::{AddPlugin, add_plugin};
pub use attention::{PluginTrouble, plugin_troubles};
pub use error::PluginAdminError;
pub use files::{PluginDifference, difference, facts_of, lacking};
pub use grants::{grant, revoke};
pub use health::{follow_resumptions, plugin_health, report_health, resume_plugin};
pub use log::{LINES_SHOWN_MAX, plugin_log};
pub use manage::{find_plugin, list_plugins, remove_plugin, replaced_version, set_enabled};
pub use settings::{
    SETTING_NAME_LEN_MAX, SETTINGS_BYTES_MAX, SETTINGS_MAX, SettingChange, change_settings,
    plugin_settings,
};
pub use staged::{
    AddStaged, StagedPlugin, UpgradeStaged, add_staged, find_staged, stage_plugin, upgrade_staged,
};
pub use standing::{PluginStanding, standing};
pub use upgrade::{UpgradePlugin, grants_after_upgrade, roll_back_plugin, upgrade_plugin};

/// Records what was done to a plugin.
async fn note(ctx: &OpContext<'_>, operation: &'static str, id: &PluginId, detail: String) {
    let deed = Deed::done(operation).to("plugin", id);
    let deed = if detail.is_empty() { deed } else { deed.detail(detail) };
    record(ctx, deed).await;
}
