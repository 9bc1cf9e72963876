//! Answers in JSON.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use serde::Serialize;

/// The media type of answers.
pub(crate) const JSON: HeaderValue = HeaderValue::from_static("application/json");
/// The media type of problems.
pub(crate) const PROBLEM_JSON: HeaderValue = HeaderValue::from_static("application/problem+json");
/// Caches may keep it, and ask each time whether it is still good.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");
/// The same, but only the client's own cache.
const ASK_AGAIN_PRIVATELY: HeaderValue = HeaderValue::from_static("private, no-cache");

/// Room for most answers, so that writing one seldom moves it.
const BODY_BYTES_USUAL: usize = 4 * 1024;
/// Room for the headers of most answers.
const HEADERS_USUAL: usize = 12;

/// The whole body of an answer, beside the body, as an extension of it: who passes it on can still compress or keep it.
#[derive(Debug, Clone)]
pub struct WholeBody(pub Bytes);

/// An answer with a JSON document.
pub(crate) fn json(
    status: StatusCode,
    media_type: HeaderValue,
    document: &impl Serialize,
) -> Response<Body> {
    let mut text = Vec::with_capacity(BODY_BYTES_USUAL);
    match serde_json::to_writer(&mut text, document) {
        Ok(()) => whole(status, media_type, Bytes::from(text)),
        Err(error) => {
            tracing::error!("could not write an answer as JSON: {error}");
            let text = Bytes::from_static(b"{\"code\":\"internal\",\"status\":500}");
            whole(StatusCode::INTERNAL_SERVER_ERROR, PROBLEM_JSON, text)
        }
    }
}

/// An answer that a cache may keep under its tag.
pub(crate) fn tagged(mut response: Response<Body>, tag: HeaderValue, public: bool) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::ETAG, tag);
    set_caching(headers, public);
    response
}

/// Says that the client has it already.
pub(crate) fn not_modified(tag: HeaderValue, public: bool) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    tagged(response, tag, public)
}

/// Says who may keep an answer. What a token shows depends on the token.
pub(crate) fn set_caching(headers: &mut HeaderMap, public: bool) {
    let control = if public { ASK_AGAIN } else { ASK_AGAIN_PRIVATELY };
    headers.insert(header::CACHE_CONTROL, control);
    headers.append(header::VARY, HeaderValue::from_static("authorization"));
}

/// An answer that is in memory.
pub(crate) fn whole(status: StatusCode, media_type: HeaderValue, bytes: Bytes) -> Response<Body> {
    let mut response = Response::new(Body::from(bytes.clone()));
    *response.status_mut() = status;
    response.headers_mut().reserve(HEADERS_USUAL);
    response.headers_mut().insert(header::CONTENT_TYPE, media_type);
    response.extensions_mut().insert(WholeBody(bytes));
    response
}
