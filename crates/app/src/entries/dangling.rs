//! References that lead nowhere: to entries and assets that are not there. Saves refuse them, but an import brings
//! entries in any order, and what it names may never come.

use std::collections::BTreeMap;

use smartcms_domain::actors::{Permission, Subject};
use smartcms_domain::collections::{CollectionName, Target};
use smartcms_domain::entries::{Entry, EntryId, Slug};

use super::clear::{Gone, cleared};
use super::commit::commit_all;
use super::error::ContentError;
use crate::OpContext;
use crate::ports::{Dangling, Referrer};

/// How many entries one change clears.
const CLEARED_AT_ONCE: u32 = 100;

/// A reference that leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DanglingReference {
    /// The entry that has it.
    pub entry: EntryId,
    /// The entry's collection.
    pub collection: CollectionName,
    /// The entry's slug.
    pub slug: Slug,
    /// The field of the collection that holds it.
    pub field: String,
    /// What is not there.
    pub target: Target,
}

/// References that lead nowhere, of at most `limit` entries after one in the order of their ids: in the collections
/// whose drafts the actor reads and the fields that it sees. What is in the trash can come back, so it is somewhere.
pub async fn list_dangling(
    ctx: &OpContext<'_>,
    after: Option<EntryId>,
    limit: u32,
) -> Result<Vec<DanglingReference>, ContentError> {
    let found = ctx.app.entries.dangling(after, limit).await?;
    let entries = entries_of(ctx, &found).await?;
    let named = found.into_iter().filter_map(|Dangling { entry: id, field, target }| {
        let entry = entries.get(&id)?;
        let definition = ctx.app.collections.get(&entry.collection)?;
        let is_seen =
            definition.field(&field).is_some_and(|it| ctx.actor.sees(Subject::of(entry), it));
        let may = ctx.actor.may(Permission::ReadDrafts, &definition.name) && is_seen;
        let (collection, slug) = (entry.collection.clone(), entry.slug.clone());
        may.then_some(DanglingReference { entry: id, collection, slug, field, target })
    });
    Ok(named.collect())
}

/// Takes references that lead nowhere out of the entries that the actor may change, in their newest states and their
/// public ones, each as a revision that says so. How many entries were changed.
pub async fn clear_dangling(ctx: &OpContext<'_>) -> Result<u64, ContentError> {
    let (mut changed, mut after) = (0, None);
    loop {
        let found = ctx.app.entries.dangling(after, CLEARED_AT_ONCE).await?;
        let Some(last) = found.last() else { return Ok(changed) };
        after = Some(last.entry);
        let gone: Gone = found.iter().map(|it| id_of(it.target)).collect();
        let mut entries = entries_of(ctx, &found).await?;
        entries.retain(|_, it| {
            let definition = ctx.app.collections.get(&it.collection);
            definition.is_some_and(|it| ctx.actor.may(Permission::Update, &it.name))
        });
        let referrers = entries.into_values().map(|entry| {
            let of_entry = found.iter().filter(|it| it.entry == entry.id);
            Referrer { fields: of_entry.map(|it| it.field.clone()).collect(), entry }
        });
        let message = "what it pointed to is not there";
        let changes = cleared(ctx, referrers.collect(), &gone, message)?;
        changed += changes.writes.len() as u64;
        commit_all(ctx, changes).await?;
    }
}

async fn entries_of(
    ctx: &OpContext<'_>,
    found: &[Dangling],
) -> Result<BTreeMap<EntryId, Entry>, ContentError> {
    let mut ids: Vec<EntryId> = found.iter().map(|it| it.entry).collect();
    ids.dedup();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let entries = ctx.app.entries.find_many(&ids).await?;
    Ok(entries.into_iter().map(|it| (it.id, it)).collect())
}

/// An id as values have it.
fn id_of(target: Target) -> String {
    match target {
        Target::Entry(id) => id.to_string(),
        Target::Asset(id) => id.as_hyphenated().to_string(),
        // Addresses in texts are not among what leads nowhere.
        Target::File(_) => String::new(),
    }
}
