//! Doing the operations of a batch.

use axum::http::StatusCode;
use serde_json::Value;
use smartcms_app::App;
use smartcms_app::entries::{
    Batch, ChangeEntry, ContentError, CreateEntry, RestoreRevision, ScheduleEntry, UpdateEntry,
    archive_entry, create_entry, create_entry_with_id, get_entry, publish_entry, purge_entry,
    restore_entry, restore_revision, schedule_entry, trash_entry, unpublish_entry, update_entry,
};
use smartcms_domain::entries::Entry;

use super::ResultBody;
use super::step::{Change, NewEntry, Seen, Step, What};
use crate::caller::Caller;
use crate::problem::HttpProblem;
use crate::rest::v1::EntryPath;
use crate::rest::v1::change::{explained, resolved};
use crate::rest::v1::entry_body::{EntryBody, State};
use crate::rest::v1::selection::Selection;

/// What became of a batch that nothing was wrong with.
pub(super) enum Outcome {
    Done(Vec<ResultBody>),
    /// What it read changed while it was done.
    Overtaken(HttpProblem),
}

/// Does all operations, or none.
pub(super) async fn run(
    app: &App,
    caller: &Caller,
    steps: &[Step],
) -> Result<Outcome, HttpProblem> {
    let batch = Batch::new(app);
    let mut results = Vec::with_capacity(steps.len());
    for (at, step) in steps.iter().enumerate() {
        batch.begin(at);
        let result = done(&batch, caller, step).await;
        results.push(result.map_err(|problem| problem.at_operation(at))?);
    }
    match batch.commit(&caller.context(app)).await {
        Ok(()) => Ok(Outcome::Done(results)),
        Err(error) => {
            let again = error.is_of_reading();
            let problem = caller.explain(error.error);
            match error.operation {
                Some(at) => Err(problem.at_operation(at)),
                None if again => Ok(Outcome::Overtaken(problem)),
                None => Err(problem),
            }
        }
    }
}

async fn done(batch: &Batch, caller: &Caller, step: &Step) -> Result<ResultBody, HttpProblem> {
    match &step.what {
        What::Create(new) => {
            let entry = create(batch.app(), caller, &step.collection, new).await;
            let entry = entry.map_err(|it| caller.explain(it))?;
            Ok(shown(batch.app(), StatusCode::CREATED, &entry, State::Newest))
        }
        What::Read { key, selection } => {
            let entry = read(batch, caller, &step.collection, key, *selection).await;
            let entry = entry.map_err(|it| caller.explain(it))?;
            batch.shown(&entry);
            Ok(shown(batch.app(), StatusCode::OK, &entry, selection.state()))
        }
        What::Change { key, seen, change } => {
            let path = EntryPath { collection: step.collection.clone(), key: key.clone() };
            changed(batch.app(), caller, path, *seen, change).await
        }
    }
}

async fn create(
    app: &App,
    caller: &Caller,
    collection: &str,
    new: &NewEntry,
) -> Result<Entry, ContentError> {
    let command = CreateEntry {
        collection: collection.to_owned(),
        locale: new.locale.clone(),
        translation_of: new.translation_of,
        slug: new.slug.clone(),
        fields: new.fields.clone(),
        message: new.message.clone(),
    };
    let ctx = caller.context(app);
    match new.id {
        Some(id) => create_entry_with_id(&ctx, id, command).await,
        None => create_entry(&ctx, command).await,
    }
}

async fn read(
    batch: &Batch,
    caller: &Caller,
    collection: &str,
    key: &str,
    selection: Selection,
) -> Result<Entry, ContentError> {
    let ctx = caller.context(batch.app());
    let entry = get_entry(&ctx, collection, key, selection.view()).await?;
    if selection.includes(&entry) {
        return Ok(entry);
    }
    Err(ContentError::UnknownEntry { collection: collection.to_owned(), key: key.to_owned() })
}

async fn changed(
    app: &App,
    caller: &Caller,
    path: EntryPath,
    seen: Seen,
    change: &Change,
) -> Result<ResultBody, HttpProblem> {
    let careful = matches!(change, Change::Update { .. } | Change::Delete | Change::Purge);
    let seen = match seen {
        Seen::Unsaid if careful => return Err(HttpProblem::if_match_missing_in_batch()),
        Seen::Unsaid | Seen::Any => None,
        Seen::Revision(revision) => Some(revision),
    };
    let command = resolved(app, caller, path, seen).await?;
    match apply(app, caller, command.clone(), change).await {
        Ok(Some(entry)) => Ok(shown(app, StatusCode::OK, &entry, State::Newest)),
        Ok(None) => Ok(ResultBody { status: StatusCode::NO_CONTENT.as_u16(), entry: Value::Null }),
        Err(error) => Err(explained(app, caller, &command, error).await),
    }
}

async fn apply(
    app: &App,
    caller: &Caller,
    command: ChangeEntry,
    change: &Change,
) -> Result<Option<Entry>, ContentError> {
    let ctx = caller.context(app);
    let entry = match change {
        Change::Update { slug, fields, message } => {
            let (slug, fields, message) = (slug.clone(), fields.clone(), message.clone());
            update_entry(&ctx, UpdateEntry { change: command, slug, fields, message }).await?
        }
        Change::Publish => publish_entry(&ctx, command).await?,
        Change::Unpublish => unpublish_entry(&ctx, command).await?,
        Change::Archive => archive_entry(&ctx, command).await?,
        Change::Schedule(schedule) => {
            schedule_entry(&ctx, ScheduleEntry { change: command, schedule: *schedule }).await?
        }
        Change::Delete => trash_entry(&ctx, command).await?,
        Change::Restore(None) => restore_entry(&ctx, command).await?,
        Change::Restore(Some(revision)) => {
            let revision = *revision;
            restore_revision(&ctx, RestoreRevision { change: command, revision }).await?
        }
        Change::Purge => {
            purge_entry(&ctx, command).await?;
            return Ok(None);
        }
    };
    Ok(Some(entry))
}

fn shown(app: &App, status: StatusCode, entry: &Entry, state: State) -> ResultBody {
    let entry = serde_json::to_value(EntryBody::new(app, entry, state));
    ResultBody { status: status.as_u16(), entry: entry.unwrap_or_default() }
}
