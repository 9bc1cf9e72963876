//! `smartcms plugin set`.

use serde_json::{Map, Value};
use smartcms_app::App;
use smartcms_app::plugins::{SettingChange, change_settings, plugin_settings};
use smartcms_domain::plugins::PluginId;

use super::super::say;
use super::by_operator;
use crate::failure::{Failure, exit, fault};

pub(super) async fn set(
    app: &App,
    id: &PluginId,
    values: &[String],
    unset: Vec<String>,
    as_json: bool,
) -> anyhow::Result<()> {
    let mut changes = values.iter().map(|it| change(it)).collect::<anyhow::Result<Vec<_>>>()?;
    changes.extend(unset.into_iter().map(|name| SettingChange { name, value: None }));
    let settings = match changes.is_empty() {
        true => plugin_settings(&by_operator(app), id).await.map_err(fault)?,
        false => change_settings(&by_operator(app), id, changes).await.map_err(fault)?,
    };
    print(id, settings, as_json)
}

fn print(id: &PluginId, settings: Map<String, Value>, as_json: bool) -> anyhow::Result<()> {
    if as_json {
        say(serde_json::to_string_pretty(&settings)?);
        return Ok(());
    }
    if settings.is_empty() {
        say(format_args!("{id} has no settings"));
    }
    for (name, value) in settings {
        say(format_args!("{name}={value}"));
    }
    Ok(())
}

fn change(text: &str) -> anyhow::Result<SettingChange> {
    let Some((name, value)) = text.split_once('=') else {
        let message = format!("`{text}` sets nothing");
        let hint = "write a setting and its value: longest=80; `--unset KEY` takes one away";
        return Err(Failure::hinted(message, hint, exit::INVALID));
    };
    let (name, value) = (name.to_owned(), Some(read(value)));
    Ok(SettingChange { name, value })
}

/// What reads as JSON is that, anything else is text. There is no setting without a value.
fn read(text: &str) -> Value {
    let read = serde_json::from_str(text).ok().filter(|it: &Value| !it.is_null());
    read.unwrap_or_else(|| Value::String(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{change, read};

    #[test]
    fn a_value_is_json_where_it_reads_as_such_and_else_text() {
        for (text, value) in [
            ("80", json!(80)),
            ("true", json!(true)),
            (r#"["a", 1]"#, json!(["a", 1])),
            ("\"80\"", json!("80")),
            ("80 %", json!("80 %")),
            ("null", json!("null")),
            ("", json!("")),
        ] {
            assert_eq!(read(text), value, "{text}");
        }
        assert_eq!(change("a=b=c").unwrap().value, Some(json!("b=c")));
        assert!(change("longest").is_err());
    }
}
