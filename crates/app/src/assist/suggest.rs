//! Asking a model, within a budget.

use std::ops::ControlFlow;

use smartcms_domain::Timestamp;
use smartcms_domain::actors::AssetPermission;
use smartcms_domain::entries::Help;
use uuid::Uuid;

use super::SUGGESTION_HOURS;
use super::ask::AskHelp;
use super::budget::{HeldTokens, estimated_tokens};
use super::error::AssistError;
use super::material::material;
use super::picture::picture_of_asset;
use super::prompt::{Brief, Mark, digest, messages};
use super::tags::{Term, chosen, terms_of};
use super::task::Task;
use super::tidy::tidied;
use crate::assets::{AssetError, get_asset};
use crate::ports::{Message, ModelError, Picture, SuggestionRecord, TextEnd, TextSink};
use crate::{App, OpContext};

/// What an image costs where nobody counts its tokens.
const IMAGE_TOKENS: u64 = 1_500;

/// A request that may be put before a model: everything is checked, and its tokens are held.
pub struct PreparedHelp {
    app: App,
    task: Task,
    person: String,
    held: HeldTokens,
    work: Work,
}

enum Work {
    Text { messages: Vec<Message>, tokens_max: u32, terms: Vec<Term> },
    Image(Picture),
}

/// What a model suggests. Nothing is saved by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// What a save names it by.
    pub id: Uuid,
    /// What was asked for.
    pub task: Task,
    /// The text. It is not sanitised: that is done where it is saved, as with all text.
    pub text: String,
    /// Of terms, those that there are.
    pub terms: Vec<Term>,
    /// Of terms, those that there are not.
    pub proposals: Vec<String>,
    /// The model.
    pub model: String,
    /// How it ended: `done`, or `length` where it was cut.
    pub reason: String,
    /// What it took.
    pub tokens: TokenCount,
    /// Until when a save can name it.
    pub expires_at: Timestamp,
}

/// Tokens of one answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenCount {
    /// What the model read.
    pub read: u64,
    /// What it wrote.
    pub written: u64,
    /// Whether the model did not say one of them, and it was estimated by the length of the text.
    pub estimated: bool,
}

/// Checks who asks for what, gathers what the model is told, and takes the tokens out of the budgets.
pub async fn prepare_help(ctx: &OpContext<'_>, ask: AskHelp) -> Result<PreparedHelp, AssistError> {
    let allowance = ctx.app.assist.settings.require(ctx.actor)?;
    ask.check()?;
    let (work, needed) = match ask.task {
        Task::AltText => image_work(ctx, &ask).await?,
        _ => text_work(ctx, &ask).await?,
    };
    let person = ctx.actor.author();
    let held = HeldTokens::take(ctx.app, person.clone(), needed, allowance).await?;
    Ok(PreparedHelp { app: ctx.app.clone(), task: ask.task, person, held, work })
}

async fn text_work(ctx: &OpContext<'_>, ask: &AskHelp) -> Result<(Work, u64), AssistError> {
    let material = material(ctx, ask).await?;
    let locale = ask.target(ctx)?;
    let terms = match (ask.task, &ask.field) {
        (Task::Tags, Some(field)) => terms_of(ctx, &material.definition, field).await?,
        _ => Vec::new(),
    };
    // Who may not ask hears that first; who may, what the site lacks.
    if ctx.app.assist.models.models().is_empty() {
        return Err(AssistError::NoModel(ask.task.name()));
    }
    let titles: Vec<String> = terms.iter().map(|it| it.title.clone()).collect();
    let mark = Mark::new(ctx.app.randomness.secret());
    let brief = Brief { ask, text: &material.text, terms: &titles, locale: locale.as_ref() };
    let messages = messages(&brief, &mark);
    let tokens_max = ask.task.tokens_max(estimated_tokens(&material.text));
    let needed = read_tokens(&messages) + u64::from(tokens_max);
    Ok((Work::Text { messages, tokens_max, terms }, needed))
}

async fn image_work(ctx: &OpContext<'_>, ask: &AskHelp) -> Result<(Work, u64), AssistError> {
    ctx.actor.require_with_assets(AssetPermission::Change).map_err(AssetError::from)?;
    let asset = get_asset(ctx, ask.asset.as_deref().unwrap_or_default()).await?;
    if ctx.app.assist.images.models().is_empty() {
        return Err(AssistError::NoImageModel);
    }
    let picture = picture_of_asset(ctx.app, &asset).await?;
    let needed = IMAGE_TOKENS + u64::from(Task::AltText.tokens_max(0));
    Ok((Work::Image(picture), needed))
}

