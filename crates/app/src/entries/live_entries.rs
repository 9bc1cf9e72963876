//! Several entries at once, as readers see them.

use smartcms_domain::entries::{Entry, EntryId};

use super::error::ContentError;
use super::read::{hide_fields, may_read};
use crate::OpContext;

/// The public entries with these ids that the actor may read, in any order: one read, however many. Their `live` state
/// is there.
pub async fn live_entries(
    ctx: &OpContext<'_>,
    ids: &[EntryId],
) -> Result<Vec<Entry>, ContentError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found = ctx.app.entries.find_many(ids).await?;
    Ok(readable(ctx, found))
}

/// The public entries of these translation groups that the actor may read, in any order: one read, however many.
pub async fn live_groups(
    ctx: &OpContext<'_>,
    groups: &[EntryId],
) -> Result<Vec<Entry>, ContentError> {
    if groups.is_empty() {
        return Ok(Vec::new());
    }
    let found = ctx.app.entries.translations_of(groups).await?;
    Ok(readable(ctx, found))
}

fn readable(ctx: &OpContext<'_>, mut found: Vec<Entry>) -> Vec<Entry> {
    found.retain_mut(|entry| {
        let definition = ctx.app.collections.get(&entry.collection);
        let readable = definition.filter(|it| entry.live.is_some() && may_read(ctx.actor, it));
        if let Some(definition) = &readable {
            hide_fields(ctx.actor, definition, entry);
        }
        readable.is_some()
    });
    found
}
