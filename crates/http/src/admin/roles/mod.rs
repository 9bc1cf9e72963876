//! `/admin/roles`: what people and tokens may do.

mod change;
mod document;
mod form_page;
mod list;

use axum::Router;

use super::form::form_post;
use crate::routing::get;
use crate::state::AppState;

const URL: &str = "/admin/roles";

/// The routes of it. No role is called `new`: names of roles that are made here are checked by the operation, and the
/// form refuses that one.
pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/admin/roles", get(list::show))
        .route("/admin/roles/new", get(change::new).merge(form_post(change::make)))
        .route("/admin/roles/{name}", get(change::show).merge(form_post(change::change)))
}
