//! `smartcms ai`: the models that serve the site.

mod catalogue;
mod part;
mod pull;

use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::Path;

use serde_json::{Value, json};
use smartcms_ai::{Choice, InOrder};
use smartcms_app::App;
use smartcms_app::assist::{
    AssistError, DESCRIBED_BYTES_MAX, describe_asset, describe_file, site_budget,
};
use smartcms_app::meaning::{MeaningStatus, meaning_status};
use smartcms_app::ports::{
    Embedder as _, MeaningCounts, Message, ModelError, Parameters, Role, TextEnd,
};
use smartcms_config::ModelChoice;
use smartcms_domain::assets::AssetId;

use super::{read_bounded, say};
use crate::args::{AiCommand, Folders};
use crate::compose::{Ai, DESCRIBING, open_with_models};
use crate::failure::{Failure, exit};

pub(super) async fn ai(folders: &Folders, command: AiCommand) -> anyhow::Result<()> {
    if let AiCommand::Pull(args) = &command {
        return pull::pull(folders, args).await;
    }
    let (operator, ai) = open_with_models(folders).await?;
    match command {
        AiCommand::Status { json } => status(&operator.app, &ai, json).await,
        AiCommand::Generate { prompt, model, tokens, seed, temperature } => {
            let models = chosen(&ai, model, &ai.text, "generating text");
            let parameters = parameters(seed, temperature);
            write(&models, prompt, tokens, &parameters).await.map_err(failure)?;
            say("");
            Ok(())
        }
        AiCommand::Embed { texts, model } => {
            let models = chosen(&ai, model, &ai.embeddings, "embeddings");
            let vectors = models.embed(&texts).await.map_err(failure)?;
            say(serde_json::to_string(&vectors)?);
            Ok(())
        }
        AiCommand::Pull(_) => Ok(()), // Needs no site that is open, and was done above.
        AiCommand::Describe { image, model, json } => {
            let models = chosen(&ai, model, &ai.images, DESCRIBING);
            describe(&operator.app, &models, &image, json).await
        }
    }
}

/// What a file or an uploaded image shows. A file comes first where both could be meant.
async fn describe(app: &App, models: &InOrder, image: &str, as_json: bool) -> anyhow::Result<()> {
    let path = Path::new(image);
    let described = if path.is_file() {
        let bytes = usize::try_from(DESCRIBED_BYTES_MAX).unwrap_or(usize::MAX);
        let file = read_bounded(path, bytes, "make a smaller one of the image")?;
        describe_file(app, models, file.into()).await
    } else if AssetId::parse(image).is_ok() {
        describe_asset(app, models, image).await
    } else {
        let message = format!("`{image}` is no file, and no id of an uploaded one");
        let hint = "write the path of an image, or the id that `GET /api/v1/assets` tells";
        return Err(Failure::hinted(message, hint, exit::NOT_FOUND));
    };
    let described = described.map_err(|error| match error {
        AssistError::Model(error) => failure(error),
        other => crate::failure::fault(other),
    })?;
    if as_json {
        say(json!({ "text": described.text, "model": described.model }));
    } else {
        say(&described.text);
    }
    Ok(())
}

fn chosen(ai: &Ai, named: Option<ModelChoice>, usual: &InOrder, task: &'static str) -> InOrder {
    named.map_or_else(|| usual.clone(), |it| InOrder::new(vec![ai.choice(&it)], task))
}

fn parameters(seed: Option<u64>, temperature: Option<f64>) -> Parameters {
    let seed = seed.map(|it| ("seed".to_owned(), json!(it)));
    let temperature = temperature.map(|it| ("temperature".to_owned(), json!(it)));
    seed.into_iter().chain(temperature).collect()
}

