//! WASI 0.2: the export that hosts call, and their client for requests to the outside.

mod client;
mod incoming;
mod outgoing;
mod waiting;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use wasip2::exports::http::incoming_handler::Guest;
use wasip2::http::types::{ErrorCode, IncomingRequest, Method as HostMethod, ResponseOutparam};

pub(crate) use self::client::send;
use self::incoming::Incoming;
use crate::head;
use crate::server::{answer, kept_answer, kept_page};

struct Component;

impl Guest for Component {
    fn handle(request: IncomingRequest, out: ResponseOutparam) {
        let read = match read(&request) {
            Ok(read) => read,
            Err(error) => return ResponseOutparam::set(out, Err(error)),
        };
        if let Some(page) = kept_page(&read) {
            return outgoing::give(page.status(), page.headers(), &page.body(), out);
        }
        if let Some(kept) = kept_answer(&read) {
            return outgoing::give(StatusCode::OK, kept.listed(), kept.body(), out);
        }
        let whole = whole(read, &request);
        drop(request);
        waiting::run(respond(whole, out));
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

/// The head of a request, in as few calls of the host as there can be: each asks for one part of it.
fn read(request: &IncomingRequest) -> Result<Request<()>, ErrorCode> {
    let broken =
        || ErrorCode::InternalError(Some("a header of the request cannot be read".to_owned()));
    let mut read = Request::new(());
    *read.method_mut() = method(request.method()).ok_or(ErrorCode::HttpRequestMethodInvalid)?;
    *read.uri_mut() =
        head::uri(request.path_with_query()).ok_or(ErrorCode::HttpRequestUriInvalid)?;
    *read.headers_mut() = head::headers(request.headers().entries()).ok_or_else(broken)?;
    Ok(read)
}

/// The request with its body, where it has one.
fn whole(mut read: Request<()>, request: &IncomingRequest) -> Request<Body> {
    head::name_host(&mut read, || request.authority());
    let body = match head::is_without_body(&read) {
        true => None,
        false => request.consume().ok().and_then(|it| Incoming::of(it, read.headers())),
    };
    read.map(|()| body.map_or_else(Body::empty, Body::new))
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
