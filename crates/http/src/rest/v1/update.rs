//! `PATCH /api/v1/content/{collection}/{id-or-slug}`: a new revision.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use smartcms_app::App;
use smartcms_app::assist::take_suggestions;
use smartcms_app::entries::{UpdateEntry, update_entry};

use super::EntryPath;
use super::change::{explained, resolved};
use super::entry_body::changed;
use crate::body::read_object;
use crate::caller::Caller;
use crate::preconditions::required_match;
use crate::problem::HttpProblem;
use crate::query::Parameters;
use crate::segments::Segments;

/// Changes what is named and leaves the rest: `{"fields"?: {…}, "slug"?, "message"?, "suggestions"?}`; null takes a field
/// away.
pub(crate) async fn update(
    State(app): State<App>,
    uri: Uri,
    Segments(path): Segments<EntryPath>,
    headers: HeaderMap,
    caller: Caller,
    body: Body,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    Parameters::refuse_all(&uri)?;
    let seen = required_match(&headers)?;
    let mut members = read_object(&headers, body).await?;
    let slug = members.text("slug");
    let fields = members.fields("fields").unwrap_or_default();
    let message = members.text("message");
    let suggestions = members.texts("suggestions").unwrap_or_default();
    members.finish()?;
    let change = resolved(&app, &caller, path, seen).await?;
    let command = UpdateEntry { change: change.clone(), slug, fields, message };
    let help = take_suggestions(&caller.context(&app), &suggestions).await?;
    match update_entry(&caller.context(&app).with_help(&help), command).await {
        Ok(entry) => Ok(changed(&app, StatusCode::OK, &entry)),
        Err(error) => Err(explained(&app, &caller, &change, error).await),
    }
}
