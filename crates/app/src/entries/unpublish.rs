//! Taking an entry off the site.

use smartcms_domain::actors::Permission;
use smartcms_domain::entries::Entry;
use smartcms_domain::events::EventKind;

use super::ChangeEntry;
use super::commit::{commit, definition, find_seen};
use super::error::ContentError;
use crate::OpContext;

/// Takes an entry off the site; it becomes a draft.
pub async fn unpublish_entry(
    ctx: &OpContext<'_>,
    command: ChangeEntry,
) -> Result<Entry, ContentError> {
    let definition = definition(ctx, &command.collection)?;
    ctx.actor.require_some(Permission::Publish, &definition.name)?;
    let entry = find_seen(ctx, Permission::Publish, &command).await?;
    let previous = entry.revision;
    let entry = entry.unpublish(ctx.app.clock.now())?;
    commit(ctx, entry, Some(previous), EventKind::EntryUnpublished, None).await
}
