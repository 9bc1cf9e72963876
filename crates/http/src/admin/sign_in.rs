//! Signing in and out.

use axum::Router;
use axum::http::HeaderMap;

use super::person::Person;
use crate::state::AppState;

/// The routes of those who have not signed in.
pub(super) fn router() -> Router<AppState> {
    Router::new()
}

/// Who sent a request.
pub(super) async fn person_of(_state: &AppState, _headers: &HeaderMap) -> Option<Person> {
    None
}
