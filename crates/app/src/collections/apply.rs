//! Making a change of definitions true.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;

use smartcms_domain::collections::{CollectionDefinition, CollectionName, DefinitionChange};
use smartcms_domain::plugins::PluginId;

use super::Reach;
use super::error::CollectionError;
use super::plan::CollectionPlan;
use super::survey;
use crate::OpContext;
use crate::audit::{Deed, digest_of, record};
use crate::entries::computing_problems;
use crate::ports::{DefinitionRecord, Digest, KnownDefinitions, RedefineError, Redefinition};

/// How often entries may have changed while they were put aside.
const ROUNDS_MAX: usize = 100;

/// Definitions as they are to be.
#[derive(Default)]
pub(super) struct Wanted {
    /// Those that come, or come in the place of others; their fields are called what they will be.
    pub(super) records: Vec<DefinitionRecord>,
    /// Those that go.
    pub(super) removed: Vec<CollectionName>,
    /// What that changes.
    pub(super) changes: Vec<DefinitionChange>,
    /// Plugins by whose functions values are computed afterwards, with their components.
    pub(super) computed: Vec<(PluginId, Digest)>,
}

/// What applying a change gives.
type Applied<'a> =
    Pin<Box<dyn Future<Output = Result<Vec<CollectionPlan>, CollectionError>> + Send + 'a>>;

/// Says what a change does, and does it unless something is lost that may not be.
///
/// Boxed, so that it is compiled here, and not in each crate that awaits it.
pub(super) fn apply<'a>(
    ctx: &'a OpContext<'_>,
    known: &'a KnownDefinitions,
    wanted: Wanted,
    reach: Reach,
) -> Applied<'a> {
    Box::pin(applied(ctx, known, wanted, reach))
}

async fn applied(
    ctx: &OpContext<'_>,
    known: &KnownDefinitions,
    mut wanted: Wanted,
    reach: Reach,
) -> Result<Vec<CollectionPlan>, CollectionError> {
    refuse_uncomputable(ctx, &wanted).await?;
    let mut plans = Vec::new();
    for change in &wanted.changes {
        plans.push(survey::plan(ctx.app, change).await?);
    }
    if reach.dry_run {
        return Ok(plans);
    }
    let plans = allowed(plans, reach)?;
    let all = afterwards(known, &wanted);
    wanted.computed.extend(first_computed(ctx, known, &all).await?);
    let deeds = deeds(known, &wanted);
    let generation = match staged(ctx, known.generation, wanted, &all, reach).await {
        Ok(generation) => generation,
        Err(error) => {
            ctx.app.definitions.forget_staged().await?;
            return Err(error);
        }
    };
    ctx.app.collections.take(generation, all);
    ctx.app.changes.redefined();
    for deed in deeds {
        record(ctx, deed).await;
    }
    crate::search::reindex(ctx.app).await.map_err(CollectionError::Search)?;
    Ok(plans)
}

/// Refuses fields that are computed from now on by functions that are not there, or do not fit.
async fn refuse_uncomputable(ctx: &OpContext<'_>, wanted: &Wanted) -> Result<(), CollectionError> {
    let mut problems = Vec::new();
    for change in &wanted.changes {
        let fresh: Vec<&str> = change.computed_now().map(|it| it.1).collect();
        let all = change.before().is_none();
        let Some(definition) = change.after().filter(|_| all || !fresh.is_empty()) else {
            continue;
        };
        let found = computing_problems(ctx.app, definition).await;
        let is_fresh = |it: &str| all || fresh.contains(&it);
        problems.extend(found.into_iter().filter(|it| it.field.as_deref().is_some_and(is_fresh)));
    }
    if problems.is_empty() { Ok(()) } else { Err(CollectionError::Invalid(problems)) }
}

/// The plugins that compute values from now on: what they compute now is by the components that they have now.
async fn first_computed(
    ctx: &OpContext<'_>,
    known: &KnownDefinitions,
    all: &[CollectionDefinition],
) -> Result<Vec<(PluginId, Digest)>, CollectionError> {
    let mut found = BTreeMap::new();
    let computed = all.iter().flat_map(CollectionDefinition::computed).map(|(_, it)| &it.plugin);
    for plugin in computed.filter(|id| known.computed.iter().all(|(it, _)| it != *id)) {
        if let Some(record) = ctx.app.plugin_store.find(plugin).await? {
            found.insert(plugin.clone(), record.digest);
        }
    }
    Ok(found.into_iter().collect())
}

