//! WASI 0.2: the export that hosts call, and their client for requests to the outside.

use std::time::Duration;

use axum::body::{Body as AxumBody, HttpBody as _};
use axum::http::response::Parts;
use axum::http::uri::PathAndQuery;
use axum::http::{
    HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, Uri, header,
};
use bytes::Bytes;
use http_body_util::BodyExt;
use http_body_util::combinators::UnsyncBoxBody;
use wasip2::exports::http::incoming_handler::Guest;
use wasip2::http::types::{
    ErrorCode, Fields, IncomingRequest, Method as HostMethod, OutgoingBody, OutgoingResponse,
    ResponseOutparam,
};
use wstd::http::server::Responder;
use wstd::http::{Body, Client};

use crate::server::answer;

/// The largest body that is taken as a whole before it is sent, in bytes: larger ones go piece by piece.
const WHOLE_LEN_MAX: u64 = 64 * 1024;
/// How many headers a request has, mostly.
const HEADERS_ESTIMATE: usize = 16;
/// What one call may write at most where it waits for room.
const PIECE_LEN_MAX: usize = 4096;

struct Component;

impl Guest for Component {
    fn handle(request: IncomingRequest, response_out: ResponseOutparam) {
        wstd::runtime::block_on(async move {
            if let Some(read) = without_body(&request) {
                return respond(read, response_out).await;
            }
            match wstd::http::request::try_from_incoming(request) {
                Ok(request) => {
                    let request = request.map(|body| AxumBody::new(body.into_boxed_body()));
                    respond(request, response_out).await;
                }
                Err(error) => Responder::new(response_out).fail(error),
            }
        });
    }
}

/// A request that only reads, as most do, in as few calls of the host as there can be: each asks for one part of it. `None`
/// where it brings a body, or says something that has to be refused.
fn without_body(request: &IncomingRequest) -> Option<Request<AxumBody>> {
    let method = match request.method() {
        HostMethod::Get => Method::GET,
        HostMethod::Head => Method::HEAD,
        _ => return None,
    };
    let mut headers = HeaderMap::with_capacity(HEADERS_ESTIMATE);
    for (name, value) in request.headers().entries() {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        if name == header::CONTENT_LENGTH && value != b"0" {
            return None;
        }
        headers.append(name, HeaderValue::from_maybe_shared(Bytes::from(value)).ok()?);
    }
    if !headers.contains_key(header::HOST) {
        let authority = Bytes::from(request.authority()?);
        headers.insert(header::HOST, HeaderValue::from_maybe_shared(authority).ok()?);
    }
    let path = PathAndQuery::from_maybe_shared(Bytes::from(request.path_with_query()?)).ok()?;
    let mut read = Request::new(AxumBody::empty());
    *read.method_mut() = method;
    *read.uri_mut() = Uri::from(path);
    *read.headers_mut() = headers;
    Some(read)
}

async fn respond(request: Request<AxumBody>, out: ResponseOutparam) {
    let method = request.method().clone();
    let (response, site) = answer(request).await;
    let len = response.body().size_hint().exact();
    match len.is_some_and(|len| (1..=WHOLE_LEN_MAX).contains(&len)) {
        true => send_whole(response, out).await,
        false => send_by_pieces(response, out).await,
    }
    if let Some(site) = site {
        site.afterwards(&method).await;
    }
}

/// Who has gone does not need an answer, and what is due is done all the same.
async fn send_by_pieces(response: Response<AxumBody>, out: ResponseOutparam) {
    let response = response.map(Body::from_http_body);
    if let Err(error) = Responder::new(out).respond(response).await {
        tracing::debug!(%error, "an answer was not taken to its end");
    }
}

/// Sends head and body together. The body is written before the head is given away: the host would begin to send, and be
/// woken once more for the rest.
async fn send_whole(response: Response<AxumBody>, out: ResponseOutparam) {
    let (head, body) = response.into_parts();
    let made = match body.collect().await {
        Ok(body) => begun(&head).map(|(response, stream)| (response, stream, body.to_bytes())),
        Err(error) => Err(ErrorCode::InternalError(Some(error.to_string()))),
    };
    let (response, outgoing, body) = match made {
        Ok(made) => made,
        Err(error) => return ResponseOutparam::set(out, Err(error)),
    };
    let Ok(stream) = outgoing.write() else { return };
    let room = usize::try_from(stream.check_write().unwrap_or_default()).unwrap_or(usize::MAX);
    let (now, later) = body.split_at(room.min(body.len()));
    let mut is_taken = stream.write(now).is_ok();
    if later.is_empty() {
        drop(stream);
        let _ = OutgoingBody::finish(outgoing, None);
        return ResponseOutparam::set(out, Ok(response));
    }
    ResponseOutparam::set(out, Ok(response));
    let mut pieces = later.chunks(PIECE_LEN_MAX);
    while let Some(piece) = pieces.next().filter(|_| is_taken) {
        is_taken = stream.blocking_write_and_flush(piece).is_ok();
    }
    drop(stream);
    let _ = OutgoingBody::finish(outgoing, None);
}

/// The head as the host takes it, in one call, and where its body goes.
fn begun(head: &Parts) -> Result<(OutgoingResponse, OutgoingBody), ErrorCode> {
    let refused = |what: &str| ErrorCode::InternalError(Some(format!("the host refused {what}")));
    let headers = head.headers.iter();
    let headers: Vec<(String, Vec<u8>)> = headers
        .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()))
        .collect();
    let headers = Fields::from_list(&headers).map_err(|_| refused("the headers"))?;
    let response = OutgoingResponse::new(headers);
    // What a response is made with.
    if head.status != StatusCode::OK {
        response.set_status_code(head.status.as_u16()).map_err(|()| refused("the status"))?;
    }
    let body = response.body().map_err(|()| refused("a body"))?;
    Ok((response, body))
}

wasip2::http::proxy::export!(Component with_types_in wasip2);

/// Sends a request, and waits for the head of its response; an error says why there is none.
pub(crate) async fn send(
    request: Request<Bytes>,
    time_max: Duration,
) -> Result<Response<UnsyncBoxBody<Bytes, String>>, String> {
    let mut client = Client::new();
    client.set_connect_timeout(time_max);
    client.set_first_byte_timeout(time_max);
    client.set_between_bytes_timeout(time_max);
    let response = client.send(request.map(Body::from)).await.map_err(|it| it.to_string())?;
    Ok(response.map(|body| body.into_boxed_body().map_err(|it| it.to_string()).boxed_unsync()))
}
