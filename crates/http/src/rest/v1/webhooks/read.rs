//! `GET /api/v1/webhooks` and `GET /api/v1/webhooks/{id}`.

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use smartcms_app::App;
use smartcms_app::webhooks::{get_webhook, list_webhooks};

use super::body::WebhookBody;
use crate::caller::Caller;
use crate::problem::HttpProblem;
use crate::query::Parameters;
use crate::reply::{self, JSON};
use crate::rest::v1::list::Page;
use crate::segments::Segments;

/// Lists webhooks by name: there are few, so all of them.
pub(super) async fn list(
    State(app): State<App>,
    uri: Uri,
    caller: Caller,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    Parameters::refuse_all(&uri)?;
    let records = list_webhooks(&caller.context(&app)).await?;
    let items = records.iter().map(|it| WebhookBody::new(it, None)).collect();
    Ok(answer(StatusCode::OK, &Page { items, next: None, included: None, warnings: Vec::new() }))
}

/// Reads one webhook.
pub(super) async fn read(
    State(app): State<App>,
    uri: Uri,
    Segments(id): Segments<String>,
    caller: Caller,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    Parameters::refuse_all(&uri)?;
    let record = get_webhook(&caller.context(&app), &id).await?;
    Ok(answer(StatusCode::OK, &WebhookBody::new(&record, None)))
}

/// An answer for the bearer of this token alone.
pub(super) fn answer(status: StatusCode, body: &impl serde::Serialize) -> Response {
    let mut response = reply::json(status, JSON, body);
    reply::set_caching(response.headers_mut(), false);
    response
}
