//! Making roles, changing them and taking them away.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use smartcms_app::App;
use smartcms_app::roles::{RoleError, SeenRole, remove_role, save_role};

use super::body::{READ_ONLY, told_of};
use crate::body::{read_document, read_optional_object};
use crate::caller::Caller;
use crate::preconditions::{entity_tag, optional_match, required_match};
use crate::problem::HttpProblem;
use crate::query::Parameters;
use crate::reply::{self, JSON};
use crate::segments::Segments;

/// Stores a role as a whole. One that is there is replaced with `If-Match`. What a `GET` answers is taken as it came.
pub(super) async fn save(
    State(app): State<App>,
    uri: Uri,
    Segments(name): Segments<String>,
    headers: HeaderMap,
    caller: Caller,
    body: Body,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    Parameters::refuse_all(&uri)?;
    let seen = seen(&headers)?;
    let mut document = read_document(&headers, body).await?;
    for told in READ_ONLY {
        document.remove(told);
    }
    let document = Value::Object(document);
    let saved = save_role(&caller.context(&app), &name, &document, seen).await;
    let (is_new, record) = saved.map_err(explained)?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    let response = reply::json(status, JSON, &told_of(&record));
    let mut response = reply::tagged(response, entity_tag(record.revision), false);
    let location = HeaderValue::from_str(&format!("/api/v1/roles/{}", record.role.name));
    if let (true, Ok(location)) = (is_new, location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

/// Takes a role away that nobody has.
pub(super) async fn remove(
    State(app): State<App>,
    uri: Uri,
    Segments(name): Segments<String>,
    headers: HeaderMap,
    caller: Caller,
    body: Body,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    Parameters::refuse_all(&uri)?;
    let seen = required_match(&headers)?;
    read_optional_object(&headers, body).await?.finish()?;
    remove_role(&caller.context(&app), &name, seen).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn seen(headers: &HeaderMap) -> Result<SeenRole, HttpProblem> {
    if !headers.contains_key(header::IF_MATCH) {
        return Ok(SeenRole::Nothing);
    }
    Ok(optional_match(headers)?.map_or(SeenRole::Whatever, SeenRole::State))
}

/// A role that is there is not replaced by who does not say what it replaces.
fn explained(error: RoleError) -> HttpProblem {
    match error {
        RoleError::Present(_) => HttpProblem::if_match_missing(),
        other => HttpProblem::from(other),
    }
}
