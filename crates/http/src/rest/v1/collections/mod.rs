//! `/api/v1/collections`: the types of content, their fields, and how they change.

mod body;
mod change;
mod read;

use axum::Router;

use crate::routing::{delete, get, post, put};
use crate::state::AppState;

pub(crate) use body::plan as plan_document;

/// The routes of collections.
pub(crate) fn router() -> Router<AppState> {
    Router::new().route("/api/v1/collections", get(read::list).merge(post(change::create))).route(
        "/api/v1/collections/{name}",
        get(read::read).merge(put(change::replace)).merge(delete(change::remove)),
    )
}
