//! The body of a response whose guest may fail before the end.
//!
//! The engine ends a body where the guest ends, however that was. A reader must not take a part for the whole.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

/// What a broken body is called where it is read.
pub(super) trait BrokenBody {
    /// The guest failed before the end.
    fn broken() -> Self;
}

/// Whether the guest failed before it had done all its work.
#[derive(Debug, Clone, Default)]
pub(super) struct Broken(Arc<AtomicBool>);

/// Marks the guest as broken when it is dropped, unless it was told that all is done.
pub(super) struct Unfinished(Option<Broken>);

/// A body that ends with an error where its guest failed.
pub(super) struct WholeBody<B> {
    inner: B,
    broken: Broken,
}

impl Unfinished {
    pub(super) fn new(broken: Broken) -> Self {
        Self(Some(broken))
    }

    /// All is done.
    pub(super) fn finished(mut self) {
        self.0 = None;
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(broken) = &self.0 {
            broken.0.store(true, Ordering::Release);
        }
    }
}

impl<B> WholeBody<B> {
    pub(super) fn new(inner: B, broken: Broken) -> Self {
        Self { inner, broken }
    }
}

impl<B> Body for WholeBody<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: BrokenBody,
{
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        match Pin::new(&mut self.inner).poll_frame(task) {
            // Said once: what is asked after an error has ended.
            Poll::Ready(None) if self.broken.0.swap(false, Ordering::AcqRel) => {
                Poll::Ready(Some(Err(B::Error::broken())))
            }
            polled => polled,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
