//! Answers as the host takes them.

use axum::body::{Body, HttpBody as _};
use axum::http::{HeaderMap, Response, StatusCode};
use bytes::Bytes;
use http_body_util::BodyExt;
use smartcms_http::Listed;
use wasip2::http::types::{ErrorCode, Fields, OutgoingBody, OutgoingResponse, ResponseOutparam};
use wasip2::io::streams::{OutputStream, StreamError};

/// The largest body that is taken as a whole before it is sent, in bytes: larger ones go piece by piece.
const WHOLE_LEN_MAX: u64 = 64 * 1024;
/// What one call may write at most where it waits for room.
const PIECE_LEN_MAX: usize = 4096;

/// Sends an answer to its end, or to that of whoever asked.
pub(super) async fn send(response: Response<Body>, out: ResponseOutparam) {
    let len = response.body().size_hint().exact();
    match len.is_some_and(|len| (1..=WHOLE_LEN_MAX).contains(&len)) {
        true => send_whole(response, out).await,
        false => send_by_pieces(response, out).await,
    }
}

async fn send_whole(response: Response<Body>, out: ResponseOutparam) {
    let (head, body) = response.into_parts();
    match body.collect().await {
        Ok(body) => give(head.status, &listed(&head.headers), &body.to_bytes(), out),
        Err(error) => {
            ResponseOutparam::set(out, Err(ErrorCode::InternalError(Some(error.to_string()))));
        }
    }
}

async fn send_by_pieces(response: Response<Body>, out: ResponseOutparam) {
    let (head, mut body) = response.into_parts();
    let (response, outgoing) = match begun(head.status, &listed(&head.headers)) {
        Ok(begun) => begun,
        Err(error) => return ResponseOutparam::set(out, Err(error)),
    };
    ResponseOutparam::set(out, Ok(response));
    let Ok(stream) = outgoing.write() else { return };
    while let Some(frame) = body.frame().await {
        let taken = match frame.map(|it| it.into_data().unwrap_or_default()) {
            Ok(data) => in_pieces(&stream, &data).map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        // What has no end was cut off: the host tells the client.
        if let Err(error) = taken {
            return tracing::debug!(%error, "an answer was not taken to its end");
        }
    }
    drop(stream);
    let _ = OutgoingBody::finish(outgoing, None);
}

/// Gives head and body to the host together. The body is written before the head is given away: the host would begin to
/// send, and be woken once more for the rest.
pub(super) fn give(status: StatusCode, headers: &Listed, body: &Bytes, out: ResponseOutparam) {
    let (response, outgoing) = match begun(status, headers) {
        Ok(begun) => begun,
        Err(error) => return ResponseOutparam::set(out, Err(error)),
    };
    let Ok(stream) = outgoing.write() else { return };
    let room = usize::try_from(stream.check_write().unwrap_or_default()).unwrap_or(usize::MAX);
    let (now, later) = body.split_at(room.min(body.len()));
    let is_taken = now.is_empty() || stream.write(now).is_ok();
    if later.is_empty() {
        drop(stream);
        let _ = OutgoingBody::finish(outgoing, None);
        return ResponseOutparam::set(out, Ok(response));
    }
    ResponseOutparam::set(out, Ok(response));
    // Who has gone does not need the rest.
    let _ = is_taken && in_pieces(&stream, later).is_ok();
    drop(stream);
    let _ = OutgoingBody::finish(outgoing, None);
}

/// Writes a whole body, and ends it.
pub(super) fn written(outgoing: OutgoingBody, body: &[u8]) -> Result<(), StreamError> {
    let stream = outgoing.write().map_err(|()| StreamError::Closed)?;
    in_pieces(&stream, body)?;
    drop(stream);
    OutgoingBody::finish(outgoing, None).map_err(|_| StreamError::Closed)
}

fn in_pieces(stream: &OutputStream, bytes: &[u8]) -> Result<(), StreamError> {
    bytes.chunks(PIECE_LEN_MAX).try_for_each(|it| stream.blocking_write_and_flush(it))
}

/// The headers as the host takes them.
pub(super) fn listed(headers: &HeaderMap) -> Listed {
    headers.iter().map(|(name, value)| (name.to_string(), value.as_bytes().to_vec())).collect()
}

/// The head as the host takes it, in one call, and where its body goes.
fn begun(
    status: StatusCode,
    headers: &Listed,
) -> Result<(OutgoingResponse, OutgoingBody), ErrorCode> {
    let refused = |what: &str| ErrorCode::InternalError(Some(format!("the host refused {what}")));
    let headers = Fields::from_list(headers).map_err(|_| refused("the headers"))?;
    let response = OutgoingResponse::new(headers);
    // What a response is made with.
    if status != StatusCode::OK {
        response.set_status_code(status.as_u16()).map_err(|()| refused("the status"))?;
    }
    let body = response.body().map_err(|()| refused("a body"))?;
    Ok((response, body))
}
