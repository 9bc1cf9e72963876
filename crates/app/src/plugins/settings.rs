//! What an operator tells a plugin: its settings.

use serde_json::{Map, Value};
use smartcms_domain::plugins::PluginId;

use super::error::PluginAdminError;
use super::manage::find_plugin;
use super::note;
use crate::OpContext;
use crate::ports::{PluginRecord, StoreError};

/// The most settings of one plugin.
pub const SETTINGS_MAX: usize = 100;
/// The longest name of a setting, in bytes.
pub const SETTING_NAME_LEN_MAX: usize = 100;
/// All settings of one plugin together, in bytes.
pub const SETTINGS_BYTES_MAX: usize = 64 * 1024;

/// A change of one setting.
#[derive(Debug, Clone, PartialEq)]
pub struct SettingChange {
    /// Its name.
    pub name: String,
    /// Its value; `None` takes it away.
    pub value: Option<Value>,
}

/// The settings of a plugin by name.
pub async fn plugin_settings(
    ctx: &OpContext<'_>,
    id: &PluginId,
) -> Result<Map<String, Value>, PluginAdminError> {
    settings_of(&find_plugin(ctx, id).await?)
}

/// Changes settings of a plugin: all of them, or none. Calls that begin later find them.
pub async fn change_settings(
    ctx: &OpContext<'_>,
    id: &PluginId,
    changes: Vec<SettingChange>,
) -> Result<Map<String, Value>, PluginAdminError> {
    PluginAdminError::check_change(ctx)?;
    let mut record = find_plugin(ctx, id).await?;
    let mut settings = settings_of(&record)?;
    // Values may be secrets: the log has their names alone.
    let names: Vec<String> = changes.iter().map(|it| it.name.clone()).collect();
    for SettingChange { name, value } in changes {
        match value {
            Some(value) => {
                check_name(id, &name)?;
                settings.insert(name, value);
            }
            None if settings.remove(&name).is_some() => {}
            None => return Err(PluginAdminError::NotSet { plugin: id.clone(), name }),
        }
    }
    let text = Value::Object(settings.clone()).to_string();
    if settings.len() > SETTINGS_MAX || text.len() > SETTINGS_BYTES_MAX {
        return Err(PluginAdminError::TooManySettings(id.clone()));
    }
    record.settings = text;
    ctx.app.plugin_store.save(record).await?;
    note(ctx, "plugin.settings_changed", id, names.join(" ")).await;
    Ok(settings)
}

fn settings_of(record: &PluginRecord) -> Result<Map<String, Value>, PluginAdminError> {
    serde_json::from_str(&record.settings).map_err(|error| {
        StoreError::new(format!("read the settings of plugin {}", record.id), error).into()
    })
}

fn check_name(plugin: &PluginId, name: &str) -> Result<(), PluginAdminError> {
    let plain = |it: char| !it.is_control() && !it.is_whitespace();
    if !name.is_empty() && name.len() <= SETTING_NAME_LEN_MAX && name.chars().all(plain) {
        return Ok(());
    }
    let name = name.chars().take(SETTING_NAME_LEN_MAX).filter(|it| !it.is_control()).collect();
    Err(PluginAdminError::BadSetting { plugin: plugin.clone(), name })
}
