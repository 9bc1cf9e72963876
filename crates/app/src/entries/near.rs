//! What stands near an entry, as readers see it.

use smartcms_domain::actors::Subject;
use smartcms_domain::collections::{CollectionDefinition, FieldName};
use smartcms_domain::entries::{Entry, EntryId};

use super::commit::definition;
use super::error::ContentError;
use super::read::{fallbacks, hide_fields, may_read};
use crate::OpContext;
use crate::ports::{NearEntries, NearQuery, NearestQuery};
use crate::search::fused;

/// The neighbours of a public entry in its collection, and at most `related_max` others that point to the most of the
/// same entries by the fields that are named here, or mean something alike. A field that the actor does not see makes nothing related.
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
    add_alike(ctx, entry, &mut near, related_max).await?;
    let found = near.older.iter_mut().chain(&mut near.newer).chain(&mut near.related);
    found.for_each(|it| hide_fields(ctx.actor, &definition, it));
    Ok(near)
}

/// Puts those that mean something alike among those that have something in common; nothing where none is measured.
async fn add_alike(
    ctx: &OpContext<'_>,
    entry: &Entry,
    near: &mut NearEntries,
    related_max: u32,
) -> Result<(), ContentError> {
    let meaning = &ctx.app.meaning;
    let Some(vector) = meaning.store.meaning_of(entry.id, &meaning.model.name).await? else {
        return Ok(());
    };
    let query = NearestQuery {
        vector,
        model: meaning.model.name.clone(),
        collections: Some(vec![entry.collection.clone()]),
        locale: Some(entry.locale.clone()),
        except: Some(entry.id),
        similarity_min: meaning.model.similarity_min,
        limit: related_max,
    };
    let alike = meaning.store.nearest(&query).await?;
    let alike: Vec<EntryId> = alike.into_iter().map(|it| it.entry).collect();
    let known: Vec<EntryId> = near.related.iter().map(|it| it.id).collect();
    let missing: Vec<EntryId> = alike.iter().filter(|it| !known.contains(it)).copied().collect();
    let mut found = std::mem::take(&mut near.related);
    if !missing.is_empty() {
        let entries = ctx.app.entries.find_many(&missing).await?;
        // One of them may have left the site since it was found.
        found.extend(entries.into_iter().filter(|it| it.live.is_some()));
    }
    for (id, _) in fused(&[known, alike]).into_iter().take(related_max as usize) {
        let at = found.iter().position(|it| it.id == id);
        near.related.extend(at.map(|it| found.swap_remove(it)));
    }
    Ok(())
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
