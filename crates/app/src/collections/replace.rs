//! Changing a collection.

use serde_json::Value;
use smartcms_domain::collections::DefinitionChange;
use smartcms_domain::entries::Revision;

use super::apply::{Wanted, apply};
use super::error::CollectionError;
use super::plan::CollectionPlan;
use super::{Changed, Reach, guard};
use crate::OpContext;
use crate::ports::DefinitionRecord;

/// Another definition for a collection.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplaceCollection {
    /// Which.
    pub name: String,
    /// Its whole definition, with the words of a file.
    pub document: Value,
    /// The state that the author saw; `None` to change whatever is there.
    pub seen: Option<Revision>,
    /// How far to go.
    pub reach: Reach,
}

/// Gives a collection another definition, and takes its entries along. One that is what it was changes nothing.
pub async fn replace_collection(
    ctx: &OpContext<'_>,
    command: ReplaceCollection,
) -> Result<Changed<DefinitionRecord>, CollectionError> {
    CollectionError::check(ctx)?;
    let known = ctx.app.definitions.definitions().await?;
    let record = guard::kept(&known, &command.name)?;
    guard::require_seen(record, command.seen)?;
    let old = &record.definition;
    let definition = guard::read(old.name.clone(), &command.document, &known)?;
    guard::refuse_opening(ctx.actor, old, &definition)?;
    let Some(change) = DefinitionChange::between(Some(old), Some(&definition)) else {
        let plan = CollectionPlan::first_of(Vec::new(), &old.name);
        return Ok(Changed { now: record.clone(), plan });
    };
    let next = DefinitionRecord {
        definition: definition.settled(),
        origin: record.origin,
        revision: record.revision.next(),
        changed_at: ctx.app.clock.now(),
        changed_by: ctx.actor.to_string(),
    };
    let wanted = Wanted { records: vec![next.clone()], changes: vec![change], ..Wanted::default() };
    let plans = apply(ctx, &known, wanted, command.reach).await?;
    Ok(Changed { plan: CollectionPlan::first_of(plans, &next.definition.name), now: next })
}
