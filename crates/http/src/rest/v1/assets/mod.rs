//! `/api/v1/assets`: uploaded files. One file for each operation.

pub(super) mod body;
pub(crate) mod cursor;
mod delete;
mod list;
mod parts;
mod read;
mod update;
mod upload;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use smartcms_app::assets::AssetError;
use smartcms_domain::actors::Actor;

use crate::caller::Caller;
use crate::problem::HttpProblem;
use crate::routing::{delete, get, patch, post};
use crate::state::AppState;

/// The routes below `/api/v1/assets`.
pub(crate) fn router() -> Router<AppState> {
    Router::new()
        .route("/api/v1/assets", get(list::list).merge(post(upload::upload)))
        .route(
            "/api/v1/assets/{id}",
            get(read::read).merge(patch(update::update)).merge(delete(delete::delete)),
        )
        // Bodies are counted where they are read: files by `media.upload_bytes_max`, the rest as everywhere.
        .layer(DefaultBodyLimit::disable())
}

/// What the caller hears of an error.
fn explain(caller: &Caller, error: AssetError) -> HttpProblem {
    match error {
        AssetError::Denied(denied) if caller.0 == Actor::Anonymous => {
            HttpProblem::credentials_missing(denied.to_string())
        }
        other => HttpProblem::from(other),
    }
}
