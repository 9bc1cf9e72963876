//! Bodies that come from the host.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::http::{HeaderMap, header};
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use wasip2::http::types::IncomingBody;
use wasip2::io::streams::{InputStream, StreamError};

use super::waiting::Wait;

/// The most that is read at a time, in bytes.
const READ_LEN_MAX: u64 = 64 * 1024;

/// A body, read as it comes. In the order in which its parts may end.
pub(super) struct Incoming {
    wait: Wait,
    /// `None` at its end.
    stream: Option<InputStream>,
    /// What is still to come, where the headers say it.
    len_left: Option<u64>,
    _body: IncomingBody,
}

impl Incoming {
    /// `None` where somebody else reads it.
    pub(super) fn of(body: IncomingBody, headers: &HeaderMap) -> Option<Self> {
        let len = headers.get(header::CONTENT_LENGTH).and_then(|it| it.to_str().ok());
        let len_left = len.and_then(|it| it.parse().ok());
        let stream = Some(body.stream().ok()?);
        Some(Self { wait: Wait::new(), stream, len_left, _body: body })
    }
}

impl Body for Incoming {
    type Data = Bytes;
    type Error = String;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, String>>> {
        let Some(stream) = &self.stream else { return Poll::Ready(None) };
        let frame = match stream.read(READ_LEN_MAX) {
            Ok(bytes) if bytes.is_empty() => {
                self.wait.on(stream.subscribe(), context);
                return Poll::Pending;
            }
            Ok(bytes) => {
                let len = bytes.len() as u64;
                self.len_left = self.len_left.map(|it| it.saturating_sub(len));
                return Poll::Ready(Some(Ok(Frame::data(bytes.into()))));
            }
            Err(StreamError::Closed) => None,
            Err(StreamError::LastOperationFailed(error)) => Some(Err(error.to_debug_string())),
        };
        self.stream = None;
        Poll::Ready(frame)
    }

    fn size_hint(&self) -> SizeHint {
        self.len_left.map(SizeHint::with_exact).unwrap_or_default()
    }
}
