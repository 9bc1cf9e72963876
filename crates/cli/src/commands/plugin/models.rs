//! `smartcms plugin models` and `smartcms plugin generate`.

use std::io::Write as _;
use std::ops::ControlFlow;

use serde_json::{Value, json};
use smartcms_app::App;
use smartcms_app::ports::{Generation, Model, ModelError};
use smartcms_domain::plugins::PluginId;

use super::super::say;
use crate::failure::{Failure, exit};

pub(super) async fn list(app: &App, as_json: bool) -> anyhow::Result<()> {
    let mut found: Vec<(PluginId, Model)> = Vec::new();
    let mut failures = Vec::new();
    for id in app.plugins.model_providers() {
        let Some(provider) = app.plugins.model_provider(&id) else { continue };
        match provider.models().await {
            Ok(models) => found.extend(models.into_iter().map(|it| (id.clone(), it))),
            Err(error) => failures.push(format!("{id}: {error}")),
        }
    }
    if as_json {
        say(serde_json::to_string_pretty(&found.iter().map(json_of).collect::<Vec<_>>())?);
        return Ok(());
    }
    if found.is_empty() && failures.is_empty() {
        say("no plugin brings models");
    }
    for (id, model) in &found {
        let does = [
            model.generates.then_some("generates"),
            model.embeds.map(|_| "embeds"),
            model.describes.then_some("describes"),
        ];
        let does: Vec<&str> = does.into_iter().flatten().collect();
        say(format_args!("{id} {}  {}  {}", model.name, does.join(", "), model.title));
    }
    for failure in failures {
        say(failure);
    }
    Ok(())
}

pub(super) async fn generate(
    app: &App,
    id: &PluginId,
    model: String,
    prompt: String,
    tokens_max: u32,
) -> anyhow::Result<()> {
    let Some(provider) = app.plugins.model_provider(id) else {
        let message = format!("plugin {id} brings no models, or is not used");
        return Err(Failure::hinted(message, "`smartcms plugin models` lists them", exit::INVALID));
    };
    let request = Generation { model, system: None, prompt, tokens_max, temperature: None };
    let mut sink = |piece: &str| {
        let mut out = std::io::stdout().lock();
        let written = out.write_all(piece.as_bytes()).and_then(|()| out.flush());
        if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    provider.generate(request, &mut sink).await.map_err(failure)?;
    say("");
    Ok(())
}

fn failure(error: ModelError) -> anyhow::Error {
    let hint =
        "`smartcms plugin models` lists them; `smartcms plugin logs ID` shows what a plugin wrote";
    Failure::hinted(error.to_string(), hint, exit::INVALID)
}

fn json_of((id, model): &(PluginId, Model)) -> Value {
    json!({
        "plugin": id.as_str(),
        "name": model.name,
        "title": model.title,
        "generates": model.generates,
        "embeds": model.embeds,
        "describes": model.describes,
    })
}
