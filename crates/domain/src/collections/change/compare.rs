//! Comparing two definitions.

use serde_json::Number;

use super::step::{FieldStep, Step, StepKind};
use crate::collections::definition::CollectionDefinition;
use crate::collections::field::{FieldDefinition, usual_label};
use crate::collections::kind::{Choice, FieldKind};

/// What becomes of one field, and which steps that is.
#[derive(Debug, Clone)]
pub(super) struct FieldChange {
    /// What it was; `None` for a new one.
    pub(super) old: Option<FieldDefinition>,
    /// What it is to be; `None` for one that goes.
    pub(super) new: Option<FieldDefinition>,
    pub(super) removed: Option<usize>,
    pub(super) renamed: Option<usize>,
    pub(super) kind: Option<usize>,
    /// What becomes of the fields inside.
    pub(super) inner: Vec<FieldChange>,
}

/// What differs in how a collection is called and shows.
pub(super) fn settings_step(
    old: &CollectionDefinition,
    new: &CollectionDefinition,
) -> Option<Step> {
    let order = |it: &CollectionDefinition| -> Vec<String> {
        let kept = |name: &&FieldDefinition| {
            old.field(name.name.as_str()).is_some() && new.field(name.name.as_str()).is_some()
        };
        it.fields.iter().filter(kept).map(|it| it.name.to_string()).collect()
    };
    let words = [
        ("label", old.label != new.label),
        ("label_one", old.label_one != new.label_one),
        ("listed", old.listed != new.listed),
        ("title", old.title != new.title),
        ("body", old.body != new.body),
        ("image", old.image != new.image),
        ("taxonomy", old.taxonomy != new.taxonomy),
        ("drafts", old.drafts != new.drafts),
        ("fields", order(old) != order(new)),
    ];
    let message = named(&words)?;
    Some(Step { field: None, kind: StepKind::Settings, message })
}

/// Compares lists of fields that stand at this path: empty, or `seo.`.
pub(super) fn compare_fields(
    old: &[FieldDefinition],
    new: &[FieldDefinition],
    before: &str,
    steps: &mut Vec<Step>,
) -> Vec<FieldChange> {
    let mut changes: Vec<FieldChange> = Vec::new();
    let find = |name: &crate::collections::FieldName| old.iter().find(|it| it.name == *name);
    for field in new {
        let from = field.renamed_from.as_ref().filter(|_| find(&field.name).is_none());
        let earlier = find(&field.name).or_else(|| find(from?));
        changes.push(match earlier {
            Some(earlier) => compare_field(earlier, field, before, steps),
            None => added(field, before, steps),
        });
    }
    let taken = |field: &&FieldDefinition| {
        !changes.iter().any(|it| it.old.as_ref().is_some_and(|old| old.name == field.name))
    };
    let gone: Vec<FieldDefinition> = old.iter().filter(taken).cloned().collect();
    for field in gone {
        let path = format!("{before}{}", field.name);
        let removed = note(steps, Step::of_field(&path, FieldStep::Removed, "removed"));
        changes.push(FieldChange { old: Some(field), removed, ..FieldChange::none() });
    }
    changes
}

impl FieldChange {
    fn none() -> Self {
        Self { old: None, new: None, removed: None, renamed: None, kind: None, inner: Vec::new() }
    }

    /// Whether values are other ones afterwards.
    pub(super) fn rewrites(&self) -> bool {
        let steps = [self.removed, self.renamed, self.kind];
        steps.iter().any(Option::is_some) || self.inner.iter().any(Self::rewrites)
    }
}

fn added(field: &FieldDefinition, before: &str, steps: &mut Vec<Step>) -> FieldChange {
    let path = format!("{before}{}", field.name);
    let required = if field.required { ", and required" } else { "" };
    let computed = field.computed.as_ref().map(|it| format!(", computed by {}", it.told()));
    let message = format!("added{required}{}", computed.unwrap_or_default());
    note(steps, Step::of_field(&path, FieldStep::Added, message));
    FieldChange { new: Some(field.clone()), ..FieldChange::none() }
}

fn compare_field(
    old: &FieldDefinition,
    new: &FieldDefinition,
    before: &str,
    steps: &mut Vec<Step>,
) -> FieldChange {
    let path = format!("{before}{}", new.name);
    let mut change =
        FieldChange { old: Some(old.clone()), new: Some(new.clone()), ..FieldChange::none() };
    if old.name != new.name {
        let message = format!("renamed from `{}`", old.name);
        change.renamed = note(steps, Step::of_field(&path, FieldStep::Renamed, message));
    }
    match (&old.kind, &new.kind) {
        (FieldKind::Group(from), FieldKind::Group(to))
        | (FieldKind::Repeater(from), FieldKind::Repeater(to)) => {
            change.inner = compare_fields(from, to, &format!("{path}."), steps);
        }
        (from, to) => {
            if let Some(message) = other_kind(from, to) {
                change.kind = note(steps, Step::of_field(&path, FieldStep::Kind, message));
            }
            if let Some(message) = fewer_choices(from, to) {
                note(steps, Step::of_field(&path, FieldStep::Choices, message));
            }
        }
    }
    compare_rules(old, new, &path, steps);
    change
}

