//! Reading definitions.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use smartcms_app::App;
use smartcms_app::collections::{get_collection, list_collections};
use smartcms_domain::actors::Actor;

use super::body::{CollectionBody, tag};
use crate::caller::Caller;
use crate::preconditions::has_already;
use crate::problem::HttpProblem;
use crate::query::Parameters;
use crate::reply::{self, JSON};
use crate::rest::v1::list::Page;
use crate::segments::Segments;

/// `GET /api/v1/collections`: by name. They are few: there is one page.
pub(super) async fn list(
    State(app): State<App>,
    uri: Uri,
    caller: Caller,
) -> Result<Response, HttpProblem> {
    Parameters::refuse_all(&uri)?;
    let records = list_collections(&caller.context(&app)).await?;
    let items = records.iter().map(CollectionBody).collect();
    let body = Page { items, next: None, included: None, warnings: Vec::new() };
    let mut response = reply::json(StatusCode::OK, JSON, &body);
    reply::set_caching(response.headers_mut(), caller.0 == Actor::Anonymous);
    Ok(response)
}

/// `GET /api/v1/collections/{name}`.
pub(super) async fn read(
    State(app): State<App>,
    uri: Uri,
    Segments(name): Segments<String>,
    headers: HeaderMap,
    caller: Caller,
) -> Result<Response, HttpProblem> {
    Parameters::refuse_all(&uri)?;
    let record = get_collection(&caller.context(&app), &name).await?;
    let (tag, public) = (tag(&record), caller.0 == Actor::Anonymous);
    if has_already(&headers, &tag) {
        return Ok(reply::not_modified(tag, public));
    }
    let response = reply::json(StatusCode::OK, JSON, &CollectionBody(&record));
    Ok(reply::tagged(response, tag, public))
}
