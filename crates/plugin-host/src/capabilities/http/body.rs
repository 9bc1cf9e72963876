//! A body with a limit on its bytes and on its time.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Buf, Bytes};
use http_body::{Body, Frame, SizeHint};
use tokio::time::{Instant, Sleep};

/// What passing a limit is called where the body is read.
pub(crate) trait BodyFault {
    /// The body had more bytes than its limit.
    fn too_large(limit_bytes: u64) -> Self;
    /// The body did not end in time.
    fn too_slow() -> Self;
}

/// Passes a body on until it has had `left` bytes or the deadline has come.
pub(crate) struct BoundedBody<B> {
    inner: B,
    left: u64,
    limit_bytes: u64,
    deadline: Option<Pin<Box<Sleep>>>,
    failed: bool,
}

impl<B> BoundedBody<B> {
    /// Bounds `inner`; without a deadline only its size.
    pub(crate) fn new(inner: B, limit_bytes: u64, deadline: Option<Instant>) -> Self {
        let deadline = deadline.map(|it| Box::pin(tokio::time::sleep_until(it)));
        Self { inner, left: limit_bytes, limit_bytes, deadline, failed: false }
    }
}

impl<B> Body for BoundedBody<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: BodyFault,
{
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        if self.failed {
            return Poll::Ready(None);
        }
        if let Some(deadline) = self.deadline.as_mut()
            && deadline.as_mut().poll(cx).is_ready()
        {
            self.failed = true;
            return Poll::Ready(Some(Err(B::Error::too_slow())));
        }
        let polled = Pin::new(&mut self.inner).poll_frame(cx);
        if let Poll::Ready(Some(Ok(frame))) = &polled
            && let Some(data) = frame.data_ref()
        {
            match self.left.checked_sub(data.remaining() as u64) {
                Some(left) => self.left = left,
                None => {
                    self.failed = true;
                    return Poll::Ready(Some(Err(B::Error::too_large(self.limit_bytes))));
                }
            }
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.failed || self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::{BodyFault, BoundedBody, Bytes};
    use http_body_util::{BodyExt, Full, StreamBody};
    use std::time::Duration;

    #[derive(Debug, PartialEq, Eq)]
    enum Fault {
        Large(u64),
        Slow,
    }

    impl BodyFault for Fault {
        fn too_large(limit_bytes: u64) -> Self {
            Self::Large(limit_bytes)
        }
        fn too_slow() -> Self {
            Self::Slow
        }
    }

    fn full(size: usize) -> impl http_body::Body<Data = Bytes, Error = Fault> + Unpin {
        Full::new(Bytes::from(vec![b'x'; size])).map_err(|never| match never {})
    }

    #[tokio::test]
    async fn a_body_of_exactly_the_limit_passes_and_one_byte_more_does_not() {
        let whole = BoundedBody::new(full(10), 10, None).collect().await.unwrap();
        assert_eq!(whole.to_bytes().len(), 10);
        let fault = BoundedBody::new(full(11), 10, None).collect().await.unwrap_err();
        assert_eq!(fault, Fault::Large(10));
    }

    #[tokio::test]
    async fn a_body_that_never_ends_ends_at_its_deadline() {
        let endless =
            StreamBody::new(futures::stream::pending::<Result<http_body::Frame<Bytes>, Fault>>());
        let deadline = tokio::time::Instant::now() + Duration::from_millis(20);
        let fault = BoundedBody::new(endless, 10, Some(deadline)).collect().await.unwrap_err();
        assert_eq!(fault, Fault::Slow);
    }
}
