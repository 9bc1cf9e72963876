//! Deleting an entry for good.

use smartcms_domain::actors::{Actor, Permission};
use smartcms_domain::collections::Target;
use smartcms_domain::entries::Entry;
use smartcms_domain::events::{Event, EventKind};

use super::ChangeEntry;
use super::clear::cleared;
use super::commit::{commit_all, definition, event_of, find_seen};
use super::error::ContentError;
use super::references::{REFERRERS_MAX, too_many};
use crate::ports::{EntryChanges, EntryPurge, Referrer};
use crate::{App, OpContext};

/// How many changes take one entry out of those that point to it.
const CHANGES_MAX: usize = 1_000;

/// Deletes an entry that is in the trash, with its history, and takes it out of the fields that point to it.
pub async fn purge_entry(ctx: &OpContext<'_>, command: ChangeEntry) -> Result<(), ContentError> {
    let definition = definition(ctx, &command.collection)?;
    ctx.actor.require_some(Permission::Delete, &definition.name)?;
    let entry = find_seen(ctx, Permission::Delete, &command).await?;
    if entry.trashed_at.is_none() {
        return Err(ContentError::NotInTrash(entry.id.to_string()));
    }
    let referrers = ctx.app.entries.referrers(Target::Entry(entry.id), REFERRERS_MAX + 1).await?;
    if referrers.len() > REFERRERS_MAX as usize {
        return Err(too_many(&entry));
    }
    purge(ctx, &entry, referrers).await
}

/// Deletes an entry whose time in the trash is over. Nobody waits for it, so it may take several changes: as many
/// entries as ever may point to it.
pub(crate) async fn purge_trashed(app: &App, entry: Entry) -> Result<(), ContentError> {
    let ctx = OpContext::new(app, &Actor::Schedule);
    for _ in 0..CHANGES_MAX {
        let referrers = app.entries.referrers(Target::Entry(entry.id), REFERRERS_MAX).await?;
        if referrers.len() < REFERRERS_MAX as usize {
            return purge(&ctx, &entry, referrers).await;
        }
        commit_all(&ctx, cleared_of(&ctx, &entry, referrers)?).await?;
    }
    Err(too_many(&entry))
}

async fn purge(
    ctx: &OpContext<'_>,
    entry: &Entry,
    referrers: Vec<Referrer>,
) -> Result<(), ContentError> {
    let mut changes = cleared_of(ctx, entry, referrers)?;
    let now = ctx.app.clock.now();
    let event = Event { at: now, ..event_of(ctx, entry, EventKind::EntryPurged) };
    changes.purges.push(EntryPurge { id: entry.id, previous: entry.revision, event });
    commit_all(ctx, changes).await
}

/// The writes that take an entry out of the fields that point to it.
fn cleared_of(
    ctx: &OpContext<'_>,
    entry: &Entry,
    referrers: Vec<Referrer>,
) -> Result<EntryChanges, ContentError> {
    let gone = [entry.id.to_string()].into();
    cleared(ctx, referrers, &gone, &format!("{} was deleted", entry.slug))
}
