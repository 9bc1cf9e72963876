//! `/api/v1/redirects`: where addresses lead at which nothing is any more.

mod body;
mod change;
mod read;

use axum::Router;

use crate::routing::{delete, get, patch, post};
use crate::state::AppState;

/// The routes below `/api/v1/redirects`.
pub(crate) fn router() -> Router<AppState> {
    Router::new()
        .route("/api/v1/redirects", get(read::list).merge(post(change::create)))
        .route("/api/v1/redirects/import", post(change::import))
        .route(
            "/api/v1/redirects/{id}",
            get(read::read).merge(patch(change::update)).merge(delete(change::remove)),
        )
}