fn compare_rules(old: &FieldDefinition, new: &FieldDefinition, path: &str, steps: &mut Vec<Step>) {
    let mut add = |step, message: String| steps.push(Step::of_field(path, step, message));
    if new.required && !old.required {
        add(FieldStep::Required, "required now".to_owned());
    }
    if new.unique && !old.unique {
        add(FieldStep::Unique, "unique now".to_owned());
    }
    if is_tighter(old, new) {
        let say = |it: &Option<Number>| it.as_ref().map_or("none".to_owned(), Number::to_string);
        let (min, max) = (say(&new.bounds.min), say(&new.bounds.max));
        add(FieldStep::Bounds, format!("less room: `min` {min}, `max` {max}"));
    }
    if let Some(pattern) = new.pattern.as_ref().filter(|it| old.pattern.as_ref() != Some(it)) {
        add(FieldStep::Pattern, format!("has to look like `{}` now", pattern.as_str()));
    }
    if old.localized && !new.localized {
        add(FieldStep::Shared, "one value for all translations now".to_owned());
    }
    if let Some(computed) = new.computed.as_ref().filter(|it| old.computed.as_ref() != Some(it)) {
        add(FieldStep::Computed, format!("computed by {} now", computed.told()));
    }
    if let Some(message) = described(old, new) {
        add(FieldStep::Described, message);
    }
}

/// Whether a value between the old bounds can be outside the new ones.
fn is_tighter(old: &FieldDefinition, new: &FieldDefinition) -> bool {
    let number = |it: &Option<Number>| it.as_ref().and_then(Number::as_f64);
    let more = |new: Option<f64>, old: Option<f64>| match (new, old) {
        (Some(new), Some(old)) => new > old,
        (Some(_), None) => true,
        (None, _) => false,
    };
    let (old, new) = (&old.bounds, &new.bounds);
    let negative = |it: Option<f64>| it.map(|it| -it);
    more(number(&new.min), number(&old.min))
        || more(negative(number(&new.max)), negative(number(&old.max)))
        // Without a most there is the limit of the kind, which is lower than some.
        || (new.max.is_none() && old.max.is_some())
}

/// What no value depends on.
fn described(old: &FieldDefinition, new: &FieldDefinition) -> Option<String> {
    let of_relation = |it: &FieldDefinition| match &it.kind {
        FieldKind::Relation(relation) => Some(relation.on_delete),
        _ => None,
    };
    let same_kind = old.kind.name() == new.kind.name();
    let choices = same_kind
        && choices_of(&old.kind) != choices_of(&new.kind)
        && fewer_choices(&old.kind, &new.kind).is_none();
    let bounds = old.bounds != new.bounds && !is_tighter(old, new);
    named(&[
        ("label", own_label(old) != own_label(new)),
        ("help", old.help != new.help),
        ("required", old.required && !new.required),
        ("unique", old.unique && !new.unique),
        ("indexed", old.indexed != new.indexed),
        ("localized", new.localized && !old.localized),
        ("default", old.default != new.default),
        ("bounds", bounds),
        ("pattern", old.pattern.is_some() && new.pattern.is_none()),
        ("computed", old.computed.is_some() && new.computed.is_none()),
        ("choices", choices),
        ("on_delete", same_kind && of_relation(old) != of_relation(new)),
        ("read", old.access.read != new.access.read),
        ("write", old.access.write != new.access.write),
    ])
}

/// The label, unless it is only the name told for people.
fn own_label(field: &FieldDefinition) -> Option<&str> {
    Some(field.label.as_str()).filter(|it| *it != usual_label(field.name.as_str()))
}

/// Whether values have to be of another kind: what they point to and whether they are lists counts.
fn other_kind(old: &FieldKind, new: &FieldKind) -> Option<String> {
    let told = |kind: &FieldKind| match kind {
        FieldKind::Relation(it) => {
            let many = if it.many { "several of" } else { "one of" };
            format!("`relation` to {many} {}", it.to)
        }
        other => format!("`{}`", other.name()),
    };
    let (from, to) = (told(old), told(new));
    (from != to).then(|| format!("of the kind {to} now, not {from}"))
}

fn fewer_choices(old: &FieldKind, new: &FieldKind) -> Option<String> {
    let new = choices_of(new);
    let gone = choices_of(old).iter().filter(|it| new.iter().all(|new| new.value != it.value));
    let gone: Vec<String> = gone.take(10).map(|it| format!("`{}`", it.value)).collect();
    (!gone.is_empty() && !new.is_empty())
        .then(|| format!("without the choices {}", gone.join(", ")))
}

fn choices_of(kind: &FieldKind) -> &[Choice] {
    match kind {
        FieldKind::Select(choices) | FieldKind::MultiSelect(choices) => choices,
        _ => &[],
    }
}

/// The words that differ: "other `label`, `help`".
fn named(words: &[(&str, bool)]) -> Option<String> {
    let differing: Vec<String> =
        words.iter().filter(|it| it.1).map(|(word, _)| format!("`{word}`")).collect();
    (!differing.is_empty()).then(|| format!("other {}", differing.join(", ")))
}

/// Adds a step, and answers its place.
fn note(steps: &mut Vec<Step>, step: Step) -> Option<usize> {
    steps.push(step);
    Some(steps.len() - 1)
}
