//! `GET /api/v1/content/{collection}/{id-or-slug}`: one entry.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use smartcms_app::App;
use smartcms_app::entries::{ContentError, get_entry};
use smartcms_domain::actors::Actor;

use super::EntryPath;
use super::entry_body::{EntryBody, tag_of};
use super::selection::Selection;
use crate::caller::Caller;
use crate::preconditions::has_already;
use crate::problem::HttpProblem;
use crate::query::Parameters;
use crate::reply::{self, JSON};
use crate::segments::Segments;

/// Reads one entry.
pub(crate) async fn read(
    State(app): State<App>,
    uri: Uri,
    Segments(path): Segments<EntryPath>,
    headers: HeaderMap,
    caller: Caller,
) -> Result<Response, HttpProblem> {
    let parameters = Parameters::parse(&uri, &["status"])?;
    let selection = Selection::parse(parameters.get("status"))?;
    let ctx = caller.context(&app);
    let found = get_entry(&ctx, &path.collection, &path.key, selection.view()).await;
    let found = found.and_then(|entry| {
        if selection.includes(&entry) {
            return Ok(entry);
        }
        Err(ContentError::UnknownEntry { collection: path.collection, key: path.key })
    });
    let entry = found.map_err(|error| explained(&caller, selection, error))?;
    let tag = tag_of(&entry, selection.state());
    let public = caller.0 == Actor::Anonymous;
    if has_already(&headers, &tag) {
        return Ok(reply::not_modified(tag, public));
    }
    let body = EntryBody::new(&app, &entry, selection.state());
    Ok(reply::tagged(reply::json(StatusCode::OK, JSON, &body), tag, public))
}

fn explained(caller: &Caller, selection: Selection, error: ContentError) -> HttpProblem {
    let hidden =
        selection == Selection::Published && matches!(error, ContentError::UnknownEntry { .. });
    let problem = caller.explain(error);
    if hidden {
        problem.with_hint("only published entries are here; `?status=any` shows the others")
    } else {
        problem
    }
}
