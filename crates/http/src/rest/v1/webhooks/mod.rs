//! `/api/v1/webhooks`: who outside hears of events, and what became of each message.

mod body;
mod change;
mod deliveries;
mod read;

use axum::Router;

use crate::routing::{delete, get, patch, post};
use crate::state::AppState;

/// The routes below `/api/v1/webhooks`.
pub(crate) fn router() -> Router<AppState> {
    Router::new()
        .route("/api/v1/webhooks", get(read::list).merge(post(change::create)))
        .route(
            "/api/v1/webhooks/{id}",
            get(read::read).merge(patch(change::update)).merge(delete(change::remove)),
        )
        .route("/api/v1/webhooks/{id}/rotate-secret", post(change::rotate))
        .route("/api/v1/webhooks/{id}/test", post(deliveries::test))
        .route("/api/v1/webhooks/{id}/deliveries", get(deliveries::list))
        .route("/api/v1/webhooks/{id}/deliveries/{delivery}/resend", post(deliveries::resend))
}
