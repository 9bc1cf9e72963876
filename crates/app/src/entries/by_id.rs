//! Entries by their ids, wherever they are.

use smartcms_domain::actors::{Permission, Subject};
use smartcms_domain::entries::{Entry, EntryId};

use super::read::{hide_fields, may_read};
use crate::OpContext;
use crate::ports::StoreError;

/// The newest states of these entries, in whichever collections; those that are gone or may not be seen are left out.
pub async fn entries_by_id(ctx: &OpContext<'_>, ids: &[EntryId]) -> Result<Vec<Entry>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut entries = Vec::new();
    for mut entry in ctx.app.entries.find_many(ids).await? {
        let Some(definition) = ctx.app.collections.get(&entry.collection) else { continue };
        let sees = may_read(ctx.actor, &definition)
            && ctx.actor.may_on(Permission::ReadDrafts, Subject::of(&entry));
        if sees {
            hide_fields(ctx.actor, &definition, &mut entry);
            entries.push(entry);
        }
    }
    Ok(entries)
}
