//! `/api/v1/users`: who may work on the site.

mod body;
mod change;
mod read;

use axum::Router;
use smartcms_app::people::PeopleError;
use smartcms_domain::actors::UserId;

use crate::problem::HttpProblem;
use crate::routing::{get, patch};
use crate::state::AppState;

/// The routes below `/api/v1/users`.
pub(crate) fn router() -> Router<AppState> {
    Router::new()
        .route("/api/v1/users", get(read::list))
        .route("/api/v1/users/{id}", get(read::read).merge(patch(change::update)))
}

/// A text that is no id names nobody.
fn id_of(text: &str) -> Result<UserId, HttpProblem> {
    let unknown = |_| HttpProblem::from(PeopleError::UnknownUser(text.to_owned()));
    UserId::parse(text).map_err(unknown)
}
