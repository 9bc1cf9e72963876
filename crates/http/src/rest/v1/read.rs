//! `GET /api/v1/content/{collection}/{id-or-slug}`: one entry.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use smartcms_app::App;
use smartcms_app::entries::{
    AskedEntry, ContentError, EntryKey, Shaped, View, entry_locale, get_shaped_entry, list_editing,
};
use smartcms_domain::actors::Actor;
use smartcms_domain::entries::{Editing, Entry};

use super::EntryPath;
use super::entry_body::{EntryBody, WithAssets, tag_of};
use super::selection::Selection;
use crate::caller::Caller;
use crate::preconditions::has_already;
use crate::problem::HttpProblem;
use crate::query::Parameters;
use crate::reply::{self, JSON};
use crate::segments::Segments;

const PARAMETERS: [&str; 5] = ["status", "locale", "fallback", "fields", "include"];

/// Reads one entry.
pub(crate) async fn read(
    State(app): State<App>,
    uri: Uri,
    Segments(path): Segments<EntryPath>,
    headers: HeaderMap,
    caller: Caller,
) -> Result<Response, HttpProblem> {
    let parameters = Parameters::parse(&uri, &PARAMETERS)?;
    let selection = Selection::parse(parameters.get("status"))?;
    let asked = asked(&app, &caller, &parameters, selection, path)?;
    let found = get_shaped_entry(&caller.context(&app), &asked).await;
    let found = found.and_then(|shaped| match selection.includes(&shaped.entry) {
        true => Ok(shaped),
        false => Err(unknown(&asked)),
    });
    let Shaped { entry, included } = found.map_err(|error| explained(&caller, selection, error))?;
    let editing = editing(&app, &caller, &entry, asked.view).await?;
    let public = caller.0 == Actor::Anonymous;
    let tag = is_tagged(&asked).then(|| tag_of(&entry, selection.state()));
    // Who is at the entry is told though its revision is the same.
    let is_alone = editing.as_ref().is_none_or(Vec::is_empty);
    if let Some(tag) = tag.as_ref().filter(|it| is_alone && has_already(&headers, it)) {
        return Ok(reply::not_modified(tag.clone(), public));
    }
    let body = EntryBody::new(&app, &entry, selection.state()).with_editing(editing.as_deref());
    let along = included.entries.as_deref().map(|it| EntryBody::of_included(&app, it));
    let body = WithAssets::new(&app, &caller, body.with_included(along), &included);
    let mut response = reply::json(StatusCode::OK, JSON, &body);
    match tag {
        Some(tag) => Ok(reply::tagged(response, tag, public)),
        None => {
            reply::set_caching(response.headers_mut(), public);
            Ok(response)
        }
    }
}

/// What a request asks for.
fn asked(
    app: &App,
    caller: &Caller,
    parameters: &Parameters,
    selection: Selection,
    path: EntryPath,
) -> Result<AskedEntry, HttpProblem> {
    let fallback = parameters.flag("fallback")?;
    let locale = entry_locale(&caller.context(app), parameters.get("locale"), fallback);
    let locale = locale.map_err(|it| caller.explain(it))?;
    let EntryPath { collection, key } = path;
    let (view, shape) = (selection.view(), parameters.shape());
    Ok(AskedEntry { collection, key, view, locale, shape })
}

/// Whether the revision tells one answer from the next: not where entries come along, which change without this one, and
/// not where another translation may answer, which has revisions of its own.
fn is_tagged(asked: &AskedEntry) -> bool {
    let is_exact = asked.locale.as_ref().is_none_or(|it| {
        !it.fallback && matches!(EntryKey::parse(&asked.key), Some(EntryKey::Slug(_)))
    });
    is_exact && asked.shape.include.is_empty()
}

/// Who else is at an entry; `None` for readers of what is public.
async fn editing(
    app: &App,
    caller: &Caller,
    entry: &Entry,
    view: View,
) -> Result<Option<Vec<Editing>>, HttpProblem> {
    if view == View::Published {
        return Ok(None);
    }
    let found = list_editing(&caller.context(app), entry.collection.as_str(), entry.id).await;
    found.map(Some).map_err(|it| caller.explain(it))
}

fn unknown(asked: &AskedEntry) -> ContentError {
    let AskedEntry { collection, key, .. } = asked.clone();
    ContentError::UnknownEntry { collection, key }
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
