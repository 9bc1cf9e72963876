//! Putting an entry in the archive.

use smartcms_domain::actors::Permission;
use smartcms_domain::entries::Entry;
use smartcms_domain::events::EventKind;

use super::ChangeEntry;
use super::commit::{commit, definition, find_seen};
use super::error::ContentError;
use crate::OpContext;

/// Puts an entry in the archive, and off the site. It keeps its slug; `restore` brings it back as a draft.
pub async fn archive_entry(
    ctx: &OpContext<'_>,
    command: ChangeEntry,
) -> Result<Entry, ContentError> {
    let definition = definition(ctx, &command.collection)?;
    ctx.actor.require_some(Permission::Publish, &definition.name)?;
    let entry = find_seen(ctx, Permission::Publish, &command).await?;
    let previous = entry.revision;
    let entry = entry.archive(ctx.app.clock.now())?;
    commit(ctx, entry, Some(previous), EventKind::EntryArchived, None).await
}
