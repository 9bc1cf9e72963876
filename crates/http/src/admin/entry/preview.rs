//! Drafts as readers would see them: beside the text, and by a signed address for others.

use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use smartcms_app::entries::find_preview;
use smartcms_domain::entries::{Entry, Slug};

use super::super::answer::{Answer, html};
use super::super::failure::AdminError;
use super::super::person::Person;
use super::super::visit::Visit;
use super::draft::Desk;
use crate::security_headers;
use crate::site;
use crate::state::AppState;

/// `GET …/preview`: the entry with what its author has not saved yet.
pub(in super::super) async fn preview(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Path((collection, id)): Path<(String, String)>,
) -> Answer {
    let desk = Desk::of(&state, visit, person, &collection, &id).await?;
    let draft = desk.draft().await?;
    let entry = desk.entry.ok_or(AdminError::NotFound)?;
    let slug = Slug::parse(&draft.slug).unwrap_or_else(|_| entry.slug.clone());
    shown(&state, Entry { fields: draft.fields, slug, ..entry }).await.ok_or(AdminError::NotFound)
}

/// `GET /preview/{token}`: the newest saved state, for whoever has the link.
pub(in super::super) async fn shared(
    State(state): State<AppState>,
    Path(token): Path<String>,
) -> Response {
    let found = match find_preview(&state.app, &token).await {
        Ok(Some(entry)) => shown(&state, entry).await,
        Ok(None) => None,
        Err(error) => return crate::problem::HttpProblem::from(error).into_response(),
    };
    found.unwrap_or_else(|| StatusCode::NOT_FOUND.into_response())
}

async fn shown(state: &AppState, entry: Entry) -> Option<Response> {
    let text = site::draft(state, entry).await?;
    let mut response = html(StatusCode::OK, text);
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    security_headers::add_to_preview(headers);
    Some(response)
}
