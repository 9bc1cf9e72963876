//! Reading and discarding what one has not saved yet, and who else is at an entry.

use smartcms_domain::actors::{Permission, Subject};
use smartcms_domain::entries::{Editing, Entry, EntryId, Revision, WorkingCopy, editing_since};

use super::commit::{definition, find};
use super::error::ContentError;
use super::read::hide_fields_of;
use crate::OpContext;
use crate::ports::StoreError;

/// A working copy, and how things stand around it.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkingCopyState {
    /// The copy.
    pub copy: WorkingCopy,
    /// The newest state of the entry.
    pub revision: Revision,
    /// Who else is at the entry now.
    pub editing: Vec<Editing>,
}

impl WorkingCopyState {
    /// Whether the entry has changed since the author began: a save from the copy is a conflict.
    pub fn is_stale(&self) -> bool {
        self.copy.based_on != self.revision
    }
}

/// The actor's own working copy of an entry.
pub async fn get_working_copy(
    ctx: &OpContext<'_>,
    collection: &str,
    id: EntryId,
) -> Result<WorkingCopyState, ContentError> {
    let definition = definition(ctx, collection)?;
    ctx.actor.require_some(Permission::Update, &definition.name)?;
    let entry = find(ctx, collection, id).await?;
    ctx.actor.require_on(Permission::Update, Subject::of(&entry))?;
    let found = ctx.app.working_copies.find(id, &ctx.actor.to_string()).await?;
    let mut copy = found.ok_or_else(|| ContentError::NoWorkingCopy(id.to_string()))?;
    // What the actor saw when it was kept may be hidden from it now.
    hide_fields_of(ctx.actor, &definition, Subject::of(&entry), &mut copy.fields);
    state_of(ctx, &entry, copy).await
}

/// Takes the actor's own working copy away; `false` when there is none.
pub async fn discard_working_copy(
    ctx: &OpContext<'_>,
    collection: &str,
    id: EntryId,
) -> Result<bool, ContentError> {
    let definition = definition(ctx, collection)?;
    ctx.actor.require_some(Permission::Update, &definition.name)?;
    let entry = find(ctx, collection, id).await?;
    ctx.actor.require_on(Permission::Update, Subject::of(&entry))?;
    Ok(ctx.app.working_copies.discard(id, &ctx.actor.to_string()).await?)
}

/// Who else is at an entry now.
pub async fn list_editing(
    ctx: &OpContext<'_>,
    collection: &str,
    id: EntryId,
) -> Result<Vec<Editing>, ContentError> {
    let definition = definition(ctx, collection)?;
    ctx.actor.require_some(Permission::ReadDrafts, &definition.name)?;
    let entry = find(ctx, collection, id).await?;
    ctx.actor.require_on(Permission::ReadDrafts, Subject::of(&entry))?;
    Ok(others_at(ctx, id).await?)
}

pub(super) async fn state_of(
    ctx: &OpContext<'_>,
    entry: &Entry,
    copy: WorkingCopy,
) -> Result<WorkingCopyState, ContentError> {
    let editing = others_at(ctx, entry.id).await?;
    Ok(WorkingCopyState { copy, revision: entry.revision, editing })
}

async fn others_at(ctx: &OpContext<'_>, id: EntryId) -> Result<Vec<Editing>, StoreError> {
    let since = editing_since(ctx.app.clock.now());
    let mut editing = ctx.app.working_copies.editing(id, since).await?;
    let own = ctx.actor.to_string();
    editing.retain(|it| it.author != own);
    Ok(editing)
}
