//! `/api/v1/tokens`: credentials of programs.

mod body;
mod change;
mod read;

use axum::Router;

use crate::routing::{delete, get, post};
use crate::state::AppState;

/// The routes below `/api/v1/tokens`.
pub(crate) fn router() -> Router<AppState> {
    Router::new()
        .route("/api/v1/tokens", get(read::list).merge(post(change::create)))
        .route("/api/v1/tokens/{name}", get(read::read).merge(delete(change::remove)))
}
