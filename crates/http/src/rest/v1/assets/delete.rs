//! `DELETE /api/v1/assets/{id}`: takes an asset and its file away, for good.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use smartcms_app::App;
use smartcms_app::assets::{DeleteAsset, delete_asset};

use super::explain;
use crate::body::read_optional_object;
use crate::caller::Caller;
use crate::preconditions::required_match;
use crate::problem::HttpProblem;
use crate::query::Parameters;
use crate::segments::Segments;

/// Deletes an asset; with `?force=true` also one that entries use.
pub(crate) async fn delete(
    State(app): State<App>,
    uri: Uri,
    Segments(id): Segments<String>,
    headers: HeaderMap,
    caller: Caller,
    body: Body,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    let parameters = Parameters::parse(&uri, &["force"])?;
    let force = parameters.flag("force")?;
    let seen = required_match(&headers)?;
    read_optional_object(&headers, body).await?.finish()?;
    let command = DeleteAsset { id, seen, force };
    let deleted = delete_asset(&caller.context(&app), command).await;
    deleted.map_err(|error| explain(&caller, error))?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    Ok(response)
}
