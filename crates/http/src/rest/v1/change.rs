//! Steps in an entry's life: `DELETE …/{id-or-slug}`, and `POST` to `publish`, `unpublish` and `restore` below it.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use smartcms_app::App;
use smartcms_app::entries::{
    ChangeEntry, ContentError, EntryKey, RestoreRevision, ScheduleEntry, View, archive_entry,
    get_entry, publish_entry, purge_entry, restore_entry, restore_revision, schedule_entry,
    trash_entry, unpublish_entry,
};
use smartcms_domain::entries::{Entry, Revision, Schedule};

use super::EntryPath;
use super::entry_body::changed;
use crate::body::read_optional_object;
use crate::caller::Caller;
use crate::preconditions::{optional_match, required_match};
use crate::problem::HttpProblem;
use crate::query::Parameters;
use crate::segments::Segments;

/// Puts an entry in the trash.
pub(crate) async fn trash(
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
    read_optional_object(&headers, body).await?.finish()?;
    let change = resolved(&app, &caller, path, seen).await?;
    let outcome = trash_entry(&caller.context(&app), change.clone()).await;
    answered(&app, &caller, &change, outcome).await
}

/// Makes the newest state public.
pub(crate) async fn publish(
    State(app): State<App>,
    uri: Uri,
    Segments(path): Segments<EntryPath>,
    headers: HeaderMap,
    caller: Caller,
    body: Body,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    Parameters::refuse_all(&uri)?;
    let seen = optional_match(&headers)?;
    read_optional_object(&headers, body).await?.finish()?;
    let change = resolved(&app, &caller, path, seen).await?;
    let outcome = publish_entry(&caller.context(&app), change.clone()).await;
    answered(&app, &caller, &change, outcome).await
}

/// Takes an entry off the site.
pub(crate) async fn unpublish(
    State(app): State<App>,
    uri: Uri,
    Segments(path): Segments<EntryPath>,
    headers: HeaderMap,
    caller: Caller,
    body: Body,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    Parameters::refuse_all(&uri)?;
    let seen = optional_match(&headers)?;
    read_optional_object(&headers, body).await?.finish()?;
    let change = resolved(&app, &caller, path, seen).await?;
    let outcome = unpublish_entry(&caller.context(&app), change.clone()).await;
    answered(&app, &caller, &change, outcome).await
}

/// Sets when the entry is published and unpublished by itself: `{"publish_at": …, "unpublish_at": …}`. What is not named
/// is taken back.
pub(crate) async fn schedule(
    State(app): State<App>,
    uri: Uri,
    Segments(path): Segments<EntryPath>,
    headers: HeaderMap,
    caller: Caller,
    body: Body,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    Parameters::refuse_all(&uri)?;
    let seen = optional_match(&headers)?;
    let mut members = read_optional_object(&headers, body).await?;
    let schedule = Schedule {
        publish_at: members.time("publish_at"),
        unpublish_at: members.time("unpublish_at"),
    };
    members.finish()?;
    let change = resolved(&app, &caller, path, seen).await?;
    let command = ScheduleEntry { change: change.clone(), schedule };
    let outcome = schedule_entry(&caller.context(&app), command).await;
    answered(&app, &caller, &change, outcome).await
}

/// Puts the entry in the archive.
pub(crate) async fn archive(
    State(app): State<App>,
    uri: Uri,
    Segments(path): Segments<EntryPath>,
    headers: HeaderMap,
    caller: Caller,
    body: Body,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    Parameters::refuse_all(&uri)?;
    let seen = optional_match(&headers)?;
    read_optional_object(&headers, body).await?.finish()?;
    let change = resolved(&app, &caller, path, seen).await?;
    let outcome = archive_entry(&caller.context(&app), change.clone()).await;
    answered(&app, &caller, &change, outcome).await
}

/// Deletes an entry in the trash for good. Its id names it: slugs in the trash belong to nobody.
pub(crate) async fn purge(
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
    read_optional_object(&headers, body).await?.finish()?;
    let change = resolved(&app, &caller, path, seen).await?;
    match purge_entry(&caller.context(&app), change.clone()).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(error) => Err(explained(&app, &caller, &change, error).await),
    }
}

/// Without a body, takes an entry out of the trash; with `{"revision": n}`, brings that state back.
pub(crate) async fn restore(
    State(app): State<App>,
    uri: Uri,
    Segments(path): Segments<EntryPath>,
    headers: HeaderMap,
    caller: Caller,
    body: Body,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    Parameters::refuse_all(&uri)?;
    let seen = optional_match(&headers)?;
    let mut members = read_optional_object(&headers, body).await?;
    let revision = members.number("revision");
    members.finish()?;
    let change = resolved(&app, &caller, path, seen).await?;
    let ctx = caller.context(&app);
    let outcome = match revision.map(Revision::new) {
        None => restore_entry(&ctx, change.clone()).await,
        Some(revision) => {
            restore_revision(&ctx, RestoreRevision { change: change.clone(), revision }).await
        }
    };
    answered(&app, &caller, &change, outcome).await
}

/// The change of the entry that a path names. A slug is looked up among the newest states.
pub(crate) async fn resolved(
    app: &App,
    caller: &Caller,
    path: EntryPath,
    seen: Option<Revision>,
) -> Result<ChangeEntry, HttpProblem> {
    let EntryPath { collection, key } = path;
    if let Some(EntryKey::Id(id)) = EntryKey::parse(&key) {
        return Ok(ChangeEntry { collection, id, seen });
    }
    let found = get_entry(&caller.context(app), &collection, &key, View::Newest).await;
    let id = found.map_err(|it| caller.explain(it))?.id;
    Ok(ChangeEntry { collection, id, seen })
}

/// What the client hears of a change that did not happen. One that was overtaken hears by which revision.
pub(crate) async fn explained(
    app: &App,
    caller: &Caller,
    change: &ChangeEntry,
    error: ContentError,
) -> HttpProblem {
    let problem = caller.explain(error);
    if !problem.lacks_revision() {
        return problem;
    }
    let id = change.id.to_string();
    let found = get_entry(&caller.context(app), &change.collection, &id, View::Newest).await;
    match found {
        Ok(entry) => problem.with_revision(entry.revision.number()),
        Err(_) => problem,
    }
}

async fn answered(
    app: &App,
    caller: &Caller,
    change: &ChangeEntry,
    outcome: Result<Entry, ContentError>,
) -> Result<Response, HttpProblem> {
    match outcome {
        Ok(entry) => Ok(changed(app, StatusCode::OK, &entry)),
        Err(error) => Err(explained(app, caller, change, error).await),
    }
}
