//! The head of a request, of what hosts of either version of WASI tell of it.

use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Uri, header};
use bytes::Bytes;
use smartcms_http::Listed;

/// How many headers a message has, mostly.
const HEADERS_ESTIMATE: usize = 16;

/// The address within the site; `None` for what is none.
pub(crate) fn uri(path: Option<String>) -> Option<Uri> {
    let path = path.map_or(Bytes::from_static(b"/"), Bytes::from);
    PathAndQuery::from_maybe_shared(path).ok().map(Uri::from)
}

/// The headers of a message; `None` where one of them is none.
pub(crate) fn headers(listed: Listed) -> Option<HeaderMap> {
    let mut headers = HeaderMap::with_capacity(HEADERS_ESTIMATE);
    for (name, value) in listed {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        headers.append(name, HeaderValue::from_maybe_shared(Bytes::from(value)).ok()?);
    }
    Some(headers)
}

/// A request that only reads, as most do, and says of no body: the host is not asked for one.
pub(crate) fn is_without_body<B>(request: &Request<B>) -> bool {
    matches!(*request.method(), Method::GET | Method::HEAD)
        && request.headers().get(header::CONTENT_LENGTH).is_none_or(|it| it == "0")
}

/// Gives a request the header that clients send, which hosts keep to themselves.
pub(crate) fn name_host<B>(request: &mut Request<B>, authority: impl FnOnce() -> Option<String>) {
    if request.headers().contains_key(header::HOST) {
        return;
    }
    let host = authority().and_then(|it| HeaderValue::from_maybe_shared(Bytes::from(it)).ok());
    if let Some(host) = host {
        request.headers_mut().insert(header::HOST, host);
    }
}
