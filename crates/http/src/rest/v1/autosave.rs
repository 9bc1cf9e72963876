//! `…/{id-or-slug}/autosave`: what the caller is writing and has not saved yet.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use smartcms_app::App;
use smartcms_app::entries::{
    KeepWorkingCopy, WorkingCopyState, discard_working_copy, get_working_copy, keep_working_copy,
};
use smartcms_domain::entries::{Editing, Fields, Revision};

use super::EntryPath;
use super::change::resolved;
use crate::body::{read_object, read_optional_object};
use crate::caller::Caller;
use crate::problem::HttpProblem;
use crate::query::Parameters;
use crate::reply::{self, JSON};
use crate::segments::Segments;

/// A working copy.
#[derive(Serialize)]
struct WorkingCopyBody<'a> {
    author: &'a str,
    /// The revision that the author began with.
    based_on: u64,
    /// The newest revision of the entry.
    revision: u64,
    /// Whether a save from it would be a conflict.
    stale: bool,
    slug: Option<&'a str>,
    fields: &'a Fields,
    since: String,
    updated_at: String,
    editing: Vec<EditingBody<'a>>,
}

/// Somebody who is at an entry now.
#[derive(Serialize)]
pub(crate) struct EditingBody<'a> {
    author: &'a str,
    since: String,
    updated_at: String,
}

impl<'a> EditingBody<'a> {
    /// Those who are at an entry.
    pub(crate) fn of(editing: &'a [Editing]) -> Vec<Self> {
        let body = |it: &'a Editing| Self {
            author: &it.author,
            since: it.since.to_string(),
            updated_at: it.updated_at.to_string(),
        };
        editing.iter().map(body).collect()
    }
}

/// Keeps what is being written: `{"based_on": n, "fields"?: {…}, "slug"?}`.
pub(crate) async fn keep(
    State(app): State<App>,
    uri: Uri,
    Segments(path): Segments<EntryPath>,
    headers: HeaderMap,
    caller: Caller,
    body: Body,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    Parameters::refuse_all(&uri)?;
    let mut members = read_object(&headers, body).await?;
    let based_on = members.number("based_on");
    let slug = members.text("slug");
    let fields = members.fields("fields").unwrap_or_default();
    if based_on.is_none() {
        members.missing("based_on");
    }
    members.finish()?;
    let change = resolved(&app, &caller, path, None).await?;
    let based_on = Revision::new(based_on.unwrap_or_default());
    let command =
        KeepWorkingCopy { collection: change.collection, id: change.id, based_on, slug, fields };
    let kept = keep_working_copy(&caller.context(&app), command).await;
    Ok(answered(&kept.map_err(|it| caller.explain(it))?))
}

/// Reads it back.
pub(crate) async fn read(
    State(app): State<App>,
    uri: Uri,
    Segments(path): Segments<EntryPath>,
    caller: Caller,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    Parameters::refuse_all(&uri)?;
    let change = resolved(&app, &caller, path, None).await?;
    let ctx = caller.context(&app);
    let found = get_working_copy(&ctx, &change.collection, change.id).await;
    Ok(answered(&found.map_err(|it| caller.explain(it))?))
}

/// Takes it away; it is no mistake when there is none.
pub(crate) async fn discard(
    State(app): State<App>,
    uri: Uri,
    Segments(path): Segments<EntryPath>,
    headers: HeaderMap,
    caller: Caller,
    body: Body,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    Parameters::refuse_all(&uri)?;
    read_optional_object(&headers, body).await?.finish()?;
    let change = resolved(&app, &caller, path, None).await?;
    let ctx = caller.context(&app);
    let gone = discard_working_copy(&ctx, &change.collection, change.id).await;
    gone.map_err(|it| caller.explain(it))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn answered(state: &WorkingCopyState) -> Response {
    let copy = &state.copy;
    let body = WorkingCopyBody {
        author: &copy.author,
        based_on: copy.based_on.number(),
        revision: state.revision.number(),
        stale: state.is_stale(),
        slug: copy.slug.as_deref(),
        fields: &copy.fields,
        since: copy.since.to_string(),
        updated_at: copy.updated_at.to_string(),
        editing: EditingBody::of(&state.editing),
    };
    let mut response = reply::json(StatusCode::OK, JSON, &body);
    reply::set_caching(response.headers_mut(), false);
    response
}
