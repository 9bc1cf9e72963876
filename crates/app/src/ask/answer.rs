//! Asking a model, within the budget of readers.

use std::ops::ControlFlow;

use smartcms_domain::Problem;
use smartcms_domain::locales::Locale;

use super::prompt::messages;
use super::retrieve::{AnswerSource, Source, sources};
use super::{ANSWER_TOKENS_MAX, AskError, QUESTION_CHARS_MAX};
use crate::assist::{HeldTokens, Mark, estimated_tokens};
use crate::ports::{Message, TextSink};
use crate::{App, OpContext};

/// The most bytes of a token that a model is believed to write.
const TOKEN_BYTES_MAX: usize = 16;

/// A question that may be put before a model: everything is checked, and its tokens are held.
pub struct PreparedQuestion {
    app: App,
    /// What the answer stands on, the best first.
    pub sources: Vec<AnswerSource>,
    work: Option<Work>,
}

struct Work {
    messages: Vec<Message>,
    held: HeldTokens,
}

/// What the site says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteAnswer {
    /// The answer: plain text, by a model. `None` where nothing of the site is about the question.
    pub text: Option<String>,
    /// What it stands on.
    pub sources: Vec<AnswerSource>,
    /// The model; `None` where none was asked.
    pub model: Option<String>,
}

/// Checks the question, looks for what is about it, and takes the tokens out of the budget of readers.
///
/// It reads what is public and what the actor may read of that; `locale` is a language of the site, by default its own.
pub async fn prepare_question(
    ctx: &OpContext<'_>,
    question: &str,
    locale: Option<&str>,
) -> Result<PreparedQuestion, AskError> {
    let tokens_a_day = ctx.app.assist.readers.tokens_a_day;
    if tokens_a_day == 0 {
        return Err(AskError::Off);
    }
    if ctx.app.assist.models.models().is_empty() {
        return Err(AskError::NoModel);
    }
    let locale = checked(ctx, question, locale)?;
    let found = sources(ctx, question, locale).await?;
    let work = match found.is_empty() {
        true => None,
        false => Some(work(ctx.app, question, &found, tokens_a_day).await?),
    };
    let sources = found.into_iter().map(|it| it.source).collect();
    Ok(PreparedQuestion { app: ctx.app.clone(), sources, work })
}

fn checked(ctx: &OpContext<'_>, question: &str, locale: Option<&str>) -> Result<Locale, AskError> {
    let refused = |field: &str, code: &str, message: String| {
        Err(AskError::Invalid(vec![Problem::field(field, code, message)]))
    };
    if !question.chars().any(char::is_alphanumeric) {
        return refused("question", "required", "there is no question".to_owned());
    }
    if question.chars().count() > QUESTION_CHARS_MAX {
        let message = format!("the question has more than {QUESTION_CHARS_MAX} characters");
        return refused("question", "too-long", message);
    }
    let locales = &ctx.app.site.locales;
    let Some(tag) = locale else { return Ok(locales.default().clone()) };
    match Locale::parse(tag).ok().filter(|it| locales.contains(it)) {
        Some(locale) => Ok(locale),
        None => {
            let all: Vec<&str> = locales.iter().map(Locale::as_str).collect();
            let message = format!("`{tag}` is no language of the site: {}", all.join(", "));
            refused("locale", "unknown", message)
        }
    }
}

async fn work(
    app: &App,
    question: &str,
    sources: &[Source],
    tokens_a_day: u64,
) -> Result<Work, AskError> {
    let mark = Mark::new(app.randomness.secret());
    let messages = messages(question, sources, &mark);
    let needed = read_tokens(&messages) + u64::from(ANSWER_TOKENS_MAX);
    let held = HeldTokens::of_readers(app, needed, tokens_a_day).await?;
    let held = held.map_err(|wait_seconds| AskError::Spent { wait_seconds })?;
    Ok(Work { messages, held })
}

/// Puts it before the model. Dropping the future stops the model; what it used until then counts.
pub async fn run_question(
    prepared: PreparedQuestion,
    sink: TextSink<'_>,
) -> Result<SiteAnswer, AskError> {
    let PreparedQuestion { app, sources, work } = prepared;
    let Some(Work { messages, mut held }) = work else {
        return Ok(SiteAnswer { text: None, sources, model: None });
    };
    let read = read_tokens(&messages);
    held.note(read);
    let mut text = String::new();
    let mut watched = |piece: &str| {
        let piece = plain(piece);
        text.push_str(&piece);
        held.note(read + estimated_tokens(&text));
        // A model that does not stop where it should is stopped.
        if text.len() > ANSWER_TOKENS_MAX as usize * TOKEN_BYTES_MAX {
            return ControlFlow::Break(());
        }
        sink(&piece)
    };
    let answered = app.assist.models.answer(&messages, ANSWER_TOKENS_MAX, &mut watched).await;
    let written = estimated_tokens(&text);
    match answered {
        Ok(answered) => {
            let end = &answered.end;
            let used = end.tokens_read.map_or(read, u64::from)
                + end.tokens_written.map_or(written, u64::from);
            held.settle(used).await?;
            let text = Some(text.trim().to_owned());
            Ok(SiteAnswer { text, sources, model: Some(answered.model) })
        }
        Err(error) => {
            // What was not read by anybody costs nothing.
            held.settle(if text.is_empty() { 0 } else { read + written }).await?;
            Err(AskError::Model(error))
        }
    }
}

fn read_tokens(messages: &[Message]) -> u64 {
    messages.iter().map(|it| estimated_tokens(&it.text)).sum()
}

/// A piece without signs that are no text.
fn plain(piece: &str) -> String {
    piece.chars().filter(|it| !it.is_control() || matches!(it, '\n' | '\t')).collect()
}
