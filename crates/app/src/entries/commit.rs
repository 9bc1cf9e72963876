//! The one place where changes of entries are stored.

use smartcms_domain::Problem;
use smartcms_domain::collections::CollectionDefinition;
use smartcms_domain::entries::{Entry, EntryId, Revision, RevisionRecord};
use smartcms_domain::events::{Event, EventKind};

use super::error::ContentError;
use super::{ChangeEntry, MESSAGE_LEN_MAX};
use crate::OpContext;
use crate::ports::{EntryWrite, WriteError};

/// The definition of a collection.
pub(super) fn definition<'a>(
    ctx: &OpContext<'a>,
    collection: &str,
) -> Result<&'a CollectionDefinition, ContentError> {
    let found = ctx.app.collections.find(collection);
    found.ok_or_else(|| ContentError::UnknownCollection(collection.to_owned()))
}

/// The entry to change, in the state that the author saw.
pub(super) async fn find_seen(
    ctx: &OpContext<'_>,
    command: &ChangeEntry,
) -> Result<Entry, ContentError> {
    let entry = find(ctx, &command.collection, command.id).await?;
    entry.require_seen(command.seen)?;
    Ok(entry)
}

/// An entry of a collection by its id.
pub(super) async fn find(
    ctx: &OpContext<'_>,
    collection: &str,
    id: EntryId,
) -> Result<Entry, ContentError> {
    let found = ctx.app.entries.find(id).await?;
    let found = found.filter(|it| it.collection.as_str() == collection);
    found.ok_or_else(|| ContentError::UnknownEntry {
        collection: collection.to_owned(),
        key: id.to_string(),
    })
}

/// Checks what the author said about a change.
pub(super) fn checked_message(message: Option<String>) -> Result<Option<String>, ContentError> {
    match message {
        Some(text) if text.chars().count() > MESSAGE_LEN_MAX => {
            let problem = format!("the message has more than {MESSAGE_LEN_MAX} characters");
            Err(ContentError::Invalid(vec![Problem::field("message", "too-long", problem)]))
        }
        other => Ok(other.filter(|it| !it.trim().is_empty())),
    }
}

/// Stores a new state with its record and event, then tells who must know before the operation answers.
pub(super) async fn commit(
    ctx: &OpContext<'_>,
    entry: Entry,
    previous: Option<Revision>,
    kind: EventKind,
    message: Option<String>,
) -> Result<Entry, ContentError> {
    let event = Event {
        id: ctx.app.randomness.id(entry.updated_at),
        kind,
        at: entry.updated_at,
        collection: entry.collection.clone(),
        entry: entry.id,
        revision: entry.revision,
    };
    let record = RevisionRecord {
        revision: entry.revision,
        change: kind,
        slug: entry.slug.clone(),
        fields: entry.fields.clone(),
        author: ctx.actor.to_string(),
        message,
        at: entry.updated_at,
    };
    let write = EntryWrite { entry: entry.clone(), previous, record, event: event.clone() };
    ctx.app.entries.write(write).await.map_err(|error| explained(error, &entry))?;
    ctx.app.changes.committed(&event);
    Ok(entry)
}

fn explained(error: WriteError, entry: &Entry) -> ContentError {
    match error {
        WriteError::Stale => ContentError::ChangedMeanwhile(entry.id.to_string()),
        WriteError::SlugTaken => ContentError::SlugTaken {
            collection: entry.collection.to_string(),
            slug: entry.slug.to_string(),
        },
        WriteError::Store(error) => ContentError::Store(error),
    }
}
