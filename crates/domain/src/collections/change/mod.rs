//! What a change of a definition does to the entries there are.
//!
//! [`DefinitionChange::between`] compares two definitions and names each step between them;
//! [`DefinitionChange::rewrite`] takes the values of an entry along, and says which step moved, dropped or broke what.

mod compare;
mod convert;
mod rewrite;
mod step;

#[cfg(test)]
mod tests;

pub use convert::Converters;
pub use rewrite::{Effect, Rewritten, Touch};
pub use step::{FieldStep, Step, StepKind};

use self::compare::{FieldChange, compare_fields, settings_step};
use super::computed::Computed;
use super::definition::CollectionDefinition;
use super::field::FieldDefinition;
use super::name::CollectionName;
use crate::plugins::PluginId;

/// A change of one definition.
#[derive(Debug, Clone)]
pub struct DefinitionChange {
    collection: CollectionName,
    old: Option<CollectionDefinition>,
    new: Option<CollectionDefinition>,
    steps: Vec<Step>,
    fields: Vec<FieldChange>,
}

impl DefinitionChange {
    /// Compares what was with what is to be, both of the same name; `None` when nothing differs.
    pub fn between(
        old: Option<&CollectionDefinition>,
        new: Option<&CollectionDefinition>,
    ) -> Option<Self> {
        let collection = new.or(old)?.name.clone();
        let mut steps = Vec::new();
        let fields = match (old, new) {
            (None, None) => Vec::new(),
            (None, Some(new)) => {
                steps.push(Step::of_collection(StepKind::CollectionAdded, new));
                Vec::new()
            }
            (Some(old), None) => {
                steps.push(Step::of_collection(StepKind::CollectionRemoved, old));
                Vec::new()
            }
            (Some(old), Some(new)) => {
                steps.extend(settings_step(old, new));
                if old.url != new.url {
                    steps.push(Step::of_address(old, new));
                }
                compare_fields(&old.fields, &new.fields, "", &mut steps)
            }
        };
        let (old, new) = (old.cloned(), new.cloned());
        let change = Self { collection, old, new, steps, fields };
        (!change.steps.is_empty()).then_some(change)
    }

    /// A definition that stays as it is while the functions of a plugin that compute its fields do not; `None` when none
    /// of them does.
    pub fn recomputed(definition: &CollectionDefinition, plugin: &PluginId) -> Option<Self> {
        let step = |(field, computed): (&FieldDefinition, &Computed)| {
            let message = format!("computed again by {}", computed.told());
            Step::of_field(field.name.as_str(), FieldStep::Computed, message)
        };
        let computed = definition.computed().filter(|(_, it)| it.plugin == *plugin);
        let steps: Vec<Step> = computed.map(step).collect();
        let (collection, both) = (definition.name.clone(), Some(definition.clone()));
        let change = Self { collection, old: both.clone(), new: both, steps, fields: Vec::new() };
        (!change.steps.is_empty()).then_some(change)
    }

    /// The collection.
    pub fn collection(&self) -> &CollectionName {
        &self.collection
    }

    /// What was; `None` for a new collection.
    pub fn before(&self) -> Option<&CollectionDefinition> {
        self.old.as_ref()
    }

    /// What is to be; `None` for a collection that goes.
    pub fn after(&self) -> Option<&CollectionDefinition> {
        self.new.as_ref()
    }

    /// What differs.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Whether entries have to be looked at: to be rewritten, or to be found to break a rule.
    pub fn looks_at_entries(&self) -> bool {
        self.steps.iter().any(|it| it.kind.looks_at_entries())
    }

    /// Whether entries can be other ones afterwards, or be gone.
    pub fn rewrites_entries(&self) -> bool {
        let gone = self.old.is_some() && self.new.is_none();
        gone || self.fields.iter().any(FieldChange::rewrites)
            || self.shared_now().next().is_some()
            || self.computed_now().next().is_some()
    }

    /// The fields that are computed from now on, or from something else, with their steps.
    pub fn computed_now(&self) -> impl Iterator<Item = (usize, &str)> {
        let is_computed = |name: &str| self.new.as_ref().is_some_and(|it| it.is_computed(name));
        self.steps.iter().enumerate().filter_map(move |(at, step)| {
            let name = step.field.as_deref()?;
            let begins = step.kind.is(FieldStep::Computed) || step.kind.is(FieldStep::Added);
            (begins && is_computed(name)).then_some((at, name))
        })
    }

    /// The fields of the new definition that are shared by translations from now on, with their steps.
    pub fn shared_now(&self) -> impl Iterator<Item = (usize, &str)> {
        let shared = self.steps.iter().enumerate();
        shared
            .filter(|(_, it)| it.kind.is(FieldStep::Shared))
            .filter_map(|(at, step)| Some((at, step.field.as_deref()?)))
    }

    /// The fields that are unique from now on: the step, and what the field was called and is called now.
    pub fn unique_now(&self) -> impl Iterator<Item = (usize, &FieldDefinition, &FieldDefinition)> {
        self.steps.iter().enumerate().filter(|(_, it)| it.kind.is(FieldStep::Unique)).filter_map(
            |(at, step)| {
                let name = step.field.as_deref()?;
                let pairs =
                    self.fields.iter().filter_map(|it| it.old.as_ref().zip(it.new.as_ref()));
                let (old, new) = pairs.into_iter().find(|(_, new)| new.name.as_str() == name)?;
                Some((at, old, new))
            },
        )
    }
}
