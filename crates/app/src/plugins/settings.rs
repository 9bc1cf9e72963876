//! What an operator sets for a plugin: texts by name, which the plugin reads by `wasi:config`.

use serde_json::{Map, Value};
use smartcms_domain::plugins::PluginId;

use super::error::PluginAdminError;
use super::manage::find_plugin;
use crate::App;
use crate::ports::PluginRecord;

/// How large all settings of a plugin may be together, as JSON.
pub const PLUGIN_SETTINGS_BYTES_MAX: usize = 64 * 1024;

/// Gives settings of a plugin another value, or none. All change, or none does; those that are not named stay.
pub async fn configure_plugin(
    app: &App,
    id: &PluginId,
    changes: Vec<(String, Option<String>)>,
) -> Result<PluginRecord, PluginAdminError> {
    let mut record = find_plugin(app, id).await?;
    let mut settings = plugin_settings(&record);
    for (name, value) in changes {
        match value {
            Some(value) => settings.insert(name, Value::String(value)),
            None => settings.remove(&name),
        };
    }
    record.settings = Value::Object(settings).to_string();
    if record.settings.len() > PLUGIN_SETTINGS_BYTES_MAX {
        return Err(PluginAdminError::LargeSettings(id.clone()));
    }
    app.plugin_store.save(record.clone()).await?;
    Ok(record)
}

/// The settings of a plugin by name.
pub fn plugin_settings(record: &PluginRecord) -> Map<String, Value> {
    serde_json::from_str(&record.settings).unwrap_or_default()
}
