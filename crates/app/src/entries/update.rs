//! Saving a new revision.

use smartcms_domain::actors::{Actor, Permission, Subject};
use smartcms_domain::collections::CollectionDefinition;
use smartcms_domain::entries::{Entry, Fields};
use smartcms_domain::events::EventKind;

use super::ChangeEntry;
use super::commit::{
    checked_message, commit_all, definition, find_seen, seen_by, settled, write_of,
};
use super::create::checked_slug;
use super::error::ContentError;
use super::save_checks::{Named, checked_fields, refuse_computed, refuse_hidden};
use super::translations::shared_with;
use crate::OpContext;
use crate::ports::{EntryChanges, EntryWrite};

/// Changes to an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdateEntry {
    /// Which entry, and the state that was seen.
    pub change: ChangeEntry,
    /// Another slug; `None` keeps it.
    pub slug: Option<String>,
    /// Other values: fields that are not named stay, null takes one away.
    pub fields: Fields,
    /// What the author says about it.
    pub message: Option<String>,
}

/// Saves a new revision. What is public stays as it is until it is published.
pub async fn update_entry(
    ctx: &OpContext<'_>,
    command: UpdateEntry,
) -> Result<Entry, ContentError> {
    let definition = definition(ctx, &command.change.collection)?;
    ctx.actor.require_some(Permission::Update, &definition.name)?;
    let message = checked_message(command.message)?;
    let entry = find_seen(ctx, Permission::Update, &command.change).await?;
    let previous = entry.revision;
    let slug = match &command.slug {
        Some(text) => checked_slug(ctx, &definition, &entry.created_by, text)?,
        None => entry.slug.clone(),
    };
    refuse_hidden(ctx.actor, &definition, &entry.created_by, &command.fields)?;
    refuse_computed(&definition, &entry.fields, &command.fields)?;
    let fields = entry.fields.clone().with(command.fields);
    // The life is checked first, so that plugins are not asked about what cannot be stored.
    let before = entry.fields.clone();
    let entry = entry.save(slug.clone(), fields.clone(), ctx.app.clock.now())?;
    let before = Some((entry.id, &before));
    let named = Named { slug: &slug, locale: &entry.locale };
    let fields = checked_fields(ctx, &definition, before, named, fields).await?;
    let (entry, kind) =
        settled(ctx, &definition, Entry { fields, ..entry }, EventKind::EntryUpdated)?;
    let mut changes: EntryChanges =
        write_of(ctx, entry.clone(), Some(previous), kind, message)?.into();
    changes.writes.extend(shared_by(ctx, &definition, &entry).await?);
    changes.saved_copies.push((entry.id, ctx.actor.to_string()));
    commit_all(ctx, changes).await?;
    seen_by(ctx, entry)
}

/// The writes of translations that share values with the entry: a plugin changes only those that its grants reach.
async fn shared_by(
    ctx: &OpContext<'_>,
    definition: &CollectionDefinition,
    entry: &Entry,
) -> Result<Vec<EntryWrite>, ContentError> {
    let writes = shared_with(ctx, definition, entry).await?;
    if let Actor::Plugin { .. } = ctx.actor {
        for write in &writes {
            let subject = Subject::of(&write.entry);
            ctx.actor.require_on(Permission::Update, subject)?;
            if write.event.kind == EventKind::EntryPublished {
                ctx.actor.require_on(Permission::Publish, subject)?;
            }
        }
    }
    Ok(writes)
}
