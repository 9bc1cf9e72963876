//! `GET /api/v1/tokens` and `GET /api/v1/tokens/{name}`.

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use smartcms_app::App;
use smartcms_app::tokens::{get_token, list_tokens};

use super::body::TokenBody;
use crate::caller::Caller;
use crate::problem::HttpProblem;
use crate::query::Parameters;
use crate::reply::{self, JSON};
use crate::rest::v1::list::Page;
use crate::segments::Segments;

/// Lists tokens by name: there are few, so all that one may see.
pub(super) async fn list(
    State(app): State<App>,
    uri: Uri,
    caller: Caller,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    Parameters::refuse_all(&uri)?;
    let records = list_tokens(&caller.context(&app)).await?;
    let items = records.iter().map(|it| TokenBody::new(it, None)).collect();
    Ok(answer(StatusCode::OK, &Page { items, next: None, included: None, warnings: Vec::new() }))
}

/// Reads one token.
pub(super) async fn read(
    State(app): State<App>,
    uri: Uri,
    Segments(name): Segments<String>,
    caller: Caller,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    Parameters::refuse_all(&uri)?;
    let record = get_token(&caller.context(&app), &name).await?;
    Ok(answer(StatusCode::OK, &TokenBody::new(&record, None)))
}

/// An answer for this caller alone.
pub(super) fn answer(status: StatusCode, body: &impl serde::Serialize) -> Response {
    let mut response = reply::json(status, JSON, body);
    reply::set_caching(response.headers_mut(), false);
    response
}
