//! `smartcms plugin blocks`: what authors can write beside what is built in.

use serde_json::{Value, json};
use smartcms_app::App;
use smartcms_app::ports::PluginBlockKind;

use super::super::say;

pub(super) async fn list(app: &App, as_json: bool) -> anyhow::Result<()> {
    let kinds = app.plugins.block_kinds().await;
    if as_json {
        say(serde_json::to_string_pretty(&kinds.iter().map(json_of).collect::<Vec<_>>())?);
        return Ok(());
    }
    if kinds.is_empty() {
        say("no plugin brings blocks");
    }
    for kind in &kinds {
        say(format_args!("{}  {}", kind.name.as_str(), kind.title));
        if !kind.description.is_empty() {
            say(format_args!("  {}", kind.description));
        }
        let members = kind.schema.get("properties").and_then(Value::as_object);
        let names: Vec<&str> =
            members.into_iter().flat_map(|it| it.keys().map(String::as_str)).collect();
        if !names.is_empty() {
            say(format_args!("  takes {}", names.join(", ")));
        }
    }
    Ok(())
}

fn json_of(kind: &PluginBlockKind) -> Value {
    json!({
        "type": kind.name.as_str(),
        "title": kind.title,
        "description": kind.description,
        "schema": kind.schema,
    })
}
