//! What every definition by the API passes.

use serde_json::Value;
use smartcms_domain::Problem;
use smartcms_domain::actors::{Actor, Subject};
use smartcms_domain::collections::{CollectionDefinition, CollectionName, problems_of_set};

use super::error::CollectionError;
use crate::ports::{DefinitionRecord, KnownDefinitions};

/// Reads a definition, and looks whether it fits beside the others.
pub(super) fn read(
    name: CollectionName,
    document: &Value,
    known: &KnownDefinitions,
) -> Result<CollectionDefinition, CollectionError> {
    let definition =
        CollectionDefinition::read(name, document).map_err(CollectionError::Invalid)?;
    let others = known.records.iter().map(|it| &it.definition);
    let others = others.filter(|it| it.name != definition.name).cloned();
    // The others fit together already: what is wrong is wrong because of this one, which stands last.
    let all: Vec<CollectionDefinition> = others.chain([definition.clone()]).collect();
    let problems: Vec<Problem> = problems_of_set(&all).into_iter().map(|it| it.1).collect();
    if problems.is_empty() { Ok(definition) } else { Err(CollectionError::Invalid(problems)) }
}

/// Refuses a definition by which the actor would see or change what it does not now.
pub(super) fn refuse_opening(
    actor: &Actor,
    old: &CollectionDefinition,
    new: &CollectionDefinition,
) -> Result<(), CollectionError> {
    let mut problems = Vec::new();
    for field in old.fields.iter().filter(|it| !actor.changes(Subject::newest(&old.name), it)) {
        let is_it = |it: &&smartcms_domain::collections::FieldDefinition| {
            it.name == field.name || it.renamed_from.as_ref() == Some(&field.name)
        };
        let Some(after) = new.fields.iter().find(is_it) else { continue };
        if after.access != field.access {
            let message = format!(
                "{actor} does not change {}: its `read` and `write` have to stay",
                field.label
            );
            problems.push(Problem::field(&format!("fields.{}", field.name), "denied", message));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(CollectionError::Invalid(problems)) }
}

/// The record of a collection that the database keeps.
pub(super) fn kept<'a>(
    known: &'a KnownDefinitions,
    name: &str,
) -> Result<&'a DefinitionRecord, CollectionError> {
    let found = known.records.iter().find(|it| it.definition.name.as_str() == name);
    let record = found.ok_or_else(|| CollectionError::Unknown(name.to_owned()))?;
    if record.origin == crate::ports::Origin::File {
        return Err(CollectionError::InFile(name.to_owned()));
    }
    Ok(record)
}

/// Refuses a change that was made from an older state.
pub(super) fn require_seen(
    record: &DefinitionRecord,
    seen: Option<smartcms_domain::entries::Revision>,
) -> Result<(), CollectionError> {
    match seen {
        Some(seen) if seen != record.revision => Err(CollectionError::Stale {
            name: record.definition.name.to_string(),
            seen,
            stored: record.revision,
        }),
        _ => Ok(()),
    }
}
