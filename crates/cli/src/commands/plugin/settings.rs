//! `smartcms plugin set`.

use serde_json::Value;
use smartcms_app::App;
use smartcms_app::plugins::{configure_plugin, find_plugin, plugin_settings};
use smartcms_domain::plugins::PluginId;

use super::super::say;
use crate::failure::{Failure, exit, fault};

/// Changes settings, where there is something to change, and shows them all.
pub(super) async fn set(
    app: &App,
    id: &PluginId,
    settings: &[String],
    unset: Vec<String>,
) -> anyhow::Result<()> {
    let mut changes = Vec::new();
    for setting in settings {
        let (name, value) = pair(setting)?;
        changes.push((name.to_owned(), Some(value.to_owned())));
    }
    changes.extend(unset.into_iter().map(|name| (name, None)));
    let record = if changes.is_empty() {
        find_plugin(app, id).await.map_err(fault)?
    } else {
        configure_plugin(app, id, changes).await.map_err(fault)?
    };
    let settings = plugin_settings(&record);
    if settings.is_empty() {
        say(format_args!("{id} has no settings"));
    }
    for (name, value) in settings {
        let text = match value {
            Value::String(text) => text,
            other => other.to_string(),
        };
        say(format_args!("{name}={text}"));
    }
    Ok(())
}

fn pair(setting: &str) -> anyhow::Result<(&str, &str)> {
    setting.split_once('=').filter(|it| !it.0.is_empty()).ok_or_else(|| {
        let message = format!("`{setting}` is no setting");
        Failure::hinted(message, "write NAME=VALUE, or --unset NAME", exit::INVALID)
    })
}
