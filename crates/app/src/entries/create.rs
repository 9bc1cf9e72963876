//! Storing a new entry.

use smartcms_domain::Problem;
use smartcms_domain::actors::Permission;
use smartcms_domain::collections::CollectionDefinition;
use smartcms_domain::entries::{Entry, EntryId, Fields, Slug};
use smartcms_domain::events::EventKind;

use super::commit::{checked_message, commit, definition};
use super::error::ContentError;
use super::save_checks::checked_fields;
use crate::OpContext;

/// How many slugs are tried for a title before the author has to choose one.
const SLUG_TRIES_MAX: u32 = 50;

/// A new entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateEntry {
    /// Its collection.
    pub collection: String,
    /// Its slug; `None` makes one from the title.
    pub slug: Option<String>,
    /// Its values.
    pub fields: Fields,
    /// What the author says about it.
    pub message: Option<String>,
}

/// Stores a new draft.
pub async fn create_entry(
    ctx: &OpContext<'_>,
    command: CreateEntry,
) -> Result<Entry, ContentError> {
    let definition = definition(ctx, &command.collection)?;
    ctx.actor.require(Permission::Create, &definition.name)?;
    let message = checked_message(command.message)?;
    let now = ctx.app.clock.now();
    let id = EntryId::new(ctx.app.randomness.id(now));
    let chosen = command.slug.as_deref().map(checked_slug).transpose()?;
    let fields = Fields::default().with(command.fields);
    let wanted = chosen.clone().unwrap_or_else(|| suggested_slug(definition, &fields, id));
    let fields = checked_fields(ctx, definition, None, &wanted, fields).await?;
    let tries = if chosen.is_some() { 1 } else { SLUG_TRIES_MAX };
    let mut slug = wanted.clone();
    for number in 2..=tries + 1 {
        let entry = Entry::create(id, definition.name.clone(), slug, fields.clone(), now);
        match commit(ctx, entry, None, EventKind::EntryCreated, message.clone()).await {
            Err(ContentError::SlugTaken { .. }) if number <= tries => {
                slug = wanted.numbered(number);
            }
            outcome => return outcome,
        }
    }
    Err(ContentError::SlugTaken { collection: command.collection, slug: wanted.to_string() })
}

/// A slug that somebody chose.
pub(super) fn checked_slug(text: &str) -> Result<Slug, ContentError> {
    Slug::parse(text).map_err(|error| {
        ContentError::Invalid(vec![Problem::field("slug", "slug", error.to_string())])
    })
}

/// The slug of a title; an entry whose title has no letter that a slug can have is named by its id.
fn suggested_slug(definition: &CollectionDefinition, fields: &Fields, id: EntryId) -> Slug {
    let title = fields.text(definition.title.as_str()).and_then(Slug::from_title);
    title.unwrap_or_else(|| Slug::from_id(id))
}
