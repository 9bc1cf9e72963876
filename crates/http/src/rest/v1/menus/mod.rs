//! `/api/v1/menus`: named lists of links.

mod body;
mod change;
mod read;

use axum::Router;

use crate::routing::{delete, get, put};
use crate::state::AppState;

/// The routes below `/api/v1/menus`.
pub(crate) fn router() -> Router<AppState> {
    Router::new().route("/api/v1/menus", get(read::list)).route(
        "/api/v1/menus/{name}",
        get(read::read).merge(put(change::save)).merge(delete(change::remove)),
    )
}
