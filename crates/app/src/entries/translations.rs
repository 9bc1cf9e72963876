//! What the translations of an entry share.

use smartcms_domain::actors::{Permission, Subject};
use smartcms_domain::collections::CollectionDefinition;
use smartcms_domain::entries::Entry;

use super::commit::{definition, side_write_of};
use super::computed::with_computed;
use super::error::ContentError;
use super::read::hide_fields;
use super::save_checks::refuse;
use crate::OpContext;
use crate::ports::EntryWrite;

/// The entry and its translations that are not in the trash, in any order, as far as the actor sees their newest states.
pub async fn list_translations(
    ctx: &OpContext<'_>,
    entry: &Entry,
) -> Result<Vec<Entry>, ContentError> {
    let definition = definition(ctx, entry.collection.as_str())?;
    ctx.actor.require_some(Permission::ReadDrafts, &definition.name)?;
    let mut found = ctx.app.entries.translations(entry.group).await?;
    let is_seen = |it: &Entry| ctx.actor.may_on(Permission::ReadDrafts, Subject::of(it));
    found.retain(|it| it.collection == entry.collection && is_seen(it));
    for one in &mut found {
        hide_fields(ctx.actor, &definition, one);
    }
    Ok(found)
}

/// The writes that give the values that translations share to the translations of an entry.
pub(super) async fn shared_with(
    ctx: &OpContext<'_>,
    definition: &CollectionDefinition,
    entry: &Entry,
) -> Result<Vec<EntryWrite>, ContentError> {
    let shared = definition.fields.iter().filter(|it| !it.localized);
    let names: Vec<&str> = shared.map(|it| it.name.as_str()).collect();
    // A site of one language has no translations to look for.
    if names.is_empty() || ctx.app.site.locales.iter().nth(1).is_none() {
        return Ok(Vec::new());
    }
    let values = definition.shared(&entry.fields);
    let siblings = ctx.app.entries.translations(entry.group).await?;
    let mut writes = Vec::new();
    for sibling in siblings.into_iter().filter(|it| it.id != entry.id) {
        if let Some(mut next) = sibling.clone().sharing(&values, &names, entry.updated_at) {
            compute_again(ctx, definition, &sibling, &mut next).await?;
            let message = format!("shared with the translation into {}", entry.locale);
            writes.push(side_write_of(ctx, &sibling, next, message)?);
        }
    }
    Ok(writes)
}

/// What a translation computes for itself may be computed from what it shares.
async fn compute_again(
    ctx: &OpContext<'_>,
    definition: &CollectionDefinition,
    before: &Entry,
    next: &mut Entry,
) -> Result<(), ContentError> {
    if definition.computed().next().is_none() {
        return Ok(());
    }
    let fields = std::mem::take(&mut next.fields);
    let problems;
    (next.fields, problems) =
        with_computed(ctx.app, definition, Some(&before.fields), fields).await;
    refuse(problems)?;
    if let Some(live) = &mut next.live {
        let before = before.live.as_ref().map(|it| &it.fields);
        let fields = std::mem::take(&mut live.fields);
        let problems;
        (live.fields, problems) = with_computed(ctx.app, definition, before, fields).await;
        refuse(problems)?;
    }
    Ok(())
}
