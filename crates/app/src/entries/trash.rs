//! Putting an entry in the trash.

use smartcms_domain::actors::Permission;
use smartcms_domain::entries::Entry;
use smartcms_domain::events::EventKind;

use super::ChangeEntry;
use super::commit::{commit, definition, find_seen};
use super::error::ContentError;
use crate::OpContext;

/// Puts an entry in the trash, and off the site.
pub async fn trash_entry(ctx: &OpContext<'_>, command: ChangeEntry) -> Result<Entry, ContentError> {
    let definition = definition(ctx, &command.collection)?;
    ctx.actor.require(Permission::Delete, &definition.name)?;
    let entry = find_seen(ctx, &command).await?;
    let previous = entry.revision;
    let trashed = entry.clone().trash(ctx.app.clock.now())?;
    ctx.app.plugins.before_delete(&entry, ctx.chain).await?;
    commit(ctx, trashed, Some(previous), EventKind::EntryTrashed, None).await
}
