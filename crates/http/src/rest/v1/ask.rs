//! `POST /api/v1/ask`: a question to the site, answered by a model from what is public.

use std::ops::ControlFlow;

use axum::body::Body;
use axum::extract::State;
use axum::http::{Extensions, HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::Response;
use bytes::Bytes;
use futures::channel::mpsc::UnboundedSender;
use serde::Serialize;
use smartcms_app::App;
use smartcms_app::ask::{
    AnswerSource, PreparedQuestion, SiteAnswer, prepare_question, run_question,
};
use smartcms_pages::urls;

use super::ai::{frame, streamed, wants_events};
use crate::body::read_object;
use crate::caller::Caller;
use crate::problem::HttpProblem;
use crate::query::Parameters;
use crate::reply::{self, JSON};
use crate::state::AppState;

#[derive(Serialize)]
struct AnswerBody {
    /// Plain text; `null` where nothing of the site is about the question.
    answer: Option<String>,
    sources: Vec<SourceBody>,
    model: Option<String>,
}

#[derive(Serialize)]
struct SourceBody {
    id: String,
    collection: String,
    title: String,
    url: String,
}

/// Answers a question.
pub(crate) async fn ask(
    State(state): State<AppState>,
    uri: Uri,
    headers: HeaderMap,
    extensions: Extensions,
    caller: Caller,
    body: Body,
) -> Result<Response, HttpProblem> {
    Parameters::refuse_all(&uri)?;
    let mut members = read_object(&headers, body).await?;
    let question = members.text("question");
    let locale = members.text("locale");
    members.finish()?;
    state.api.admit_question(&caller, extensions.get().copied())?;
    let ctx = caller.context(&state.app);
    let question = question.unwrap_or_default();
    let prepared = prepare_question(&ctx, &question, locale.as_deref()).await?;
    if wants_events(&headers) {
        let app = state.app.clone();
        return Ok(streamed(|events| work(app, prepared, events)));
    }
    let mut ignore = |_: &str| ControlFlow::Continue(());
    let answer = run_question(prepared, &mut ignore).await?;
    let mut response = reply::json(StatusCode::OK, JSON, &AnswerBody::of(&state.app, answer));
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// The events `sources`, `text` as it is written, and `end` with the whole answer, or `error`.
async fn work(app: App, prepared: PreparedQuestion, events: UnboundedSender<Bytes>) {
    let sources: Vec<SourceBody> = prepared.sources.iter().map(|it| source(&app, it)).collect();
    // Nobody is there to hear it where this fails.
    let _ = events.unbounded_send(frame("sources", &serde_json::json!({ "sources": sources })));
    let mut sink = |piece: &str| match events
        .unbounded_send(frame("text", &serde_json::json!({ "text": piece })))
    {
        Ok(()) => ControlFlow::Continue(()),
        Err(_) => ControlFlow::Break(()),
    };
    let last = match run_question(prepared, &mut sink).await {
        Ok(answer) => frame("end", &AnswerBody::of(&app, answer)),
        Err(error) => frame("error", &HttpProblem::from(error).into_document()),
    };
    let _ = events.unbounded_send(last);
}

impl AnswerBody {
    fn of(app: &App, answer: SiteAnswer) -> Self {
        let sources = answer.sources.iter().map(|it| source(app, it)).collect();
        Self { answer: answer.text, sources, model: answer.model }
    }
}

fn source(app: &App, source: &AnswerSource) -> SourceBody {
    SourceBody {
        id: source.entry.to_string(),
        collection: source.collection.to_string(),
        title: source.title.clone(),
        url: urls::absolute(&app.site.base_url, &source.path),
    }
}
