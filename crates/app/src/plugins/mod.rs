//! Operations of the operator on plugins.

mod add;
mod error;
mod grants;
mod health;
mod manage;
mod settings;
mod upgrade;

use smartcms_domain::actors::Actor;
use smartcms_domain::plugins::PluginId;

use crate::audit::{Deed, record};
use crate::{App, OpContext};

pub use add::{AddPlugin, add_plugin};
pub use error::PluginAdminError;
pub use grants::{grant, revoke};
pub use health::{follow_resumptions, plugin_health, report_health, resume_plugin};
pub use manage::{find_plugin, list_plugins, remove_plugin, set_enabled};
pub use settings::{
    SETTING_NAME_LEN_MAX, SETTINGS_BYTES_MAX, SETTINGS_MAX, SettingChange, change_settings,
    plugin_settings,
};
pub use upgrade::{UpgradePlugin, grants_after_upgrade, roll_back_plugin, upgrade_plugin};

/// Records what the operator did to a plugin.
async fn note(app: &App, operation: &'static str, id: &PluginId, detail: String) {
    let ctx = OpContext::new(app, &Actor::Operator);
    let deed = Deed::done(operation).to("plugin", id);
    let deed = if detail.is_empty() { deed } else { deed.detail(detail) };
    record(&ctx, deed).await;
}
