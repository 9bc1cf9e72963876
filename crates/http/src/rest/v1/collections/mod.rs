//! `/api/v1/collections`: the types of content, their fields, and how they change.

mod body;
mod change;
mod read;

use axum::Router;
use axum::routing::get;

use crate::state::AppState;

pub(crate) use body::plan as plan_document;

/// The routes of collections.
pub(crate) fn router() -> Router<AppState> {
    Router::new().route("/api/v1/collections", get(read::list).post(change::create)).route(
        "/api/v1/collections/{name}",
        get(read::read).put(change::replace).delete(change::remove),
    )
}
