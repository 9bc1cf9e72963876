//! `/api/v1/roles`: what people and tokens may do.

mod body;
mod change;
mod read;

use axum::Router;
use axum::routing::get;

use crate::state::AppState;

/// The routes below `/api/v1/roles`.
pub(crate) fn router() -> Router<AppState> {
    Router::new()
        .route("/api/v1/roles", get(read::list))
        .route("/api/v1/roles/{name}", get(read::read).put(change::save).delete(change::remove))
}
