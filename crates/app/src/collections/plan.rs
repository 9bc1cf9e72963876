//! What a change does to the entries there are.

use smartcms_domain::Problem;
use smartcms_domain::collections::{CollectionName, DefinitionChange, Effect, Step, StepKind};
use smartcms_domain::entries::{Entry, EntryId};

use crate::ports::Duplicate;

/// How many entries a step names at most.
pub const EXAMPLES_MAX: usize = 5;

/// What a change of one definition does to the entries there are.
#[derive(Debug, Clone, PartialEq)]
pub struct CollectionPlan {
    /// The collection.
    pub collection: CollectionName,
    /// What differs, and whom it touches.
    pub steps: Vec<PlannedStep>,
}

/// One difference, and whom it touches.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedStep {
    /// The difference.
    pub step: Step,
    /// How many entries it touches, in either state.
    pub entries: u64,
    /// How many entries it touches in their public state.
    pub public: u64,
    /// How many entries lose a value, or are lost.
    pub lost: u64,
    /// How many entries break a rule afterwards.
    pub invalid: u64,
    /// Some of them by id: those that lose or break something, before those that do not.
    pub examples: Vec<EntryId>,
    /// Values that would have to be unique and are not.
    pub duplicates: Vec<Duplicate>,
}

/// What steps did to one entry.
#[derive(Debug, Default)]
pub(super) struct Touched {
    pub(super) step: usize,
    pub(super) public: bool,
    pub(super) lost: bool,
    pub(super) invalid: bool,
}

impl CollectionPlan {
    pub(super) fn of(change: &DefinitionChange) -> Self {
        let planned = |step: &Step| PlannedStep {
            step: step.clone(),
            entries: 0,
            public: 0,
            lost: 0,
            invalid: 0,
            examples: Vec::new(),
            duplicates: Vec::new(),
        };
        let steps = change.steps().iter().map(planned).collect();
        Self { collection: change.collection().clone(), steps }
    }

    /// The plan of a change of one definition; an empty one when nothing differs.
    pub(super) fn first_of(plans: Vec<Self>, collection: &CollectionName) -> Self {
        let none = || Self { collection: collection.clone(), steps: Vec::new() };
        plans.into_iter().next().unwrap_or_else(none)
    }

    /// Whether values or entries would be lost.
    pub fn loses(&self) -> bool {
        self.steps.iter().any(|it| it.lost > 0)
    }

    /// Whether entries share what would have to be unique.
    pub fn has_duplicates(&self) -> bool {
        self.steps.iter().any(|it| !it.duplicates.is_empty())
    }

    /// What would be lost, break a rule, or not be unique, as problems of fields.
    pub fn problems(&self) -> Vec<Problem> {
        self.steps.iter().flat_map(|it| it.problems(&self.collection)).collect()
    }

    pub(super) fn count(&mut self, entry: &Entry, touched: &[Touched]) {
        for touch in touched {
            if let Some(step) = self.steps.get_mut(touch.step) {
                step.count(entry.id, touch);
            }
        }
    }

    /// Counts an entry for the steps that are about whole entries.
    pub(super) fn count_whole(&mut self, entry: &Entry) {
        for step in &mut self.steps {
            let public = entry.live.is_some();
            let touch = Touched { public, ..Touched::default() };
            match step.step.kind {
                StepKind::CollectionRemoved => {
                    step.count(entry.id, &Touched { lost: true, ..touch });
                }
                StepKind::Address if public => step.count(entry.id, &touch),
                _ => {}
            }
        }
    }
}

impl PlannedStep {
    fn count(&mut self, entry: EntryId, touch: &Touched) {
        self.entries += 1;
        self.public += u64::from(touch.public);
        let bad_before = self.lost + self.invalid;
        self.lost += u64::from(touch.lost);
        self.invalid += u64::from(touch.invalid);
        let bad = touch.lost || touch.invalid;
        if bad && usize::try_from(bad_before).is_ok_and(|it| it < EXAMPLES_MAX) {
            // The bad ones come first, in the order in which they were found.
            let at = self.examples.len().min(usize::try_from(bad_before).unwrap_or_default());
            self.examples.insert(at, entry);
            self.examples.truncate(EXAMPLES_MAX);
        } else if self.examples.len() < EXAMPLES_MAX {
            self.examples.push(entry);
        }
    }

    fn problems(&self, collection: &CollectionName) -> Vec<Problem> {
        let field = self.step.field.clone();
        let place = field
            .as_deref()
            .map_or_else(|| collection.to_string(), |it| format!("{collection}.{it}"));
        let told = |code: &str, message: String| Problem {
            field: Some(place.clone()),
            code: code.to_owned(),
            message: format!("{}: {message}", self.step.message),
        };
        let examples = ids(&self.examples);
        let mut problems = Vec::new();
        if self.lost > 0 {
            let what = if field.is_some() { "would lose a value" } else { "would be lost" };
            problems.push(told("loss", format!("{} {what}: {examples}", entries(self.lost))));
        }
        if self.invalid > 0 {
            let message = format!("{} would break it: {examples}", entries(self.invalid));
            problems.push(told("invalid", message));
        }
        for duplicate in &self.duplicates {
            let ids = ids(&duplicate.entries);
            problems.push(told("not-unique", format!("{} is in {ids}", duplicate.value)));
        }
        problems
    }

    /// What the step does, in one line: "renamed from `code`; 12 entries, 10 of them public".
    pub fn summary(&self) -> String {
        let mut text = self.step.message.clone();
        if self.entries > 0 {
            text.push_str(&format!("; {}, {} of them public", entries(self.entries), self.public));
        }
        if self.lost > 0 {
            let what = if self.step.field.is_some() { "lose a value" } else { "are lost" };
            text.push_str(&format!("; {} {what}", self.lost));
        }
        if self.invalid > 0 {
            text.push_str(&format!("; {} would break it", self.invalid));
        }
        if self.lost + self.invalid > 0 {
            text.push_str(&format!(": {}", ids(&self.examples)));
        }
        for duplicate in &self.duplicates {
            text.push_str(&format!("; {} is in {}", duplicate.value, ids(&duplicate.entries)));
        }
        text
    }
}

impl Touched {
    pub(super) fn note(&mut self, effect: Effect, public: bool) {
        self.public |= public;
        self.lost |= effect == Effect::Lost;
        self.invalid |= effect == Effect::Invalid;
    }
}

fn entries(count: u64) -> String {
    if count == 1 { "1 entry".to_owned() } else { format!("{count} entries") }
}

fn ids(entries: &[EntryId]) -> String {
    entries.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
