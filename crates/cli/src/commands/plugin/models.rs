//! `smartcms plugin models`, `plugin generate` and `plugin embed`.

use std::io::Write as _;
use std::ops::ControlFlow;

use serde_json::{Value, json};
use smartcms_ai::{Choice, InOrder};
use smartcms_app::App;
use smartcms_app::ports::{Embedder, Model, ModelError, TextGenerator};
use smartcms_config::{ModelChoice, ModelSettings};
use smartcms_domain::plugins::PluginId;

use super::super::say;
use super::keep_lines;
use crate::args::Folders;
use crate::compose::{Operator, open_with_plugins, settings};
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
        let does = abilities(model).join(", ");
        say(format_args!("{id}/{}  {does}  {}", model.name, model.title));
    }
    for failure in failures {
        say(failure);
    }
    Ok(())
}

pub(super) async fn generate(
    folders: &Folders,
    prompt: &str,
    model: Option<ModelChoice>,
    tokens_max: u32,
) -> anyhow::Result<()> {
    let chosen = Chosen::of(folders, model, "text generation", |it| it.text).await?;
    let mut sink = |piece: &str| {
        let mut out = std::io::stdout().lock();
        let written = out.write_all(piece.as_bytes()).and_then(|()| out.flush());
        if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    let written = chosen.model.stream(prompt, tokens_max, &mut sink).await;
    chosen.end().await;
    written.map_err(failure)?;
    say("");
    Ok(())
}

pub(super) async fn embed(
    folders: &Folders,
    texts: &[String],
    model: Option<ModelChoice>,
) -> anyhow::Result<()> {
    let chosen = Chosen::of(folders, model, "embeddings", |it| it.embeddings).await?;
    let vectors = chosen.model.embed(texts).await;
    chosen.end().await;
    say(serde_json::to_string(&vectors.map_err(failure)?)?);
    Ok(())
}

/// A model at work.
struct Chosen {
    operator: Operator,
    plugin: PluginId,
    model: InOrder,
}

impl Chosen {
    /// The model that is named, or else the one that the settings choose.
    async fn of(
        folders: &Folders,
        named: Option<ModelChoice>,
        task: &'static str,
        of: impl Fn(ModelSettings) -> Option<ModelChoice>,
    ) -> anyhow::Result<Self> {
        let ModelChoice { plugin, model } = match named {
            Some(choice) => choice,
            None => of(settings(folders, None)?.models)
                .ok_or_else(|| failure(ModelError::NotConfigured { task }))?,
        };
        let operator = open_with_plugins(folders).await?;
        match operator.app.plugins.model_provider(&plugin) {
            Some(provider) => {
                let name = format!("{plugin}/{model}");
                let model = InOrder::new(vec![Choice { name, provider, model }], task);
                Ok(Self { operator, plugin, model })
            }
            None => {
                let message =
                    format!("plugin {plugin} brings no models, or the site does not use it");
                let hint = "`smartcms plugin models` lists them";
                Err(Failure::hinted(message, hint, exit::NOT_FOUND))
            }
        }
    }

    /// Keeps what the plugin said meanwhile.
    async fn end(&self) {
        keep_lines(&self.operator, &self.plugin).await;
    }
}

fn failure(error: ModelError) -> anyhow::Error {
    let (hint, code) = match &error {
        ModelError::NotConfigured { .. } => (
            "choose one with `--model PLUGIN/MODEL`, or for the site in smartcms.toml: [models] text = \"local/tiny\"",
            exit::NOT_FOUND,
        ),
        ModelError::UnknownModel(_) => ("`smartcms plugin models` lists them", exit::NOT_FOUND),
        ModelError::Invalid(_) | ModelError::Refused(_) => {
            ("ask for something else, or another model", exit::INVALID)
        }
        ModelError::Limit(_) => ("try again later", exit::LIMIT),
        _ => ("`smartcms plugin logs ID` shows what a plugin wrote", exit::FAILED),
    };
    Failure::hinted(error.to_string(), hint, code)
}

fn abilities(model: &Model) -> Vec<&'static str> {
    model.abilities.iter().map(|it| it.name()).collect()
}

fn json_of((id, model): &(PluginId, Model)) -> Value {
    json!({
        "plugin": id.as_str(),
        "name": model.name,
        "title": model.title,
        "abilities": abilities(model),
        "dimensions": model.dimensions,
        "context_tokens": model.context_tokens,
    })
}
