//! Taking a collection away.

use smartcms_domain::Problem;
use smartcms_domain::collections::{CollectionDefinition, DefinitionChange, problems_of_set};
use smartcms_domain::entries::Revision;

use super::apply::{Wanted, apply};
use super::error::CollectionError;
use super::plan::CollectionPlan;
use super::{Reach, guard};
use crate::OpContext;
use crate::ports::KnownDefinitions;

/// A collection that is to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoveCollection {
    /// Which.
    pub name: String,
    /// The state that the author saw; `None` to take away whatever is there.
    pub seen: Option<Revision>,
    /// How far to go: a collection with entries goes by force alone.
    pub reach: Reach,
}

/// Takes a collection away, with its entries and their history.
pub async fn remove_collection(
    ctx: &OpContext<'_>,
    command: RemoveCollection,
) -> Result<CollectionPlan, CollectionError> {
    CollectionError::check(ctx)?;
    let known = ctx.app.definitions.definitions().await?;
    let record = guard::kept(&known, &command.name)?;
    guard::require_seen(record, command.seen)?;
    let old = &record.definition;
    refuse_when_referenced(&known, old)?;
    let changes = DefinitionChange::between(Some(old), None).into_iter().collect();
    let wanted = Wanted { removed: vec![old.name.clone()], changes, ..Wanted::default() };
    let plans = apply(ctx, &known, wanted, command.reach).await?;
    Ok(CollectionPlan::first_of(plans, &old.name))
}

fn refuse_when_referenced(
    known: &KnownDefinitions,
    old: &CollectionDefinition,
) -> Result<(), CollectionError> {
    let others = known.records.iter().map(|it| &it.definition).filter(|it| it.name != old.name);
    let others: Vec<CollectionDefinition> = others.cloned().collect();
    let named = |(name, problem): (_, Problem)| {
        let path = format!("{name}.{}", problem.field.as_deref().unwrap_or_default());
        Problem { field: Some(path), ..problem }
    };
    let problems: Vec<Problem> = problems_of_set(&others).into_iter().map(named).collect();
    if problems.is_empty() {
        return Ok(());
    }
    Err(CollectionError::Referenced(old.name.to_string(), problems))
}
