//! One difference between two definitions.

use crate::collections::definition::CollectionDefinition;

/// One difference between two definitions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The field, with the groups around it: `seo.title`. `None` when it is about the collection.
    pub field: Option<String>,
    /// What differs.
    pub kind: StepKind,
    /// The same for people: "renamed from `code`".
    pub message: String,
}

/// What differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepKind {
    /// The collection is new.
    CollectionAdded,
    /// The collection goes, with its entries.
    CollectionRemoved,
    /// What it is called or how it shows; no value depends on it.
    Settings,
    /// Its pages have another address, or none.
    Address,
    /// Something about a field.
    Field(FieldStep),
}

/// What differs in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldStep {
    /// It is new.
    Added,
    /// It goes, with its values.
    Removed,
    /// It has another name; its values move.
    Renamed,
    /// It holds another kind of values.
    Kind,
    /// An entry needs a value now.
    Required,
    /// No two entries can share a value now.
    Unique,
    /// The least or the most leaves less room.
    Bounds,
    /// Texts have to match another pattern.
    Pattern,
    /// Choices are gone.
    Choices,
    /// Translations share one value now.
    Shared,
    /// It is computed now, or from something else.
    Computed,
    /// Something that no value depends on: labels, looser rules, who sees it, an index.
    Described,
}

impl StepKind {
    /// The lasting name.
    pub fn name(self) -> &'static str {
        match self {
            Self::CollectionAdded => "collection-added",
            Self::CollectionRemoved => "collection-removed",
            Self::Settings => "settings",
            Self::Address => "address",
            Self::Field(step) => step.name(),
        }
    }

    /// Whether entries have to be looked at because of it.
    pub(super) fn looks_at_entries(self) -> bool {
        match self {
            Self::CollectionRemoved | Self::Address => true,
            Self::CollectionAdded | Self::Settings => false,
            Self::Field(FieldStep::Described | FieldStep::Unique) => false,
            Self::Field(_) => true,
        }
    }

    pub(super) fn is(self, step: FieldStep) -> bool {
        self == Self::Field(step)
    }

    /// Whether a problem of this code in the step's field is because of the step.
    pub(super) fn explains(self, code: &str) -> bool {
        let Self::Field(step) = self else { return false };
        match step {
            FieldStep::Required | FieldStep::Added => code == "required",
            FieldStep::Bounds => code.starts_with("too-"),
            FieldStep::Pattern => code == "pattern",
            FieldStep::Choices => code == "kind",
            FieldStep::Kind | FieldStep::Computed => true,
            FieldStep::Removed
            | FieldStep::Renamed
            | FieldStep::Unique
            | FieldStep::Shared
            | FieldStep::Described => false,
        }
    }
}

impl FieldStep {
    /// The lasting name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Added => "field-added",
            Self::Removed => "field-removed",
            Self::Renamed => "field-renamed",
            Self::Kind => "kind",
            Self::Required => "required",
            Self::Unique => "unique",
            Self::Bounds => "bounds",
            Self::Pattern => "pattern",
            Self::Choices => "choices",
            Self::Shared => "not-localized",
            Self::Computed => "computed",
            Self::Described => "described",
        }
    }
}

impl Step {
    pub(super) fn of_collection(kind: StepKind, definition: &CollectionDefinition) -> Self {
        let does = if kind == StepKind::CollectionAdded { "added" } else { "removed" };
        Self { field: None, kind, message: format!("{} is {does}", definition.name) }
    }

    pub(super) fn of_address(old: &CollectionDefinition, new: &CollectionDefinition) -> Self {
        let url = |it: &CollectionDefinition| {
            it.url.as_ref().map_or_else(|| "no address".to_owned(), |it| format!("`{it}`"))
        };
        let message = format!("its pages move from {} to {}", url(old), url(new));
        Self { field: None, kind: StepKind::Address, message }
    }

    pub(super) fn of_field(path: &str, kind: FieldStep, message: impl Into<String>) -> Self {
        Self { field: Some(path.to_owned()), kind: StepKind::Field(kind), message: message.into() }
    }
}
