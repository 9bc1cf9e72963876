//! The one place where changes of entries are stored.

use std::sync::Arc;

use smartcms_domain::Problem;
use smartcms_domain::actors::{Permission, Subject};
use smartcms_domain::collections::CollectionDefinition;
use smartcms_domain::entries::{Entry, EntryId, Revision, RevisionRecord};
use smartcms_domain::events::{Event, EventKind};

use super::addresses::address_changes;
use super::error::ContentError;
use super::facts::facts_of;
use super::read::hide_fields;
use super::{ChangeEntry, MESSAGE_LEN_MAX};
use crate::OpContext;
use crate::audit::{Deed, digest_of};
use crate::ports::{AuditRecord, EntryChanges, EntryWrite, WriteError};

/// The definition of a collection.
pub(super) fn definition(
    ctx: &OpContext<'_>,
    collection: &str,
) -> Result<Arc<CollectionDefinition>, ContentError> {
    let found = ctx.app.collections.find(collection);
    found.ok_or_else(|| ContentError::UnknownCollection(collection.to_owned()))
}

/// The entry to change, which the actor may change like that, in the state that it saw.
pub(super) async fn find_seen(
    ctx: &OpContext<'_>,
    permission: Permission,
    command: &ChangeEntry,
) -> Result<Entry, ContentError> {
    let entry = find(ctx, &command.collection, command.id).await?;
    if let Err(denied) = ctx.actor.require_on(permission, Subject::of(&entry)) {
        // Who could not read it does not learn that it is there.
        let visible = entry.live.is_some() && ctx.actor.reads(&entry.collection)
            || ctx.actor.may_on(Permission::ReadDrafts, Subject::of(&entry));
        let (collection, key) = (command.collection.clone(), command.id.to_string());
        let unknown = ContentError::UnknownEntry { collection, key };
        return Err(if visible { denied.into() } else { unknown });
    }
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
    let write = write_of(ctx, entry.clone(), previous, kind, message)?;
    commit_all(ctx, write.into()).await?;
    seen_by(ctx, entry)
}

/// A stored entry as the actor sees it.
pub(super) fn seen_by(ctx: &OpContext<'_>, mut entry: Entry) -> Result<Entry, ContentError> {
    let definition = definition(ctx, entry.collection.as_str())?;
    hide_fields(ctx.actor, &definition, &mut entry);
    Ok(entry)
}

/// A saved state and the kind of its event: in a collection without drafts it is public at once.
pub(super) fn settled(
    ctx: &OpContext<'_>,
    definition: &CollectionDefinition,
    entry: Entry,
    kind: EventKind,
) -> Result<(Entry, EventKind), ContentError> {
    if definition.drafts {
        return Ok((entry, kind));
    }
    ctx.actor.require_on(Permission::Publish, Subject::of(&entry))?;
    Ok((entry.public_at_once(), EventKind::EntryPublished))
}

/// The write of a new state, with its record and event.
pub(super) fn write_of(
    ctx: &OpContext<'_>,
    entry: Entry,
    previous: Option<Revision>,
    kind: EventKind,
    message: Option<String>,
) -> Result<EntryWrite, ContentError> {
    let definition = definition(ctx, entry.collection.as_str())?;
    let event = event_of(ctx, &entry, kind);
    let record = RevisionRecord {
        revision: entry.revision,
        change: kind,
        slug: entry.slug.clone(),
        fields: entry.fields.clone(),
        author: ctx.actor.to_string(),
        message,
        help: ctx.help.to_vec(),
        at: entry.updated_at,
    };
    let facts = facts_of(&definition, &entry);
    Ok(EntryWrite { entry, previous, record, event, facts })
}

/// The write of a state that an entry got because something else changed. The history says that it was saved; where the
/// public state is another one too, the event says that it was published, so that the site and others notice.
pub(super) fn side_write_of(
    ctx: &OpContext<'_>,
    before: &Entry,
    entry: Entry,
    message: String,
) -> Result<EntryWrite, ContentError> {
    let is_seen = entry.live != before.live;
    let previous = Some(before.revision);
    // The help was for the text that somebody saved, not for what changed with it.
    let ctx = &ctx.with_help(&[]);
    let mut write = write_of(ctx, entry, previous, EventKind::EntryUpdated, Some(message))?;
    if is_seen {
        write.event.kind = EventKind::EntryPublished;
    }
    Ok(write)
}

