//! `GET /api/v1/openapi.json` and `GET /api/docs`: what the API of this site takes and answers.

mod answers;
mod assist_schemas;
mod batch_schemas;
mod collection_schemas;
mod document;
mod entry_schemas;
mod filters;
mod kinds;
mod menu_schemas;
mod operations;
mod page;
mod parameters;
mod rights_schemas;
mod schemas;
mod work_schemas;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::Response;
use smartcms_app::App;
use smartcms_domain::actors::Actor;

use crate::caller::Caller;
use crate::problem::HttpProblem;
use crate::query::Parameters;
use crate::reply::{self, JSON};
use crate::routing::get;
use crate::security_headers;
use crate::state::AppState;

/// The routes of the description.
pub(super) fn router() -> Router<AppState> {
    Router::new().route("/api/v1/openapi.json", get(json)).route("/api/docs", get(reference))
}

async fn json(State(app): State<App>, uri: Uri, caller: Caller) -> Result<Response, HttpProblem> {
    Parameters::refuse_all(&uri)?;
    let document = document::document(&app, &caller.0);
    let mut response = reply::json(StatusCode::OK, JSON, &document);
    reply::set_caching(response.headers_mut(), caller.0 == Actor::Anonymous);
    Ok(response)
}

async fn reference(
    State(app): State<App>,
    uri: Uri,
    caller: Caller,
) -> Result<Response, HttpProblem> {
    Parameters::refuse_all(&uri)?;
    let text = page::page(&document::document(&app, &caller.0));
    let mut response = Response::new(Body::from(text));
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, html);
    security_headers::add_to_page(response.headers_mut());
    reply::set_caching(response.headers_mut(), caller.0 == Actor::Anonymous);
    Ok(response)
}
