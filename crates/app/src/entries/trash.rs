//! Putting an entry in the trash.

use smartcms_domain::actors::{Permission, Subject};
use smartcms_domain::entries::Entry;
use smartcms_domain::events::EventKind;

use super::ChangeEntry;
use super::commit::{commit_all, definition, find_seen, seen_by, write_of};
use super::error::ContentError;
use super::read::shown_to_plugins;
use super::references::going_with;
use crate::OpContext;
use crate::ports::EntryChanges;

/// Puts an entry in the trash, and off the site.
pub async fn trash_entry(ctx: &OpContext<'_>, command: ChangeEntry) -> Result<Entry, ContentError> {
    let definition = definition(ctx, &command.collection)?;
    ctx.actor.require_some(Permission::Delete, &definition.name)?;
    let entry = find_seen(ctx, Permission::Delete, &command).await?;
    let previous = entry.revision;
    let trashed = entry.clone().trash(ctx.app.clock.now())?;
    let going = going_with(ctx, &entry).await?;
    for other in &going {
        ctx.actor.require_on(Permission::Delete, Subject::of(other))?;
        before_delete(ctx, other).await?;
    }
    before_delete(ctx, &entry).await?;
    let write = write_of(ctx, trashed.clone(), Some(previous), EventKind::EntryTrashed, None)?;
    let mut changes = EntryChanges::from(write);
    for other in going {
        let previous = other.revision;
        let trashed = other.trash(ctx.app.clock.now())?;
        let message = Some(format!("went with {}", entry.slug));
        let write = write_of(ctx, trashed, Some(previous), EventKind::EntryTrashed, message)?;
        changes.writes.push(write);
    }
    commit_all(ctx, changes).await?;
    seen_by(ctx, trashed)
}

async fn before_delete(ctx: &OpContext<'_>, entry: &Entry) -> Result<(), ContentError> {
    let definition = definition(ctx, entry.collection.as_str())?;
    let shown = shown_to_plugins(&definition, entry);
    Ok(ctx.app.plugins.before_delete(&shown, &ctx.calls()).await?)
}
