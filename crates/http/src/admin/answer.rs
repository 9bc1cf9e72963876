//! From a page's context to an answer.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use smartcms_pages::admin::AdminPage;

use super::failure::AdminError;
use crate::reply::{self, JSON, WholeBody};
use crate::state::AppState;

/// What handlers answer.
pub(super) type Answer = Result<Response, AdminError>;

/// A page.
pub(super) fn page<P: AdminPage>(state: &AppState, page: &P) -> Answer {
    page_with(state, StatusCode::OK, page)
}

/// A page with another status: what was sent was refused, or it conflicts.
pub(super) fn page_with<P: AdminPage>(state: &AppState, status: StatusCode, page: &P) -> Answer {
    Ok(html(status, state.admin.render(page)?))
}

/// HTML, which the service compresses.
pub(super) fn html(status: StatusCode, html: String) -> Response {
    let bytes = Bytes::from(html);
    let mut response = Response::new(Body::from(bytes.clone()));
    *response.status_mut() = status;
    let value = HeaderValue::from_static("text/html; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, value);
    response.extensions_mut().insert(WholeBody(bytes));
    response
}

/// One line of text, for scripts.
pub(super) fn line(status: StatusCode, text: String) -> Response {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let value = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, value);
    response
}

/// JSON, for scripts.
pub(super) fn json(document: &serde_json::Value) -> Response {
    reply::json(StatusCode::OK, JSON, document)
}

/// A query of an address, from the pairs that have a value.
pub(super) fn query(pairs: &[(&str, &str)]) -> String {
    let mut query = String::new();
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        query.push(if query.is_empty() { '?' } else { '&' });
        query.push_str(name);
        query.push('=');
        for byte in value.bytes() {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => {
                    query.push(char::from(byte));
                }
                _ => query.push_str(&format!("%{byte:02X}")),
            }
        }
    }
    query
}
