//! A defect in one request ends that request alone.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use axum::response::Response;

/// The answer of a future; `None` when it panicked. What the request held is dropped with it.
pub(crate) async fn contained(answer: impl Future<Output = Response>) -> Option<Response> {
    Contained { answer: pin!(answer) }.await
}

struct Contained<'a, F> {
    answer: Pin<&'a mut F>,
}

impl<F: Future<Output = Response>> Future for Contained<'_, F> {
    type Output = Option<Response>;

    fn poll(mut self: Pin<&mut Self>, ctx: &mut Context<'_>) -> Poll<Option<Response>> {
        // The future is not polled again after a panic, so nobody sees what it left half done.
        let polled = catch_unwind(AssertUnwindSafe(|| self.answer.as_mut().poll(ctx)));
        polled.map_or(Poll::Ready(None), |it| it.map(Some))
    }
}