/// Puts it before the model. Dropping the future stops the model; what it used until then counts.
pub async fn run_help(
    prepared: PreparedHelp,
    sink: TextSink<'_>,
) -> Result<Suggestion, AssistError> {
    let PreparedHelp { app, task, person, mut held, work } = prepared;
    let outcome = match &work {
        Work::Text { messages, tokens_max, .. } => {
            written(&app, messages, *tokens_max, &mut held, sink).await
        }
        Work::Image(picture) => described(&app, picture, sink).await,
    };
    let said = match outcome {
        Ok(said) => said,
        Err((used, error)) => {
            held.settle(used).await?;
            return Err(AssistError::Model(error));
        }
    };
    held.settle(said.tokens.read + said.tokens.written).await?;
    kept(&app, task, person, &work, said).await
}

/// What a model said.
struct Said {
    model: String,
    text: String,
    reason: String,
    prompt: [u8; 32],
    tokens: TokenCount,
}

async fn written(
    app: &App,
    messages: &[Message],
    tokens_max: u32,
    held: &mut HeldTokens,
    sink: TextSink<'_>,
) -> Result<Said, (u64, ModelError)> {
    let read = read_tokens(messages);
    held.note(read);
    let mut text = String::new();
    let mut watched = |piece: &str| {
        text.push_str(piece);
        held.note(read + estimated_tokens(&text));
        // A model that does not stop where it should is stopped: a token is seldom longer than this.
        if text.len() > tokens_max as usize * TOKEN_BYTES_MAX {
            return ControlFlow::Break(());
        }
        sink(piece)
    };
    let answered = app.assist.models.answer(messages, tokens_max, &mut watched).await;
    match answered {
        Ok(answered) => {
            let tokens = counted(&answered.end, read, &text);
            let (model, reason) = (answered.model, answered.end.reason);
            Ok(Said { model, text, reason, prompt: digest(messages), tokens })
        }
        // What was not read by anybody costs nothing.
        Err(error) if text.is_empty() => Err((0, error)),
        Err(error) => Err((read + estimated_tokens(&text), error)),
    }
}

/// The most bytes of a token that a model is believed to write.
const TOKEN_BYTES_MAX: usize = 16;

async fn described(
    app: &App,
    picture: &Picture,
    sink: TextSink<'_>,
) -> Result<Said, (u64, ModelError)> {
    let described = app.assist.images.describe(picture.clone()).await;
    let described = described.map_err(|error| (0, error))?;
    let _ = sink(&described.text);
    let written = estimated_tokens(&described.text);
    Ok(Said {
        model: described.model,
        text: described.text,
        reason: "done".to_owned(),
        prompt: *blake3::hash(&picture.jpeg).as_bytes(),
        tokens: TokenCount { read: IMAGE_TOKENS, written, estimated: true },
    })
}

fn read_tokens(messages: &[Message]) -> u64 {
    messages.iter().map(|it| estimated_tokens(&it.text)).sum()
}

/// What the model counted, and an estimate where it did not.
fn counted(end: &TextEnd, read: u64, text: &str) -> TokenCount {
    TokenCount {
        read: end.tokens_read.map_or(read, u64::from),
        written: end.tokens_written.map_or_else(|| estimated_tokens(text), u64::from),
        estimated: end.tokens_read.is_none() || end.tokens_written.is_none(),
    }
}

/// Remembers the suggestion, so that a save can name it.
async fn kept(
    app: &App,
    task: Task,
    person: String,
    work: &Work,
    said: Said,
) -> Result<Suggestion, AssistError> {
    let now = app.clock.now();
    let later = now.as_millis().saturating_add(i64::from(SUGGESTION_HOURS) * 60 * 60 * 1000);
    let expires_at = Timestamp::from_millis(later).unwrap_or(now);
    let id = app.randomness.id(now);
    let model = said.model.clone();
    let help = Help { task: task.name().to_owned(), model, prompt: said.prompt, person };
    app.assist.store.keep_suggestion(SuggestionRecord { id, help, at: now, expires_at }).await?;
    let text = tidied(task, &said.text);
    let (terms, proposals) = match work {
        Work::Text { terms, .. } if task == Task::Tags => chosen(terms, &text),
        _ => (Vec::new(), Vec::new()),
    };
    Ok(Suggestion {
        id,
        task,
        text,
        terms,
        proposals,
        model: said.model,
        reason: said.reason,
        tokens: said.tokens,
        expires_at,
    })
}
