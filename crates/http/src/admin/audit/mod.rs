//! `/admin/audit`: who did what, for those who may know.

mod export;
mod filter;
mod show;

use axum::Router;

use super::form::form_post;
use crate::routing::get;
use crate::state::AppState;

const URL: &str = "/admin/audit";

/// The routes of it. An export is a form: it is recorded, so no link of another site may begin one.
pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/admin/audit", get(show::show))
        .route("/admin/audit/export", form_post(export::export))
}
