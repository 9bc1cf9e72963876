//! Definitions that files of the site say.

use smartcms_domain::collections::{CollectionDefinition, CollectionName, DefinitionChange};
use smartcms_domain::entries::Revision;

use super::Reach;
use super::apply::{Wanted, apply};
use super::error::CollectionError;
use super::plan::CollectionPlan;
use crate::OpContext;
use crate::ports::{DefinitionRecord, KnownDefinitions, Origin};

/// What the files of a site say; the definitions fit together, and beside those that the database keeps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileDefinitions(pub Vec<CollectionDefinition>);

/// Remembers the definitions of a site that has none applied yet: those of its files, or without files the usual ones.
/// Whether there was anything to remember.
///
/// The entries there are were stored by these definitions: nothing is compared.
pub async fn adopt(
    ctx: &OpContext<'_>,
    files: &FileDefinitions,
    usual: Vec<CollectionDefinition>,
) -> Result<bool, CollectionError> {
    let known = ctx.app.definitions.definitions().await?;
    if !known.records.is_empty() || known.generation > 0 {
        return Ok(false);
    }
    let (definitions, origin) = match files.0.is_empty() {
        true => (usual, Origin::Database),
        false => (files.0.clone(), Origin::File),
    };
    let records = definitions.into_iter().map(|it| record(ctx, it, origin, Revision::FIRST));
    let wanted = Wanted { records: records.collect(), ..Wanted::default() };
    apply(ctx, &known, wanted, Reach::default()).await?;
    Ok(true)
}

/// What the files change in what was applied last; nothing is changed.
pub async fn plan_files(
    ctx: &OpContext<'_>,
    files: &FileDefinitions,
) -> Result<Vec<CollectionPlan>, CollectionError> {
    let known = ctx.app.definitions.definitions().await?;
    let wanted = wanted(ctx, &known, files);
    apply(ctx, &known, wanted, Reach { dry_run: true, force: false }).await
}

/// Applies what the files change; what was changed. Refused when something would be lost, unless it is forced.
pub async fn apply_files(
    ctx: &OpContext<'_>,
    files: &FileDefinitions,
    force: bool,
) -> Result<Vec<CollectionPlan>, CollectionError> {
    let known = ctx.app.definitions.definitions().await?;
    let wanted = wanted(ctx, &known, files);
    if wanted.records.is_empty() && wanted.removed.is_empty() {
        return Ok(Vec::new());
    }
    apply(ctx, &known, wanted, Reach { dry_run: false, force }).await
}

fn wanted(ctx: &OpContext<'_>, known: &KnownDefinitions, files: &FileDefinitions) -> Wanted {
    let mut wanted = Wanted::default();
    for definition in &files.0 {
        let before = known.records.iter().find(|it| it.definition.name == definition.name);
        let change = DefinitionChange::between(before.map(|it| &it.definition), Some(definition));
        let same_origin = before.is_some_and(|it| it.origin == Origin::File);
        if change.is_none() && same_origin {
            continue;
        }
        let revision = before.map_or(Revision::FIRST, |it| it.revision.next());
        let settled = definition.clone().settled();
        wanted.records.push(record(ctx, settled, Origin::File, revision));
        wanted.changes.extend(change);
    }
    let is_gone = |it: &&DefinitionRecord| {
        it.origin == Origin::File && files.0.iter().all(|file| file.name != it.definition.name)
    };
    for gone in known.records.iter().filter(is_gone) {
        wanted.changes.extend(DefinitionChange::between(Some(&gone.definition), None));
        wanted.removed.push(name_of(gone));
    }
    wanted
}

fn name_of(record: &DefinitionRecord) -> CollectionName {
    record.definition.name.clone()
}

fn record(
    ctx: &OpContext<'_>,
    definition: CollectionDefinition,
    origin: Origin,
    revision: Revision,
) -> DefinitionRecord {
    let (changed_at, changed_by) = (ctx.app.clock.now(), ctx.actor.to_string());
    DefinitionRecord { definition, origin, revision, changed_at, changed_by }
}
