//! Making an entry public.

use smartcms_domain::actors::Permission;
use smartcms_domain::entries::Entry;
use smartcms_domain::events::EventKind;

use super::ChangeEntry;
use super::commit::{commit, definition, find_seen};
use super::error::ContentError;
use super::read::shown_to_plugins;
use crate::OpContext;

/// Makes the newest state of an entry public.
pub async fn publish_entry(
    ctx: &OpContext<'_>,
    command: ChangeEntry,
) -> Result<Entry, ContentError> {
    let definition = definition(ctx, &command.collection)?;
    ctx.actor.require_some(Permission::Publish, &definition.name)?;
    let entry = find_seen(ctx, Permission::Publish, &command).await?;
    let previous = entry.revision;
    let published = entry.clone().publish(ctx.app.clock.now())?;
    ctx.app.plugins.before_publish(&shown_to_plugins(&definition, &entry), &ctx.calls()).await?;
    commit(ctx, published, Some(previous), EventKind::EntryPublished, None).await
}
