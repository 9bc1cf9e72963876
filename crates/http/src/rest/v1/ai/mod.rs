//! `/api/v1/ai`: help for those who write. A model suggests; nothing is saved here.

mod answer;
mod ask;
pub(crate) mod status;
mod stream;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Uri, header};
use axum::response::Response;
use serde::Deserialize;
use smartcms_app::assist::{AskHelp, prepare_help, run_help};
use smartcms_app::{App, OpContext};

pub(crate) use self::stream::{frame, streamed};
use crate::body::read_object;
use crate::caller::Caller;
use crate::members::Members;
use crate::problem::HttpProblem;
use crate::query::Parameters;
use crate::routing::{get, post};
use crate::segments::Segments;
use crate::state::AppState;

/// The routes below `/api/v1/ai`.
pub(crate) fn router() -> Router<AppState> {
    Router::new()
        .route("/api/v1/ai/status", get(status::read))
        .route("/api/v1/ai/{task}", post(help))
}

#[derive(Deserialize)]
struct TaskPath {
    task: String,
}

async fn help(
    State(app): State<App>,
    uri: Uri,
    Segments(path): Segments<TaskPath>,
    headers: HeaderMap,
    caller: Caller,
    body: Body,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    Parameters::refuse_all(&uri)?;
    let members = read_object(&headers, body).await?;
    let Some(ask) = asked(&path.task, members)? else {
        return Err(HttpProblem::unknown_route(uri.path()));
    };
    suggested(&caller.context(&app), ask, wants_events(&headers)).await
}

/// The answer to who asks for help: as events where it wants them, else whole. What is refused before the model is asked
/// is a problem in either case.
pub(crate) async fn suggested(
    ctx: &OpContext<'_>,
    ask: AskHelp,
    as_events: bool,
) -> Result<Response, HttpProblem> {
    let prepared = prepare_help(ctx, ask).await?;
    if as_events {
        return Ok(stream::response(prepared));
    }
    let mut ignore = |_: &str| std::ops::ControlFlow::Continue(());
    let suggestion = run_help(prepared, &mut ignore).await?;
    Ok(answer::response(&suggestion))
}

/// What is asked for, out of the members of a body; `None` for a task that there is not.
pub(crate) fn asked(task: &str, members: Members) -> Result<Option<AskHelp>, HttpProblem> {
    ask::read(task, members)
}

/// Whether the client asks for a stream of events.
pub(crate) fn wants_events(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT).iter();
    let texts = accepted.filter_map(|it| it.to_str().ok());
    let mut types = texts.flat_map(|it| it.split(','));
    types.any(|it| {
        let essence = it.split(';').next().unwrap_or_default().trim();
        essence.eq_ignore_ascii_case("text/event-stream")
    })
}