/// What the audit log says of a change.
fn deeds(known: &KnownDefinitions, wanted: &Wanted) -> Vec<Deed> {
    let before = |name: &CollectionName| {
        let found = known.records.iter().find(|it| it.definition.name == *name);
        found.map(|it| digest_of(&text_of(&it.definition)))
    };
    let stored = wanted.records.iter().map(|it| {
        let name = &it.definition.name;
        let (was, is) = (before(name), digest_of(&text_of(&it.definition)));
        let operation = if was.is_some() { "collection.changed" } else { "collection.created" };
        Deed::done(operation).to("collection", name).digests(was, Some(is))
    });
    let removed = wanted.removed.iter().map(|name| {
        Deed::done("collection.removed").to("collection", name).digests(before(name), None)
    });
    stored.chain(removed).collect()
}

fn text_of(definition: &CollectionDefinition) -> String {
    serde_json::Value::Object(definition.to_document()).to_string()
}

/// What a change may do.
pub(super) fn allowed(
    plans: Vec<CollectionPlan>,
    reach: Reach,
) -> Result<Vec<CollectionPlan>, CollectionError> {
    if plans.iter().any(CollectionPlan::has_duplicates) {
        return Err(CollectionError::not_unique(plans));
    }
    if !reach.force && plans.iter().any(CollectionPlan::loses) {
        return Err(CollectionError::loss(plans));
    }
    Ok(plans)
}

/// Every definition there is after the change, by name.
fn afterwards(known: &KnownDefinitions, wanted: &Wanted) -> Vec<CollectionDefinition> {
    let stays = |it: &&DefinitionRecord| {
        let name = &it.definition.name;
        !wanted.removed.contains(name)
            && wanted.records.iter().all(|it| it.definition.name != *name)
    };
    let stay = known.records.iter().filter(stays).chain(&wanted.records);
    let mut all: Vec<CollectionDefinition> = stay.map(|it| it.definition.clone()).collect();
    smartcms_domain::sorting::sort_by(&mut all, |a, b| a.name.cmp(&b.name));
    all
}

/// Puts all entries aside, then swaps. Entries that change meanwhile are put aside again.
async fn staged(
    ctx: &OpContext<'_>,
    generation: u64,
    wanted: Wanted,
    all: &[CollectionDefinition],
    reach: Reach,
) -> Result<u64, CollectionError> {
    let app = ctx.app;
    app.definitions.forget_staged().await?;
    let id = app.randomness.id(app.clock.now());
    let mut seen = app.outbox.newest().await?;
    let looking: Vec<DefinitionChange> =
        wanted.changes.into_iter().filter(DefinitionChange::rewrites_entries).collect();
    let mut plans = Vec::new();
    for change in &looking {
        plans.push(survey::stage(ctx, id, change).await?);
    }
    allowed(plans, reach)?;
    let looked_at: Vec<CollectionName> = looking.iter().map(|it| it.collection().clone()).collect();
    let all: Vec<Arc<CollectionDefinition>> = all.iter().cloned().map(Arc::new).collect();
    for _ in 0..ROUNDS_MAX {
        let swapped = app.definitions.redefine(Redefinition {
            change: id,
            generation,
            records: wanted.records.clone(),
            removed: wanted.removed.clone(),
            computed: wanted.computed.clone(),
            looked_at: looked_at.clone(),
            seen,
            all: all.clone(),
        });
        match swapped.await {
            Ok(generation) => return Ok(generation),
            Err(RedefineError::Moved) => {}
            Err(error) => return Err(refused(error)),
        }
        let plans;
        (seen, plans) = survey::stage_changed(ctx, id, &looking, seen).await?;
        allowed(plans, reach)?;
    }
    Err(CollectionError::Busy)
}

fn refused(error: RedefineError) -> CollectionError {
    match error {
        RedefineError::Stale => CollectionError::ChangedMeanwhile,
        RedefineError::Moved => CollectionError::Busy,
        RedefineError::NotUnique { collection, field } => {
            let message = format!(
                "entries of {collection} share a value of `{field}`, which is to be unique"
            );
            let problem = smartcms_domain::Problem::field(
                &format!("{collection}.{field}"),
                "not-unique",
                message,
            );
            CollectionError::NotUnique(Vec::new(), vec![problem])
        }
        RedefineError::Store(error) => CollectionError::Store(error),
    }
}
