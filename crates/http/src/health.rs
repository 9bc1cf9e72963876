//! Whether the process lives, and whether it should be sent requests.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use smartcms_app::App;

use crate::problem::HttpProblem;
use crate::reply::{self, JSON};

/// Whether the process takes requests. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Readiness {
    stopping: Arc<AtomicBool>,
}

#[derive(Serialize)]
struct Health {
    status: &'static str,
}

impl Readiness {
    /// From now on `/readyz` says no, so that nobody sends new requests. Those that come are still answered.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::SeqCst);
    }

    fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }
}

/// `GET /healthz`: the process lives.
pub(crate) async fn live() -> Response {
    answer("ok")
}

/// `GET /readyz`: the store answers, and the process is not on its way out.
pub(crate) async fn ready(State(app): State<App>, State(readiness): State<Readiness>) -> Response {
    if readiness.is_stopping() {
        return HttpProblem::not_ready("the server is stopping").into_response();
    }
    match app.outbox.newest().await {
        Ok(_) => answer("ready"),
        Err(error) => {
            tracing::warn!(
                cause = smartcms_domain::with_causes(&error),
                "the store does not answer"
            );
            HttpProblem::not_ready("the store does not answer").into_response()
        }
    }
}

/// The answer to every request while a site could not be opened; why is in the log.
pub fn not_started() -> Response {
    HttpProblem::not_ready("the site does not start").into_response()
}

fn answer(status: &'static str) -> Response {
    let mut response = reply::json(StatusCode::OK, JSON, &Health { status });
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
