//! The host's client, for requests to the outside.

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use axum::http::request::Parts;
use axum::http::uri::{Authority, PathAndQuery};
use axum::http::{Method, Request, Response, StatusCode};
use bytes::Bytes;
use http_body_util::BodyExt;
use http_body_util::combinators::UnsyncBoxBody;
use wasip2::http::outgoing_handler::handle;
use wasip2::http::types::{
    Fields, IncomingResponse, Method as HostMethod, OutgoingRequest, RequestOptions, Scheme,
};

use super::incoming::Incoming;
use super::outgoing::{listed, written};
use super::waiting::Wait;
use crate::head;

/// Sends a request, and waits for the head of its response; an error says why there is none.
pub(crate) async fn send(
    request: Request<Bytes>,
    time_max: Duration,
) -> Result<Response<UnsyncBoxBody<Bytes, String>>, String> {
    let (head, body) = request.into_parts();
    let message = message(&head).ok_or("the host refused the request")?;
    let outgoing = message.body().map_err(|()| "the host refused a body")?;
    let coming = handle(message, Some(options(time_max))).map_err(|it| it.to_string())?;
    // Who does not take all of it may answer all the same.
    let _ = written(outgoing, &body);
    let wait = Wait::new();
    let response = poll_fn(|context| match coming.get() {
        Some(response) => Poll::Ready(response),
        None => {
            wait.on(coming.subscribe(), context);
            Poll::Pending
        }
    });
    match response.await {
        Ok(Ok(response)) => received(&response).ok_or("the response is no HTTP".to_owned()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(()) => Err("the response was taken already".to_owned()),
    }
}

/// The head of a request as the host takes it.
fn message(head: &Parts) -> Option<OutgoingRequest> {
    let message = OutgoingRequest::new(Fields::from_list(&listed(&head.headers)).ok()?);
    message.set_method(&method(&head.method)).ok()?;
    let scheme = match head.uri.scheme_str() {
        Some("http") => Scheme::Http,
        _ => Scheme::Https,
    };
    message.set_scheme(Some(&scheme)).ok()?;
    message.set_authority(head.uri.authority().map(Authority::as_str)).ok()?;
    message.set_path_with_query(head.uri.path_and_query().map(PathAndQuery::as_str)).ok()?;
    Some(message)
}

fn method(method: &Method) -> HostMethod {
    match *method {
        Method::GET => HostMethod::Get,
        Method::POST => HostMethod::Post,
        Method::PUT => HostMethod::Put,
        Method::DELETE => HostMethod::Delete,
        _ => HostMethod::Other(method.to_string()),
    }
}

/// A host that knows no time limits keeps its own; the body's is watched by who asked.
fn options(time_max: Duration) -> RequestOptions {
    let nanos = u64::try_from(time_max.as_nanos()).ok();
    let options = RequestOptions::new();
    let _ = options.set_connect_timeout(nanos);
    let _ = options.set_first_byte_timeout(nanos);
    let _ = options.set_between_bytes_timeout(nanos);
    options
}

fn received(response: &IncomingResponse) -> Option<Response<UnsyncBoxBody<Bytes, String>>> {
    let headers = head::headers(response.headers().entries())?;
    let body = Incoming::of(response.consume().ok()?, &headers)?;
    let mut received = Response::new(body.boxed_unsync());
    *received.status_mut() = StatusCode::from_u16(response.status()).ok()?;
    *received.headers_mut() = headers;
    Some(received)
}