/// The event of a change that made this state.
pub(super) fn event_of(ctx: &OpContext<'_>, entry: &Entry, kind: EventKind) -> Event {
    Event {
        id: ctx.app.randomness.id(entry.updated_at),
        kind,
        at: entry.updated_at,
        collection: entry.collection.clone(),
        entry: entry.id,
        revision: entry.revision,
    }
}

/// Stores changes together, then tells who must know before the operation answers.
pub(super) async fn commit_all(
    ctx: &OpContext<'_>,
    mut changes: EntryChanges,
) -> Result<(), ContentError> {
    let addresses = address_changes(ctx, &changes.writes).await?;
    changes.addresses.left.extend(addresses.left);
    changes.addresses.taken.extend(addresses.taken);
    changes.generation = Some(ctx.generation);
    store(ctx, changes).await.map_err(|(_, error)| error)
}

/// Stores changes whose addresses are known, then tells who must know. An error goes with the entry that it is about.
pub(super) async fn store(
    ctx: &OpContext<'_>,
    mut changes: EntryChanges,
) -> Result<(), (Option<EntryId>, ContentError)> {
    let written = changes.writes.iter().map(|it| it.event.clone());
    let events: Vec<Event> =
        written.chain(changes.purges.iter().map(|it| it.event.clone())).collect();
    let names = Names::of(&changes);
    // What a batch stores was recorded with each of its operations.
    if changes.audit.is_empty() {
        changes.audit = deeds_of(ctx, &changes);
    }
    let stored = ctx.app.entries.write(changes).await;
    stored.map_err(|error| (entry_of(&error), names.explained(error)))?;
    for event in &events {
        ctx.app.changes.committed(event);
    }
    Ok(())
}

/// What the audit log says of changes. What an entry was before is in its history.
fn deeds_of(ctx: &OpContext<'_>, changes: &EntryChanges) -> Vec<AuditRecord> {
    let deed = |event: &Event, after: Option<[u8; 32]>| {
        let detail = format!("revision {} in {}", event.revision, event.collection);
        let deed = Deed::done(event.kind.name()).to("entry", event.entry);
        deed.digests(None, after).detail(detail).record(ctx)
    };
    let writes = changes.writes.iter().map(|it| deed(&it.event, digest_of_fields(&it.entry)));
    writes.chain(changes.purges.iter().map(|it| deed(&it.event, None))).collect()
}

/// A digest of the slug and the values of the newest state.
fn digest_of_fields(entry: &Entry) -> Option<[u8; 32]> {
    let fields = serde_json::to_string(&entry.fields).ok()?;
    Some(digest_of(&format!("{}\n{fields}", entry.slug)))
}

/// The entry that could not be stored.
fn entry_of(error: &WriteError) -> Option<EntryId> {
    match error {
        WriteError::Stale(id) | WriteError::SlugTaken(id) => Some(*id),
        WriteError::ValueTaken { entry, .. } => Some(*entry),
        WriteError::Redefined | WriteError::Store(_) => None,
    }
}

/// What errors call the entries of a change.
struct Names(Vec<(EntryId, String, String)>);

impl Names {
    fn of(changes: &EntryChanges) -> Self {
        let named = |it: &EntryWrite| {
            (it.entry.id, it.entry.collection.to_string(), it.entry.slug.to_string())
        };
        Self(changes.writes.iter().map(named).collect())
    }

    fn explained(&self, error: WriteError) -> ContentError {
        let named = |id: EntryId| {
            let found = self.0.iter().find(|(it, ..)| *it == id);
            found
                .map(|(_, collection, slug)| (collection.clone(), slug.clone()))
                .unwrap_or_default()
        };
        match error {
            WriteError::Stale(id) => ContentError::ChangedMeanwhile(id.to_string()),
            WriteError::Redefined => ContentError::Redefined,
            WriteError::SlugTaken(id) => {
                let (collection, slug) = named(id);
                ContentError::SlugTaken { collection, slug }
            }
            WriteError::ValueTaken { entry, field } => {
                let (collection, _) = named(entry);
                let message = format!("another entry of {collection} has this {field}");
                ContentError::Invalid(vec![Problem::field(&field, "taken", message)])
            }
            WriteError::Store(error) => ContentError::Store(error),
        }
    }
}
