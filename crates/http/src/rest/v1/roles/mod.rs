//! `/api/v1/roles`: what people and tokens may do.

mod body;
mod change;
mod read;

use axum::Router;

use crate::routing::{delete, get, put};
use crate::state::AppState;

/// The routes below `/api/v1/roles`.
pub(crate) fn router() -> Router<AppState> {
    Router::new().route("/api/v1/roles", get(read::list)).route(
        "/api/v1/roles/{name}",
        get(read::read).merge(put(change::save)).merge(delete(change::remove)),
    )
}
