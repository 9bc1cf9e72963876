//! What is wrong with a definition whose parts can be read one by one.

use super::definition::{CollectionDefinition, FIELDS_MAX, Taxonomy, holds_assets};
use super::field::{FieldAccess, FieldDefinition, FieldName};
use super::kind::{CHOICES_MAX, Choice, FieldKind, NESTING_MAX};
use super::value::PROBLEMS_MAX;
use crate::Problem;

/// The most fields of one collection, those inside groups and repeaters among them.
pub const FIELDS_IN_ALL_MAX: usize = 1_000;
/// The longest label of a collection, a field or a choice, and the longest value of a choice, in characters.
pub const LABEL_LEN_MAX: usize = 200;
/// The longest help text of a field, in characters.
pub const HELP_LEN_MAX: usize = 1_000;

impl CollectionDefinition {
    /// Checks that the parts fit together.
    pub fn check(self) -> Result<Self, Vec<Problem>> {
        let problems = self.problems();
        if problems.is_empty() { Ok(self) } else { Err(problems) }
    }

    /// Everything that does not fit, by its place in the definition: `fields[2].default`.
    pub fn problems(&self) -> Vec<Problem> {
        let mut found = Found::default();
        found.label("label", &self.label);
        found.label("label_one", &self.label_one);
        let body = self.body.as_ref().map(|name| ("body", name));
        let image = self.image.as_ref().map(|name| ("image", name));
        for (role, name) in std::iter::once(("title", &self.title)).chain(body).chain(image) {
            if let Some(field) = self.field(name.as_str()) {
                if role == "image" && !holds_assets(field) {
                    let kind = field.kind.name();
                    let message = format!(
                        "`image = \"{name}\"` names a field of the kind {kind}; it has to be asset or assets"
                    );
                    found.add(role, "kind", message);
                }
            } else {
                let names = self.fields.iter().map(|it| it.name.as_str());
                let meant = crate::meant(name.as_str(), names);
                let message = format!("`{role} = \"{name}\"` names no field of the collection");
                found.add(role, "unknown-field", format!("{message}{meant}"));
            }
        }
        found.fields(&self.fields, "fields", 1);
        let len = len_in_all(&self.fields);
        if len > FIELDS_IN_ALL_MAX {
            let message =
                format!("the collection has {len} fields in all; {FIELDS_IN_ALL_MAX} is the limit");
            found.add("fields", "too-many", message);
        }
        let parent = self.field("parent").map(|it| &it.kind);
        let is_tree =
            matches!(parent, Some(FieldKind::Relation(it)) if it.to == self.name && !it.many);
        if self.taxonomy == Some(Taxonomy::Tree) && !is_tree {
            let message = "a tree needs the field `parent`, a relation to the collection itself";
            found.add("taxonomy", "no-parent", message.to_owned());
        }
        found.0.extend(super::computed::problems(self));
        found.0.truncate(PROBLEMS_MAX);
        found.0
    }

    /// This definition when its values have moved: without what fields were called before.
    #[must_use]
    pub fn settled(mut self) -> Self {
        settle(&mut self.fields);
        self
    }
}

/// As in "has 2 problems".
pub fn problem_count(problems: &[Problem]) -> String {
    format!("{} problem{}", problems.len(), if problems.len() == 1 { "" } else { "s" })
}

fn settle(fields: &mut [FieldDefinition]) {
    for field in fields {
        field.renamed_from = None;
        if let FieldKind::Group(inner) | FieldKind::Repeater(inner) = &mut field.kind {
            settle(inner);
        }
    }
}

fn len_in_all(fields: &[FieldDefinition]) -> usize {
    fields.iter().map(|it| 1 + len_in_all(it.kind.inner_fields())).sum()
}

/// The problems so far.
#[derive(Default)]
struct Found(Vec<Problem>);

impl Found {
    fn add(&mut self, path: &str, code: &str, message: String) {
        self.0.push(Problem::field(path, code, message));
    }

    fn label(&mut self, path: &str, text: &str) {
        let len = text.chars().count();
        if text.trim().is_empty() || text.contains(['\n', '\r']) {
            self.add(path, "blank", format!("`{path}` has to be one line of text"));
        } else if len > LABEL_LEN_MAX {
            let message = format!("`{path}` has {len} characters; {LABEL_LEN_MAX} is the limit");
            self.add(path, "too-long", message);
        }
    }

    fn fields(&mut self, fields: &[FieldDefinition], path: &str, depth: usize) {
        if fields.len() > FIELDS_MAX {
            let message =
                format!("there are {} fields here; {FIELDS_MAX} is the limit", fields.len());
            self.add(path, "too-many", message);
            return;
        }
        for (at, field) in fields.iter().enumerate() {
            let place = format!("{path}[{at}]");
            let earlier = fields.iter().take(at);
            if earlier.clone().any(|it| it.name == field.name) {
                let message = format!("the field `{}` is defined twice", field.name);
                self.add(&format!("{place}.name"), "twice", message);
            }
            if let Some(from) = &field.renamed_from {
                self.renamed(fields, earlier, from, &place);
            }
            self.field(field, &place, depth);
        }
    }