async fn write(
    models: &InOrder,
    prompt: String,
    tokens_max: u32,
    parameters: &Parameters,
) -> Result<TextEnd, ModelError> {
    let mut sink = |piece: &str| {
        let mut out = std::io::stdout().lock();
        let written = out.write_all(piece.as_bytes()).and_then(|()| out.flush());
        if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    let messages = [Message { role: Role::User, text: prompt }];
    models.write(&messages, tokens_max, parameters, &mut sink).await
}

async fn status(app: &App, ai: &Ai, as_json: bool) -> anyhow::Result<()> {
    let tasks = [("text", &ai.text), ("embeddings", &ai.embeddings), ("images", &ai.images)];
    let mut lines = Vec::new();
    for (task, models) in tasks {
        for choice in models.choices() {
            lines.push((task, choice.name.clone(), answers(choice).await));
        }
        if models.choices().is_empty() {
            lines.push((task, "none".to_owned(), Ok(())));
        }
    }
    if as_json {
        let mut document: Vec<Value> = lines.iter().map(json_of).collect();
        document.push(meaning_document(app).await?);
        document.push(help_document(app, ai).await?);
        say(serde_json::to_string_pretty(&document)?);
        return Ok(());
    }
    for (task, name, answer) in &lines {
        match answer {
            Ok(()) if name == "none" => say(format_args!("{task}  no model is configured")),
            Ok(()) => say(format_args!("{task}  {name}  answers")),
            Err(error) => say(format_args!("{task}  {name}  {error}")),
        }
    }
    say(meaning_line(app).await?);
    say(help_line(app, ai).await?);
    Ok(())
}

/// By what meaning is measured, and how far that is.
async fn meaning_line(app: &App) -> anyhow::Result<String> {
    let MeaningStatus { model, counts, .. } = meaning_status(app).await?;
    let MeaningCounts { entries, vectors, waiting } = counts;
    Ok(format!("meaning  {model}  {entries} entries in {vectors} vectors, {waiting} wait"))
}

async fn meaning_document(app: &App) -> anyhow::Result<Value> {
    let MeaningStatus { model, counts, .. } = meaning_status(app).await?;
    let MeaningCounts { entries, vectors, waiting } = counts;
    Ok(json!({ "task": "meaning", "model": model, "entries": entries, "vectors": vectors,
        "waiting": waiting }))
}

/// Who gets writing help by which models, and what is used of the budget of this day.
async fn help_line(app: &App, ai: &Ai) -> anyhow::Result<String> {
    let roles: Vec<String> =
        app.assist.settings.roles.iter().map(|(role, most)| format!("{role} {most}")).collect();
    let models = ai.assistant.choices().iter().map(|it| it.name.as_str()).collect::<Vec<_>>();
    let (by, has) = match (models.is_empty(), roles.is_empty()) {
        (true, true) => return Ok(NO_HELP.to_owned()),
        (true, false) => ("no model follows instructions".to_owned(), roles.join(", ")),
        (false, true) => (models.join(", "), "off for every role".to_owned()),
        (false, false) => (models.join(", "), roles.join(", ")),
    };
    let budget = site_budget(app).await.map_err(crate::failure::fault)?;
    let (used, limit) = (budget.used, budget.limit);
    Ok(format!("writing help  {by}  tokens a day: {has}; all {used} of {limit} used today"))
}

const NO_HELP: &str = "writing help  no model follows instructions, and no role has it";

async fn help_document(app: &App, ai: &Ai) -> anyhow::Result<Value> {
    let models: Vec<&str> = ai.assistant.choices().iter().map(|it| it.name.as_str()).collect();
    let budget = site_budget(app).await.map_err(crate::failure::fault)?;
    Ok(json!({ "task": "writing help", "model": models.first(), "roles": app.assist.settings.roles,
        "site": { "limit": budget.limit, "used": budget.used, "left": budget.left() } }))
}

/// Whether the provider is there and has the model.
async fn answers(choice: &Choice) -> Result<(), String> {
    let models = choice.provider.models().await.map_err(|error| error.to_string())?;
    // Ollama adds a tag to names that have none.
    let is_it = |name: &str| name == choice.model || name == format!("{}:latest", choice.model);
    if models.iter().any(|it| is_it(&it.name)) {
        return Ok(());
    }
    Err(format!("there is no model {} there", choice.model))
}

fn json_of((task, name, answer): &(&str, String, Result<(), String>)) -> Value {
    let model = (name != "none").then_some(name);
    json!({ "task": task, "model": model, "answers": model.is_some() && answer.is_ok(), "error": answer.as_ref().err() })
}

fn failure(error: ModelError) -> anyhow::Error {
    let (hint, code) = match &error {
        ModelError::NotConfigured { .. } => {
            ("choose one in smartcms.toml: docs/ai.md has the settings", exit::NOT_FOUND)
        }
        ModelError::UnknownModel(_) => {
            ("`smartcms ai status` says which models serve", exit::NOT_FOUND)
        }
        ModelError::Invalid(_) | ModelError::Refused(_) => {
            ("ask for something else, or another model", exit::INVALID)
        }
        ModelError::Limit(_) => ("try again later", exit::LIMIT),
        _ => ("`smartcms ai status` says which models answer", exit::FAILED),
    };
    Failure::hinted(error.to_string(), hint, code)
}
