//! Version 1: `/api/v1`. One file for each operation; what an entry looks like is in `entry_body.rs`.

pub(crate) mod ai;
mod ask;
mod assets;
mod audit;
mod autosave;
mod batch;
mod change;
mod collections;
mod create;
mod entry_body;
mod list;
mod menus;
mod openapi;
mod read;
mod redirects;
mod revision_diff;
mod revisions;
mod roles;
mod search;
mod selection;
mod tokens;
mod update;
mod users;
mod webhooks;

use axum::Router;
use serde::Deserialize;

use crate::routing::{delete, get, patch, post, put};
use crate::state::AppState;

pub(crate) use assets::cursor as asset_cursor;
pub(crate) use collections::plan_document;

/// The routes below `/api/v1`.
pub(crate) fn router() -> Router<AppState> {
    Router::new()
        .merge(openapi::router())
        .merge(webhooks::router())
        .merge(assets::router())
        .merge(redirects::router())
        .merge(menus::router())
        .merge(collections::router())
        .merge(roles::router())
        .merge(tokens::router())
        .merge(users::router())
        .merge(audit::router())
        .merge(ai::router())
        .route("/api/v1/search", get(search::search))
        .route("/api/v1/ask", post(ask::ask))
        .route("/api/v1/batch", post(batch::batch))
        .route("/api/v1/content/{collection}", get(list::list).merge(post(create::create)))
        .route(
            "/api/v1/content/{collection}/{key}",
            get(read::read).merge(patch(update::update)).merge(delete(change::trash)),
        )
        .route(
            "/api/v1/content/{collection}/{key}/autosave",
            get(autosave::read).merge(put(autosave::keep)).merge(delete(autosave::discard)),
        )
        .route("/api/v1/content/{collection}/{key}/publish", post(change::publish))
        .route("/api/v1/content/{collection}/{key}/unpublish", post(change::unpublish))
        .route("/api/v1/content/{collection}/{key}/schedule", post(change::schedule))
        .route("/api/v1/content/{collection}/{key}/archive", post(change::archive))
        .route("/api/v1/content/{collection}/{key}/purge", post(change::purge))
        .route("/api/v1/content/{collection}/{key}/restore", post(change::restore))
        .route("/api/v1/content/{collection}/{key}/revisions", get(revisions::list))
        .route("/api/v1/content/{collection}/{key}/revisions/{number}", get(revisions::read))
        .route(
            "/api/v1/content/{collection}/{key}/revisions/{number}/diff/{other}",
            get(revision_diff::read),
        )
}

/// The parts of an entry's path.
#[derive(Deserialize)]
pub(crate) struct EntryPath {
    pub(crate) collection: String,
    /// An id or a slug.
    pub(crate) key: String,
}
