//! A suggestion as it is written: `text/event-stream` with the events `text`, `end` and `error`.
//!
//! The body does the work: where the reader goes away it is dropped, and with it the request to the model.

use std::ops::ControlFlow;

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use bytes::Bytes;
use futures::channel::mpsc;
use futures::{StreamExt as _, future, stream};
use serde::Serialize;
use serde_json::json;
use smartcms_app::assist::{PreparedHelp, run_help};

use super::answer::SuggestionBody;
use crate::problem::HttpProblem;

const EVENTS: HeaderValue = HeaderValue::from_static("text/event-stream; charset=utf-8");

/// The answer to a request that is prepared.
pub(super) fn response(prepared: PreparedHelp) -> Response {
    streamed(|events| work(prepared, events))
}

/// An answer whose events come from a work that ends when all are told.
pub(crate) fn streamed<F>(work: impl FnOnce(mpsc::UnboundedSender<Bytes>) -> F) -> Response
where
    F: Future<Output = ()> + Send + 'static,
{
    let (events, written) = mpsc::unbounded();
    let work = stream::once(work(events)).filter_map(|()| future::ready(None));
    let frames = stream::select(written, work).map(Ok::<Bytes, std::convert::Infallible>);
    let mut response = Response::new(Body::from_stream(frames));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, EVENTS);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Proxies that gather answers would keep the pieces until the last.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

async fn work(prepared: PreparedHelp, events: mpsc::UnboundedSender<Bytes>) {
    let mut sink =
        |piece: &str| match events.unbounded_send(frame("text", &json!({ "text": piece }))) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        };
    let last = match run_help(prepared, &mut sink).await {
        Ok(suggestion) => frame("end", &SuggestionBody::of(&suggestion)),
        Err(error) => frame("error", &HttpProblem::from(error).into_document()),
    };
    // Nobody is there to hear it where this fails.
    let _ = events.unbounded_send(last);
}

/// One event. JSON on one line has no line's end in it.
pub(crate) fn frame(event: &str, data: &impl Serialize) -> Bytes {
    let data = serde_json::to_string(data).unwrap_or_default();
    Bytes::from(format!("event: {event}\ndata: {data}\n\n"))
}
