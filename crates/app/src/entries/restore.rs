//! Bringing back: an entry from the trash, or an older state.

use smartcms_domain::actors::Permission;
use smartcms_domain::entries::{Entry, Fields, Revision, RevisionRecord};
use smartcms_domain::events::EventKind;

use super::ChangeEntry;
use super::commit::{commit, definition, find_seen};
use super::create::checked_slug;
use super::error::ContentError;
use super::save_checks::{Named, checked_fields, refuse_hidden};
use crate::OpContext;

/// An older state to bring back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoreRevision {
    /// Which entry, and the state that was seen.
    pub change: ChangeEntry,
    /// The state to bring back.
    pub revision: Revision,
}

/// Takes an entry out of the trash, as a draft.
pub async fn restore_entry(
    ctx: &OpContext<'_>,
    command: ChangeEntry,
) -> Result<Entry, ContentError> {
    let definition = definition(ctx, &command.collection)?;
    ctx.actor.require_some(Permission::Delete, &definition.name)?;
    let entry = find_seen(ctx, Permission::Delete, &command).await?;
    let previous = entry.revision;
    let entry = entry.restore(ctx.app.clock.now())?;
    commit(ctx, entry, Some(previous), EventKind::EntryRestored, None).await
}

/// Saves an older state as the newest one. It passes every check of a save: rules may have changed since.
pub async fn restore_revision(
    ctx: &OpContext<'_>,
    command: RestoreRevision,
) -> Result<Entry, ContentError> {
    let definition = definition(ctx, &command.change.collection)?;
    ctx.actor.require_some(Permission::Update, &definition.name)?;
    let entry = find_seen(ctx, Permission::Update, &command.change).await?;
    let found = ctx.app.entries.revision(entry.id, command.revision).await?;
    let old = found.ok_or_else(|| ContentError::UnknownRevision {
        entry: entry.id.to_string(),
        revision: command.revision.number(),
    })?;
    let previous = entry.revision;
    refuse_hidden(ctx.actor, &definition, &entry.created_by, &differing(&entry, &old))?;
    if old.slug != entry.slug {
        checked_slug(ctx, &definition, &entry.created_by, old.slug.as_str())?;
    }
    let before = entry.fields.clone();
    let entry = entry.save(old.slug.clone(), old.fields.clone(), ctx.app.clock.now())?;
    let before = Some((entry.id, &before));
    let named = Named { slug: &old.slug, locale: &entry.locale };
    let fields = checked_fields(ctx, &definition, before, named, old.fields).await?;
    let message = Some(format!("restored revision {}", command.revision));
    commit(ctx, Entry { fields, ..entry }, Some(previous), EventKind::EntryUpdated, message).await
}

/// The values that an older state brings back; null for those that it takes away.
fn differing(entry: &Entry, old: &RevisionRecord) -> Fields {
    let value = |name: &str| old.fields.get(name).cloned().unwrap_or_default();
    let names = entry.fields.names().chain(old.fields.names());
    let changed = names.filter(|name| entry.fields.get(name) != old.fields.get(name));
    changed.map(|name| (name.to_owned(), value(name))).collect()
}
