//! What stands near an entry, as readers see it.

use smartcms_domain::actors::Subject;
use smartcms_domain::collections::{CollectionDefinition, FieldName};
use smartcms_domain::entries::{Entry, EntryId};

use super::commit::definition;
use super::error::ContentError;
use super::read::{fallbacks, hide_fields, may_read};
use crate::OpContext;
use crate::ports::{NearEntries, NearQuery};

/// The neighbours of a public entry in its collection, and at most `related_max` others that point to the most of the
/// same entries by the fields that are named here. A field that the actor does not see makes nothing related.
pub async fn near_entries(
    ctx: &OpContext<'_>,
    entry: &Entry,
    pointing: &[(String, EntryId)],
    related_max: u32,
) -> Result<NearEntries, ContentError> {
    let definition = definition(ctx, entry.collection.as_str())?;
    let Some(at) = entry.first_published_at.filter(|_| may_read(ctx.actor, &definition)) else {
        return Ok(NearEntries::default());
    };
    let query = NearQuery {
        entry: entry.id,
        at,
        collection: definition.name.clone(),
        locale: entry.locale.clone(),
        fallbacks: fallbacks(&ctx.app.site.locales, Some(&entry.locale), true),
        pointing: pointing.iter().filter_map(|it| seen(ctx, &definition, it)).collect(),
        related_max,
    };
    let mut near = ctx.app.entries.near(&query).await?;
    let found = near.older.iter_mut().chain(&mut near.newer).chain(&mut near.related);
    found.for_each(|it| hide_fields(ctx.actor, &definition, it));
    Ok(near)
}

fn seen(
    ctx: &OpContext<'_>,
    definition: &CollectionDefinition,
    (field, to): &(String, EntryId),
) -> Option<(FieldName, EntryId)> {
    let field = definition
        .field(field)
        .filter(|it| ctx.actor.sees(Subject::public(&definition.name), it))?;
    Some((field.name.clone(), *to))
}
