//! `GET /api/v1/content/{collection}/{id-or-slug}`: one entry.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use smartcms_app::App;
use smartcms_app::entries::{ContentError, Shaped, View, get_shaped_entry, list_editing};
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
    let parameters = Parameters::parse(&uri, &["status", "fields", "include"])?;
    let selection = Selection::parse(parameters.get("status"))?;
    let ctx = caller.context(&app);
    let shape = parameters.shape();
    let view = selection.view();
    let found = get_shaped_entry(&ctx, &path.collection, &path.key, view, &shape).await;
    let found = found.and_then(|shaped| {
        if selection.includes(&shaped.entry) {
            return Ok(shaped);
        }
        Err(ContentError::UnknownEntry { collection: path.collection, key: path.key })
    });
    let Shaped { entry, included } = found.map_err(|error| explained(&caller, selection, error))?;
    let tag = tag_of(&entry, selection.state());
    let public = caller.0 == Actor::Anonymous;
    let editing = match view {
        View::Published => None,
        View::Newest => {
            let editing = list_editing(&ctx, entry.collection.as_str(), entry.id).await;
            Some(editing.map_err(|it| caller.explain(it))?)
        }
    };
    if !shape.include.is_empty() {
        // What comes along changes without the entry: its revision is no tag of this answer.
        let body = EntryBody::new(&app, &entry, selection.state());
        let body = body.with_editing(editing.as_deref());
        let body = body.with_included(EntryBody::of_included(&app, &included));
        let mut response = reply::json(StatusCode::OK, JSON, &body);
        reply::set_caching(response.headers_mut(), public);
        return Ok(response);
    }
    // Who is at the entry is told though its revision is the same.
    if has_already(&headers, &tag) && editing.as_ref().is_none_or(Vec::is_empty) {
        return Ok(reply::not_modified(tag, public));
    }
    let body = EntryBody::new(&app, &entry, selection.state());
    let body = body.with_editing(editing.as_deref());
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
