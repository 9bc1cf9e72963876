//! What entries point to: that it is there when they are saved, and what becomes of them when it goes.

use std::collections::BTreeSet;

use smartcms_domain::Problem;
use smartcms_domain::assets::AssetId;
use smartcms_domain::collections::{
    CollectionDefinition, CollectionName, FieldKind, OnDelete, Reference, Target,
};
use smartcms_domain::entries::{Entry, EntryId, Fields};
use smartcms_domain::sorting::{map_of, set_of};

use super::error::ContentError;
use crate::OpContext;
use crate::ports::{ASSETS_NAMED_MAX, AssetRef};

/// The most entries that one deletion changes because they point to what goes.
pub(super) const REFERRERS_MAX: u32 = 500;

/// What is wrong with the entries and files that these values point to. What they pointed to before is not asked about:
/// it may have gone since, and that is no mistake of this save.
pub(super) async fn reference_problems(
    ctx: &OpContext<'_>,
    definition: &CollectionDefinition,
    before: &Fields,
    fields: &Fields,
) -> Result<Vec<Problem>, ContentError> {
    let before = definition.references_of(before);
    let known: BTreeSet<(&str, Target)> =
        before.iter().map(|it| (it.field.as_str(), it.target)).collect();
    let references = definition.references_of(fields);
    let is_new = |it: &&Reference| !known.contains(&(it.field.as_str(), it.target));
    let (mut entries, mut assets) = (Vec::new(), Vec::new());
    for reference in references.iter().filter(is_new) {
        match reference.target {
            Target::Entry(id) => entries.push((reference.field.as_str(), id)),
            Target::Asset(id) => assets.push((reference.field.as_str(), AssetId::new(id))),
            // An address in a text may lead anywhere.
            Target::File(_) => {}
        }
    }
    let mut problems = missing_entries(ctx, definition, entries).await?;
    problems.extend(missing_assets(ctx, assets).await?);
    Ok(problems)
}

async fn missing_entries(
    ctx: &OpContext<'_>,
    definition: &CollectionDefinition,
    targets: Vec<(&str, EntryId)>,
) -> Result<Vec<Problem>, ContentError> {
    if targets.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<EntryId> = targets.iter().map(|(_, id)| *id).collect();
    let found = ctx.app.entries.find_many(&ids).await?;
    let there = found.into_iter().filter(|it| it.trashed_at.is_none());
    let there = map_of(there.map(|it| (it.id, it.collection)));
    let missing = targets.into_iter().filter(|(field, id)| {
        let collection = there.get(id);
        match wanted(definition, field) {
            Some(wanted) => collection != Some(wanted),
            None => collection.is_none(),
        }
    });
    let problem = |(field, id): (&str, EntryId)| {
        let place = wanted(definition, field).map(|it| format!(" of {it}")).unwrap_or_default();
        Problem::field(field, "unknown-entry", format!("there is no entry {id}{place}"))
    };
    Ok(missing.map(problem).collect())
}

async fn missing_assets(
    ctx: &OpContext<'_>,
    targets: Vec<(&str, AssetId)>,
) -> Result<Vec<Problem>, ContentError> {
    let mut problems = Vec::new();
    for targets in targets.chunks(ASSETS_NAMED_MAX) {
        let names: Vec<AssetRef> = targets.iter().map(|(_, id)| AssetRef::Id(*id)).collect();
        let found = ctx.app.media.assets.find_named(&names).await?;
        let there = set_of(found.into_iter().map(|it| it.asset.id));
        let missing = targets.iter().filter(|(_, id)| !there.contains(id));
        problems.extend(missing.map(|(field, id)| {
            Problem::field(field, "unknown-asset", format!("there is no file {id}"))
        }));
    }
    Ok(problems)
}

/// The collection that a relation points to; `None` for a field that holds relations further in.
fn wanted<'a>(definition: &'a CollectionDefinition, field: &str) -> Option<&'a CollectionName> {
    match &definition.field(field)?.kind {
        FieldKind::Relation(relation) => Some(&relation.to),
        _ => None,
    }
}

/// The entries that go to the trash with one, or why it cannot go.
pub(super) async fn going_with(
    ctx: &OpContext<'_>,
    entry: &Entry,
) -> Result<Vec<Entry>, ContentError> {
    let mut going: Vec<Entry> = Vec::new();
    let mut seen: BTreeSet<EntryId> = [entry.id].into();
    let mut open = vec![entry.id];
    while let Some(id) = open.pop() {
        for referrer in ctx.app.entries.referrers(Target::Entry(id), REFERRERS_MAX + 1).await? {
            let rules = rules_of(ctx, &referrer.entry, &referrer.fields);
            if !seen.contains(&referrer.entry.id) && rules.contains(&OnDelete::Restrict) {
                return Err(ContentError::Referenced {
                    entry: entry.id.to_string(),
                    by: format!("{}/{}", referrer.entry.collection, referrer.entry.slug),
                    field: referrer.fields.join(", "),
                });
            }
            if rules.contains(&OnDelete::Cascade) && seen.insert(referrer.entry.id) {
                open.push(referrer.entry.id);
                going.push(referrer.entry);
            }
            if seen.len() > REFERRERS_MAX as usize {
                return Err(too_many(entry));
            }
        }
    }
    Ok(going)
}

fn rules_of(ctx: &OpContext<'_>, entry: &Entry, fields: &[String]) -> Vec<OnDelete> {
    let Some(definition) = ctx.app.collections.get(&entry.collection) else { return Vec::new() };
    let rule = |name: &String| match &definition.field(name)?.kind {
        FieldKind::Relation(relation) => Some(relation.on_delete),
        _ => None,
    };
    fields.iter().filter_map(rule).collect()
}

pub(super) fn too_many(entry: &Entry) -> ContentError {
    ContentError::TooManyReferrers { entry: entry.id.to_string(), limit: REFERRERS_MAX }
}
