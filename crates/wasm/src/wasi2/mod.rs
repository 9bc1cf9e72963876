//! WASI 0.2: the export that hosts call, and their client for requests to the outside.

mod client;
mod incoming;
mod outgoing;
mod waiting;

use axum::body::Body;
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Uri, header};
use bytes::Bytes;
use wasip2::exports::http::incoming_handler::Guest;
use wasip2::http::types::{ErrorCode, IncomingRequest, Method as HostMethod, ResponseOutparam};

pub(crate) use self::client::send;
use self::incoming::Incoming;
use crate::server::{answer, kept_answer, kept_page};

struct Component;

impl Guest for Component {
    fn handle(request: IncomingRequest, out: ResponseOutparam) {
        let mut read = match read(&request) {
            Ok(read) => read,
            Err(error) => return ResponseOutparam::set(out, Err(error)),
        };
        if let Some(page) = kept_page(&read) {
            return outgoing::give(page.status(), page.headers(), &page.body(), out);
        }
        if let Some(kept) = kept_answer(&read) {
            return outgoing::give(StatusCode::OK, kept.listed(), kept.body(), out);
        }
        name_host(&mut read, &request);
        drop(request);
        waiting::run(respond(read, out));
    }
}

wasip2::http::proxy::export!(Component with_types_in wasip2);

async fn respond(request: Request<Body>, out: ResponseOutparam) {
    let method = request.method().clone();
    let (response, site) = answer(request).await;
    outgoing::send(response, out).await;
    if let Some(site) = site {
        site.afterwards(&method).await;
    }
}

/// A request, in as few calls of the host as there can be: each asks for one part of it.
fn read(request: &IncomingRequest) -> Result<Request<Body>, ErrorCode> {
    let method = method(request.method()).ok_or(ErrorCode::HttpRequestMethodInvalid)?;
    let path = request.path_with_query().map(Bytes::from).unwrap_or(Bytes::from_static(b"/"));
    let path =
        PathAndQuery::from_maybe_shared(path).map_err(|_| ErrorCode::HttpRequestUriInvalid)?;
    let broken =
        || ErrorCode::InternalError(Some("a header of the request cannot be read".to_owned()));
    let headers = incoming::headers(&request.headers()).ok_or_else(broken)?;
    let body = match is_without_body(&method, &headers) {
        true => None,
        false => request.consume().ok().and_then(|it| Incoming::of(it, &headers)),
    };
    let mut read = Request::new(body.map_or_else(Body::empty, Body::new));
    *read.method_mut() = method;
    *read.uri_mut() = Uri::from(path);
    *read.headers_mut() = headers;
    Ok(read)
}

fn method(method: HostMethod) -> Option<Method> {
    Some(match method {
        HostMethod::Get => Method::GET,
        HostMethod::Head => Method::HEAD,
        HostMethod::Post => Method::POST,
        HostMethod::Put => Method::PUT,
        HostMethod::Delete => Method::DELETE,
        HostMethod::Connect => Method::CONNECT,
        HostMethod::Options => Method::OPTIONS,
        HostMethod::Trace => Method::TRACE,
        HostMethod::Patch => Method::PATCH,
        HostMethod::Other(name) => Method::from_bytes(name.as_bytes()).ok()?,
    })
}

/// A request that only reads, as most do, and says of no body.
fn is_without_body(method: &Method, headers: &HeaderMap) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
        && headers.get(header::CONTENT_LENGTH).is_none_or(|it| it == "0")
}

/// The header that clients send, which hosts keep to themselves.
fn name_host(read: &mut Request<Body>, request: &IncomingRequest) {
    if read.headers().contains_key(header::HOST) {
        return;
    }
    let authority = request.authority().map(Bytes::from);
    if let Some(host) = authority.and_then(|it| HeaderValue::from_maybe_shared(it).ok()) {
        read.headers_mut().insert(header::HOST, host);
    }
}
