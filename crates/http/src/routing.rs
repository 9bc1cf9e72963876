//! Routes whose types say nothing of what their handlers take. The router's own code, which is generic over handlers, is
//! there once, and not for each of some 220: that is a good part of a small executable.

use std::pin::Pin;
use std::sync::Arc;

use axum::extract::Request;
use axum::handler::Handler;
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, on};

use crate::state::AppState;

/// What handlers give the router.
pub(crate) type Answered = Pin<Box<dyn Future<Output = Response> + Send>>;

/// A handler behind a pointer.
#[derive(Clone)]
struct Plain(Arc<dyn Fn(Request, AppState) -> Answered + Send + Sync>);

impl Handler<(), AppState> for Plain {
    type Future = Answered;

    fn call(self, request: Request, state: AppState) -> Answered {
        (self.0)(request, state)
    }
}

fn plain<H, T>(handler: H) -> Plain
where
    H: Handler<T, AppState, Future = Answered>,
    T: 'static,
{
    Plain(Arc::new(move |request, state| handler.clone().call(request, state)))
}

macro_rules! methods {
    ($($name:ident $method:ident),*) => {$(
        #[doc = concat!("A route for `", stringify!($method), "`.")]
        pub(crate) fn $name<H, T>(handler: H) -> MethodRouter<AppState>
        where
            H: Handler<T, AppState, Future = Answered>,
            T: 'static,
        {
            on(MethodFilter::$method, plain(handler))
        }
    )*};
}
methods!(get GET, post POST, put PUT, patch PATCH, delete DELETE);

/// A route for every method.
pub(crate) fn any<H, T>(handler: H) -> MethodRouter<AppState>
where
    H: Handler<T, AppState, Future = Answered>,
    T: 'static,
{
    axum::routing::any(plain(handler))
}
