//! `/api/v1/tokens`: credentials of programs.

mod body;
mod change;
mod read;

use axum::Router;
use axum::routing::get;

use crate::state::AppState;

/// The routes below `/api/v1/tokens`.
pub(crate) fn router() -> Router<AppState> {
    Router::new()
        .route("/api/v1/tokens", get(read::list).post(change::create))
        .route("/api/v1/tokens/{name}", get(read::read).delete(change::remove))
}
