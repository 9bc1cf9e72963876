//! Making a collection.

use serde_json::Value;
use smartcms_domain::Problem;
use smartcms_domain::collections::{CollectionName, DefinitionChange};
use smartcms_domain::entries::Revision;

use super::apply::{Wanted, apply};
use super::error::CollectionError;
use super::plan::CollectionPlan;
use super::{Changed, Reach, guard};
use crate::OpContext;
use crate::ports::{DefinitionRecord, Origin};

/// A new collection.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateCollection {
    /// What it is called in addresses.
    pub name: String,
    /// Its definition, with the words of a file.
    pub document: Value,
    /// How far to go; there is nothing that could be lost.
    pub reach: Reach,
}

/// Makes a collection, which the database keeps.
pub async fn create_collection(
    ctx: &OpContext<'_>,
    command: CreateCollection,
) -> Result<Changed<DefinitionRecord>, CollectionError> {
    CollectionError::check(ctx)?;
    let name = CollectionName::parse(&command.name).map_err(|error| {
        CollectionError::Invalid(vec![Problem::field("name", "malformed", error.to_string())])
    })?;
    let known = ctx.app.definitions.definitions().await?;
    if known.records.iter().any(|it| it.definition.name == name) {
        return Err(CollectionError::NameTaken(command.name));
    }
    let definition = guard::read(name, &command.document, &known)?.settled();
    let changes = DefinitionChange::between(None, Some(&definition)).into_iter().collect();
    let record = DefinitionRecord {
        definition,
        origin: Origin::Database,
        revision: Revision::FIRST,
        changed_at: ctx.app.clock.now(),
        changed_by: ctx.actor.to_string(),
    };
    let wanted = Wanted { records: vec![record.clone()], changes, ..Wanted::default() };
    let plans = apply(ctx, &known, wanted, command.reach).await?;
    Ok(Changed { plan: CollectionPlan::first_of(plans, &record.definition.name), now: record })
}
