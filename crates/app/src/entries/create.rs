//! Storing a new entry.

use smartcms_domain::Problem;
use smartcms_domain::actors::{Permission, Subject};
use smartcms_domain::collections::CollectionDefinition;
use smartcms_domain::entries::{Entry, EntryId, Fields, NewEntry, Slug};
use smartcms_domain::events::EventKind;
use smartcms_domain::locales::{Locale, Locales};

use super::commit::{checked_message, commit, definition, find, settled};
use super::error::ContentError;
use super::save_checks::{Named, checked_fields, refuse_computed, refuse_hidden};
use crate::OpContext;

/// How many slugs are tried for a title before the author has to choose one.
const SLUG_TRIES_MAX: u32 = 50;

/// A new entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateEntry {
    /// Its collection.
    pub collection: String,
    /// Its language; `None` for the site's own.
    pub locale: Option<String>,
    /// The entry that it translates; `None` for an original.
    pub translation_of: Option<EntryId>,
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
    let id = EntryId::new(ctx.app.randomness.id(ctx.app.clock.now()));
    create(ctx, id, command).await
}

/// Stores a new draft whose identity the author chose, so that others can point to it before it is there.
pub async fn create_entry_with_id(
    ctx: &OpContext<'_>,
    id: EntryId,
    command: CreateEntry,
) -> Result<Entry, ContentError> {
    let definition = definition(ctx, &command.collection)?;
    ctx.actor.require_some(Permission::Create, &definition.name)?;
    if id.as_uuid().is_nil() {
        let message = "the id of an entry is not all zeros";
        return Err(ContentError::Invalid(vec![Problem::field("id", "kind", message)]));
    }
    let taken = || ContentError::IdTaken(id.to_string());
    if ctx.app.entries.find(id).await?.is_some() {
        return Err(taken());
    }
    match create(ctx, id, command).await {
        // Of an entry that is new, this says that another became the same one in this moment.
        Err(ContentError::ChangedMeanwhile(_)) => Err(taken()),
        outcome => outcome,
    }
}

async fn create(
    ctx: &OpContext<'_>,
    id: EntryId,
    command: CreateEntry,
) -> Result<Entry, ContentError> {
    let definition = definition(ctx, &command.collection)?;
    ctx.actor.require_some(Permission::Create, &definition.name)?;
    let message = checked_message(command.message.clone())?;
    let now = ctx.app.clock.now();
    let author = ctx.actor.author();
    let chosen = command.slug.as_deref();
    let chosen = chosen.map(|it| checked_slug(ctx, &definition, &author, it)).transpose()?;
    refuse_hidden(ctx.actor, &definition, &author, &command.fields)?;
    refuse_computed(&definition, &Fields::default(), &command.fields)?;
    let (locale, group, shared) = place(ctx, &definition, &command).await?;
    let fields = definition.with_defaults(shared.with(command.fields.clone()));
    let wanted = chosen.clone().unwrap_or_else(|| suggested_slug(&definition, &fields, id));
    let named = Named { slug: &wanted, locale: &locale };
    let fields = checked_fields(ctx, &definition, None, named, fields).await?;
    let tries = if chosen.is_some() { 1 } else { SLUG_TRIES_MAX };
    let mut slug = wanted.clone();
    for number in 2..=tries + 1 {
        let new = NewEntry {
            id,
            collection: definition.name.clone(),
            locale: locale.clone(),
            group,
            slug,
            fields: fields.clone(),
            created_by: author.clone(),
        };
        let entry = Entry::create(new, now);
        let (entry, kind) = settled(ctx, &definition, entry, EventKind::EntryCreated)?;
        match commit(ctx, entry, None, kind, message.clone()).await {
            Err(ContentError::SlugTaken { .. }) if number <= tries => {
                slug = wanted.numbered(number);
            }
            outcome => return outcome,
        }
    }
    Err(ContentError::SlugTaken { collection: command.collection, slug: wanted.to_string() })
}

/// The language of a new entry, the translations it joins, and the values that it shares with them.
async fn place(
    ctx: &OpContext<'_>,
    definition: &CollectionDefinition,
    command: &CreateEntry,
) -> Result<(Locale, Option<EntryId>, Fields), ContentError> {
    let locales = &ctx.app.site.locales;
    let locale = checked_locale(locales, command.locale.as_deref())?;
    let Some(original) = command.translation_of else {
        return Ok((locale, None, Fields::default()));
    };
    ctx.actor.require_some(Permission::ReadDrafts, &definition.name)?;
    let original = find(ctx, &command.collection, original).await?;
    ctx.actor.require_on(Permission::ReadDrafts, Subject::of(&original))?;
    let siblings = ctx.app.entries.translations(original.group).await?;
    if siblings.iter().any(|it| it.locale == locale) {
        let message = format!("there is a translation of this entry into {locale} already");
        return Err(ContentError::Invalid(vec![Problem::field("locale", "taken", message)]));
    }
    Ok((locale, Some(original.group), definition.shared(&original.fields)))
}

/// A language of the site.
pub(super) fn checked_locale(
    locales: &Locales,
    locale: Option<&str>,
) -> Result<Locale, ContentError> {
    let Some(text) = locale else { return Ok(locales.default().clone()) };
    let found = Locale::parse(text).ok().filter(|it| locales.contains(it));
    found.ok_or_else(|| {
        let names: Vec<&str> = locales.iter().map(Locale::as_str).collect();
        let message = format!("the site has the languages {}, not `{text}`", names.join(", "));
        ContentError::Invalid(vec![Problem::field("locale", "unknown-locale", message)])
    })
}

/// A slug that somebody chose for an entry by this author.
pub(super) fn checked_slug(
    ctx: &OpContext<'_>,
    definition: &CollectionDefinition,
    author: &str,
    text: &str,
) -> Result<Slug, ContentError> {
    if !ctx.actor.changes_slug(Subject::newest(&definition.name).by(author)) {
        let message = format!("{} may not choose the slug", ctx.actor);
        return Err(ContentError::Invalid(vec![Problem::field("slug", "denied", message)]));
    }
    Slug::parse(text).map_err(|error| {
        ContentError::Invalid(vec![Problem::field("slug", "slug", error.to_string())])
    })
}

/// The slug of a title; an entry whose title has no letter that a slug can have is named by its id.
fn suggested_slug(definition: &CollectionDefinition, fields: &Fields, id: EntryId) -> Slug {
    let title = fields.text(definition.title.as_str()).and_then(Slug::from_title);
    title.unwrap_or_else(|| Slug::from_id(id))
}
