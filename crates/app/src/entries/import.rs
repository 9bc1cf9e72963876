//! Storing an entry as it was elsewhere: with its identity, its dates and its public state.

use smartcms_domain::Timestamp;
use smartcms_domain::actors::Permission;
use smartcms_domain::collections::CollectionDefinition;
use smartcms_domain::entries::{
    Entry, EntryId, Fields, Live, NewEntry, Revision, RevisionRecord, Schedule, Slug,
};
use smartcms_domain::events::{Event, EventKind};
use smartcms_domain::locales::Locale;
use smartcms_domain::redirects::SitePath;

use super::addresses::left_paths;
use super::commit::{checked_message, commit_all, definition};
use super::error::ContentError;
use super::facts::facts_of;
use super::read::shown_to_plugins;
use super::save_checks::{Named, unlinked_fields};
use crate::OpContext;
use crate::ports::{AddressChanges, EntryChanges, EntryWrite};

/// An entry as it was elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportEntry {
    /// Its collection.
    pub collection: String,
    /// Its lasting identity: the same whenever the same thing is imported again.
    pub id: EntryId,
    /// Its language: one of the site's.
    pub locale: Locale,
    /// The translations that it joins; `None` for a group of its own.
    pub group: Option<EntryId>,
    /// Its slug.
    pub slug: Slug,
    /// Its values.
    pub fields: Fields,
    /// What readers see; `None` for a draft.
    pub live: Option<ImportLive>,
    /// When it was first stored there.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
    /// When it was first published, also when it is not public now.
    pub first_published_at: Option<Timestamp>,
    /// When it went to the archive.
    pub archived_at: Option<Timestamp>,
    /// What will happen by itself.
    pub schedule: Schedule,
    /// Who stored it first; `None` for the one who imports.
    pub created_by: Option<String>,
    /// What is said about it in its history.
    pub message: Option<String>,
}

/// The public state of an entry that is imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportLive {
    /// The slug that readers see; `None` for the newest one.
    pub slug: Option<Slug>,
    /// The values that readers see; `None` for the newest ones.
    pub fields: Option<Fields>,
    /// When this state became public.
    pub published_at: Timestamp,
}

/// What became of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportOutcome {
    /// It was stored.
    Stored,
    /// An entry with this identity is there already; nothing was written.
    Present,
}

/// Stores an entry as it was elsewhere, unless it is there already. The slug has to be free.
pub async fn import_entry(
    ctx: &OpContext<'_>,
    command: ImportEntry,
) -> Result<ImportOutcome, ContentError> {
    import_moved_entry(ctx, command, &[]).await
}

/// The same for an entry that had other addresses elsewhere: these paths lead to it, stored with it.
pub async fn import_moved_entry(
    ctx: &OpContext<'_>,
    command: ImportEntry,
    old_paths: &[SitePath],
) -> Result<ImportOutcome, ContentError> {
    let definition = definition(ctx, &command.collection)?;
    ctx.actor.require(Permission::Create, &definition.name)?;
    if command.live.is_some() || command.schedule != Schedule::default() {
        ctx.actor.require(Permission::Publish, &definition.name)?;
    }
    let message = checked_message(command.message.clone())?;
    if ctx.app.entries.find(command.id).await?.is_some() {
        return Ok(ImportOutcome::Present);
    }
    let entry = entry_of(ctx, &definition, command).await?;
    if entry.live.is_some() {
        let shown = shown_to_plugins(&definition, &entry);
        ctx.app.plugins.before_publish(&shown, &ctx.calls()).await?;
    }
    match store(ctx, &definition, entry, message, old_paths).await {
        Ok(()) => Ok(ImportOutcome::Stored),
        // It came from elsewhere in this very moment.
        Err(ContentError::ChangedMeanwhile(_)) => Ok(ImportOutcome::Present),
        Err(error) => Err(error),
    }
}

async fn entry_of(
    ctx: &OpContext<'_>,
    definition: &CollectionDefinition,
    command: ImportEntry,
) -> Result<Entry, ContentError> {
    let (slug, locale) = (command.slug.clone(), command.locale.clone());
    let named = Named { slug: &slug, locale: &locale };
    let checked = |fields: Fields| unlinked_fields(ctx, definition, None, named, fields);
    let fields = checked(Fields::default().with(command.fields)).await?;
    let live = match command.live {
        None => None,
        Some(live) => {
            let fields = match live.fields {
                Some(other) => checked(other).await?,
                None => fields.clone(),
            };
            let slug = live.slug.unwrap_or_else(|| slug.clone());
            Some(Live { revision: Revision::FIRST, slug, fields, published_at: live.published_at })
        }
    };
    let first_published_at =
        command.first_published_at.or_else(|| live.as_ref().map(|it| it.published_at));
    let new = NewEntry {
        id: command.id,
        collection: definition.name.clone(),
        locale: command.locale,
        group: command.group,
        slug: command.slug,
        fields,
        created_by: command.created_by.unwrap_or_else(|| ctx.actor.author()),
    };
    Ok(Entry {
        live,
        first_published_at,
        updated_at: command.updated_at,
        archived_at: command.archived_at,
        schedule: command.schedule,
        ..Entry::create(new, command.created_at)
    })
}

/// The event is of now, whatever dates the entry brings: those who follow events go forward in time.
async fn store(
    ctx: &OpContext<'_>,
    definition: &CollectionDefinition,
    entry: Entry,
    message: Option<String>,
    old_paths: &[SitePath],
) -> Result<(), ContentError> {
    let now = ctx.app.clock.now();
    let is_public = entry.live.is_some();
    let kind = if is_public { EventKind::EntryPublished } else { EventKind::EntryCreated };
    let event = Event {
        id: ctx.app.randomness.id(now),
        kind,
        at: now,
        collection: entry.collection.clone(),
        entry: entry.id,
        revision: entry.revision,
    };
    let record = RevisionRecord {
        revision: entry.revision,
        change: kind,
        slug: entry.slug.clone(),
        fields: entry.fields.clone(),
        author: ctx.actor.to_string(),
        message,
        help: Vec::new(),
        at: now,
    };
    let facts = facts_of(definition, &entry);
    let left = left_paths(ctx, &entry, old_paths, now);
    let write = EntryWrite { entry, previous: None, record, event, facts };
    let addresses = AddressChanges { left, taken: Vec::new() };
    commit_all(ctx, EntryChanges { addresses, ..write.into() }).await
}
