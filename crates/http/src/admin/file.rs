//! `GET /admin/files/{name}`: what pages of the admin refer to. They are no secret, and can be kept for ever.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;

use crate::compression::{Coding, gunzip, preferred};
use crate::security_headers;
use crate::state::AppState;

const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

/// Answers with a file. The address that names its content never changes its meaning.
pub(super) async fn show(
    State(state): State<AppState>,
    Path(name): Path<String>,
    uri: axum::http::Uri,
    asked: HeaderMap,
) -> Response {
    let Some(file) = state.admin.file(&name) else { return StatusCode::NOT_FOUND.into_response() };
    let exact = uri.query().is_some_and(|it| it.strip_prefix("v=") == Some(file.version.as_str()));
    // It is packed already. Who takes any coding takes this one, as everywhere else.
    let (body, is_packed) = match preferred(&asked) {
        Coding::Identity => (Bytes::from(gunzip(&file.gzip)), false),
        Coding::Gzip | Coding::Brotli => (file.gzip.clone(), true),
    };
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.content_type));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    headers.insert(header::CACHE_CONTROL, if exact { FOR_EVER } else { ASK_AGAIN });
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if is_packed {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    security_headers::add_to_admin(headers);
    *response.body_mut() = Body::from(body);
    response
}
