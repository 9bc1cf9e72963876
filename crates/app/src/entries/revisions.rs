//! The history of an entry.

use smartcms_domain::actors::{Permission, Subject};
use smartcms_domain::entries::{EntryId, Revision, RevisionRecord};

use super::commit::{definition, find};
use super::error::ContentError;
use super::read::hide_fields_of;
use crate::OpContext;
use crate::ports::PAGE_LEN_MAX;

/// The saved states of an entry, the newest first, older than `before`.
pub async fn list_revisions(
    ctx: &OpContext<'_>,
    collection: &str,
    id: EntryId,
    before: Option<Revision>,
    limit: u32,
) -> Result<Vec<RevisionRecord>, ContentError> {
    let definition = definition(ctx, collection)?;
    ctx.actor.require_some(Permission::ReadDrafts, &definition.name)?;
    let entry = find(ctx, collection, id).await?;
    let subject = Subject::of(&entry);
    ctx.actor.require_on(Permission::ReadDrafts, subject)?;
    let mut found = ctx.app.entries.revisions(id, before, limit.clamp(1, PAGE_LEN_MAX)).await?;
    for record in &mut found {
        hide_fields_of(ctx.actor, &definition, subject, &mut record.fields);
    }
    Ok(found)
}

/// One saved state.
pub async fn get_revision(
    ctx: &OpContext<'_>,
    collection: &str,
    id: EntryId,
    revision: Revision,
) -> Result<RevisionRecord, ContentError> {
    let definition = definition(ctx, collection)?;
    ctx.actor.require_some(Permission::ReadDrafts, &definition.name)?;
    let entry = find(ctx, collection, id).await?;
    let subject = Subject::of(&entry);
    ctx.actor.require_on(Permission::ReadDrafts, subject)?;
    let found = ctx.app.entries.revision(id, revision).await?;
    let unknown =
        || ContentError::UnknownRevision { entry: id.to_string(), revision: revision.number() };
    let mut record = found.ok_or_else(unknown)?;
    hide_fields_of(ctx.actor, &definition, subject, &mut record.fields);
    Ok(record)
}
