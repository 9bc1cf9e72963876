//! `POST /api/v1/batch`: reads and writes of entries, all or none.

mod run;
mod step;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use serde::Serialize;
use serde_json::Value;
use smartcms_app::App;
use smartcms_app::entries::BATCH_LEN_MAX;

use self::run::{Outcome, run};
use self::step::Step;
use crate::body::read_object;
use crate::caller::Caller;
use crate::members::Members;
use crate::problem::HttpProblem;
use crate::query::Parameters;
use crate::reply::{self, JSON};

/// How often a batch is tried in all, when what it reads changes while it is done.
const TRIES_MAX: usize = 3;

/// What became of each operation, in their order.
#[derive(Serialize)]
struct BatchBody {
    results: Vec<ResultBody>,
}

/// What one operation would have answered alone.
#[derive(Serialize)]
pub(crate) struct ResultBody {
    status: u16,
    /// The entry as it is then; null for one that is gone.
    entry: Value,
}

/// Does what `{"operations": [{"do": …}, …]}` asks for.
pub(crate) async fn batch(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    caller: Caller,
    body: Body,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    Parameters::refuse_all(&uri)?;
    let steps = steps(read_object(&headers, body).await?)?;
    for _ in 1..TRIES_MAX {
        if let Outcome::Done(results) = run(&app, &caller, &steps).await? {
            return Ok(answer(results));
        }
    }
    match run(&app, &caller, &steps).await? {
        Outcome::Done(results) => Ok(answer(results)),
        Outcome::Overtaken(problem) => Err(problem),
    }
}

fn steps(mut members: Members) -> Result<Vec<Step>, HttpProblem> {
    let mut objects = members.objects("operations");
    if objects.as_ref().is_none_or(Vec::is_empty) {
        members.missing("operations");
    }
    let len = objects.as_ref().map_or(0, Vec::len);
    if len > BATCH_LEN_MAX {
        return Err(HttpProblem::too_many_operations(len, BATCH_LEN_MAX));
    }
    let read = objects.iter_mut().flatten().map(Step::read);
    let steps: Vec<Step> = read.collect::<Vec<_>>().into_iter().flatten().collect();
    members.finish_with("operations", objects.unwrap_or_default())?;
    Ok(steps)
}

fn answer(results: Vec<ResultBody>) -> Response {
    let mut response = reply::json(StatusCode::OK, JSON, &BatchBody { results });
    reply::set_caching(response.headers_mut(), false);
    response
}
