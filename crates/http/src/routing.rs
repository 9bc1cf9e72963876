//! Routes whose types say nothing of what their handlers take. The router's own code, which is generic over handlers, is
//! there once, and not for each of some 220; what takes arguments out of a request is there once for each list of
//! arguments. Both are a good part of a small executable.

use std::pin::Pin;
use std::sync::Arc;

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::handler::Handler;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};

use crate::state::AppState;

/// What handlers give the router.
pub(crate) type Answered = Pin<Box<dyn Future<Output = Response> + Send>>;

/// Arguments, or the answer that says why there are none.
type Taken<T> = Pin<Box<dyn Future<Output = Result<T, Response>> + Send>>;

/// The arguments of a handler. `M` says how the last of them is taken, which may be the body.
trait Arguments<M>: Sized {
    fn take(request: Request, state: AppState) -> Taken<Self>;
}

/// An async function over arguments that are taken out of a request, as axum's handlers are. `T` is the marker of the last
/// one, and all of them.
pub(crate) trait Handles<T>: Clone + Send + Sync + 'static {
    /// Takes the arguments, and answers.
    fn answer(&self, request: Request, state: AppState) -> Answered;
}

macro_rules! handles {
    ($($part:ident)*) => {
        impl<M, $($part,)* Last> Arguments<M> for ($($part,)* Last,)
        where
            $($part: FromRequestParts<AppState> + Send + 'static,)*
            Last: FromRequest<AppState, M> + Send + 'static,
        {
            #[allow(non_snake_case, unused_mut, reason = "arguments have the names of their types, and there may be one")]
            fn take(request: Request, state: AppState) -> Taken<Self> {
                Box::pin(async move {
                    let (mut parts, body) = request.into_parts();
                    $(
                        let $part = $part::from_request_parts(&mut parts, &state).await;
                        let $part = $part.map_err(IntoResponse::into_response)?;
                    )*
                    let last = Last::from_request(Request::from_parts(parts, body), &state).await;
                    Ok(($($part,)* last.map_err(IntoResponse::into_response)?,))
                })
            }
        }

        impl<H, F, M, $($part,)* Last> Handles<(M, $($part,)* Last,)> for H
        where
            H: Fn($($part,)* Last) -> F + Clone + Send + Sync + 'static,
            F: Future<Output: IntoResponse> + Send,
            $($part: FromRequestParts<AppState> + Send + 'static,)*
            Last: FromRequest<AppState, M> + Send + 'static,
        {
            #[allow(non_snake_case, reason = "arguments have the names of their types")]
            fn answer(&self, request: Request, state: AppState) -> Answered {
                let handler = self.clone();
                let taken = <($($part,)* Last,) as Arguments<M>>::take(request, state);
                Box::pin(async move {
                    match taken.await {
                        Ok(($($part,)* last,)) => handler($($part,)* last).await.into_response(),
                        Err(response) => response,
                    }
                })
            }
        }
    };
}

impl<H, F> Handles<()> for H
where
    H: Fn() -> F + Clone + Send + Sync + 'static,
    F: Future<Output: IntoResponse> + Send,
{
    fn answer(&self, _: Request, _: AppState) -> Answered {
        let handler = self.clone();
        Box::pin(async move { handler().await.into_response() })
    }
}
handles!();
handles!(A);
handles!(A B);
handles!(A B C);
handles!(A B C D);
handles!(A B C D E);
handles!(A B C D E G);
handles!(A B C D E G I);

/// A handler behind a pointer.
#[derive(Clone)]
struct Plain(Arc<dyn Fn(Request, AppState) -> Answered + Send + Sync>);

impl Handler<(), AppState> for Plain {
    type Future = Answered;

    fn call(self, request: Request, state: AppState) -> Answered {
        (self.0)(request, state)
    }
}

fn plain<T>(handler: impl Handles<T>) -> Plain {
    Plain(Arc::new(move |request, state| handler.answer(request, state)))
}

macro_rules! methods {
    ($($name:ident $method:ident),*) => {$(
        #[doc = concat!("A route for `", stringify!($method), "`.")]
        pub(crate) fn $name<T>(handler: impl Handles<T>) -> MethodRouter<AppState> {
            on(MethodFilter::$method, plain(handler))
        }
    )*};
}
methods!(get GET, post POST, put PUT, patch PATCH, delete DELETE);

/// A route for every method.
pub(crate) fn any<T>(handler: impl Handles<T>) -> MethodRouter<AppState> {
    axum::routing::any(plain(handler))
}