    fn renamed<'a>(
        &mut self,
        fields: &[FieldDefinition],
        mut earlier: impl Iterator<Item = &'a FieldDefinition>,
        from: &FieldName,
        place: &str,
    ) {
        let problem = if fields.iter().any(|it| it.name == *from) {
            "is a field that is still there"
        } else if earlier.any(|it| it.renamed_from.as_ref() == Some(from)) {
            "is what another field was called, too"
        } else {
            return;
        };
        let message = format!("`renamed_from = \"{from}\"` {problem}");
        self.add(&format!("{place}.renamed_from"), "taken", message);
    }

    fn field(&mut self, field: &FieldDefinition, place: &str, depth: usize) {
        let says = |reason: &str| format!("the field `{}` {reason}", field.name);
        let inner = depth > 1;
        self.label(&format!("{place}.label"), &field.label);
        if let Some(len) =
            field.help.as_ref().map(|it| it.chars().count()).filter(|it| *it > HELP_LEN_MAX)
        {
            let message = format!("`help` has {len} characters; {HELP_LEN_MAX} is the limit");
            self.add(&format!("{place}.help"), "too-long", message);
        }
        for (key, _) in
            [("unique", field.unique), ("indexed", field.indexed)].into_iter().filter(|it| it.1)
        {
            if inner || !field.kind.is_scalar() {
                let message = says(
                    "cannot be unique or indexed: only fields of the collection itself that hold one value can",
                );
                self.add(&format!("{place}.{key}"), "not-here", message);
            }
        }
        if inner && (field.localized || field.access != FieldAccess::default()) {
            let message =
                says("cannot be localized or hidden by itself: say so of the field around it");
            self.add(place, "not-here", message);
        }
        if inner && field.computed.is_some() {
            let message = says("cannot be computed: only fields of the collection itself can");
            self.add(&format!("{place}.computed"), "not-here", message);
        }
        match &field.kind {
            FieldKind::Select(choices) | FieldKind::MultiSelect(choices) => {
                self.choices(choices, field, place);
            }
            FieldKind::Group(_) | FieldKind::Repeater(_) if depth >= NESTING_MAX => {
                let message = says(&format!("is more than {NESTING_MAX} groups deep"));
                self.add(&format!("{place}.fields"), "too-deep", message);
                return;
            }
            FieldKind::Group(fields) | FieldKind::Repeater(fields) => {
                self.fields(fields, &format!("{place}.fields"), depth + 1);
            }
            _ => {}
        }
        self.rules(field, place);
    }

    fn choices(&mut self, choices: &[Choice], field: &FieldDefinition, place: &str) {
        let place = format!("{place}.choices");
        if choices.is_empty() || choices.len() > CHOICES_MAX {
            let len = choices.len();
            let message = format!(
                "the field `{}` has {len} choices; it needs 1 to {CHOICES_MAX}",
                field.name
            );
            self.add(&place, "too-many", message);
            return;
        }
        for (at, choice) in choices.iter().enumerate() {
            let here = format!("{place}[{at}]");
            if choices.iter().take(at).any(|it| it.value == choice.value) {
                let message = format!("the choice `{}` is there twice", choice.value);
                self.add(&here, "twice", message);
            }
            self.label(&here, &choice.value);
            if choice.label != choice.value {
                self.label(&format!("{here}.label"), &choice.label);
            }
        }
    }

    /// Bounds, pattern and default: what they say has to be possible.
    fn rules(&mut self, field: &FieldDefinition, place: &str) {
        let says = |reason: String| format!("the field `{}` {reason}", field.name);
        let (min, max) = (&field.bounds.min, &field.bounds.max);
        if let (Some(min), Some(max)) = (min, max)
            && min.as_f64() > max.as_f64()
        {
            let message = says(format!(
                "has a `min` of {min} and a `max` of {max}, between which nothing is"
            ));
            self.add(&format!("{place}.max"), "empty", message);
        }
        let counts = !matches!(field.kind, FieldKind::Integer | FieldKind::Number);
        for (key, bound) in [("min", min), ("max", max)] {
            let Some(bound) = bound.as_ref().filter(|it| counts && it.as_u64().is_none()) else {
                continue;
            };
            let message = says(format!(
                "has a `{key}` of {bound}, which counts characters or items: a whole number from 0"
            ));
            self.add(&format!("{place}.{key}"), "kind", message);
        }
        let problems = field.default.as_ref().map(|it| field.problems_of(Some(it)));
        if let Some(problem) = problems.unwrap_or_default().first() {
            let message = says(format!("has a default that it refuses: {}", problem.message));
            self.add(&format!("{place}.default"), "default", message);
        }
    }
}
