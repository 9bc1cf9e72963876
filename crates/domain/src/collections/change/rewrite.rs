//! Taking the values of an entry along.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::DefinitionChange;
use super::compare::FieldChange;
use super::convert::{Converters, convert};
use crate::Problem;
use crate::entries::Fields;

/// The values of an entry after a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewritten {
    /// The values.
    pub fields: Fields,
    /// What each step did to them; a step may have done several things, or one thing several times.
    pub touches: Vec<Touch>,
}

/// What a step did to a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Touch {
    /// The place of the step in [`DefinitionChange::steps`].
    pub step: usize,
    /// What it did.
    pub effect: Effect,
}

/// What happens to a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It is there in another form or under another name.
    Kept,
    /// It is gone, or a part of it.
    Lost,
    /// It stays and breaks a rule, or is missing.
    Invalid,
}

impl DefinitionChange {
    /// The values of an entry, or of one side of it, after the change. Values of fields that the old definition does not
    /// have stay as they are.
    pub fn rewrite(&self, fields: &Fields, converters: &Converters) -> Rewritten {
        let (Some(old), Some(new)) = (&self.old, &self.new) else {
            return Rewritten { fields: fields.clone(), touches: Vec::new() };
        };
        let mut touches = Vec::new();
        let after = if self.fields.iter().any(FieldChange::rewrites) {
            let object = fields.iter().map(|(name, value)| (name.to_owned(), value.clone()));
            let mut work = Work { converters, touches: &mut touches };
            work.object(&self.fields, object.collect()).into_iter().collect()
        } else {
            fields.clone()
        };
        let breakable = self.steps.iter().any(|it| {
            ["required", "too-long", "pattern", "kind"].iter().any(|code| it.kind.explains(code))
        });
        if breakable {
            let before = broken(&old.problems_of(fields));
            let problems = new.problems_of(&after);
            let fresh = broken(&problems).into_iter().filter(|it| !before.contains(it));
            touches.extend(fresh.filter_map(|(path, code)| self.because(&path, &code)));
        }
        Rewritten { fields: after, touches }
    }

    fn because(&self, path: &str, code: &str) -> Option<Touch> {
        let explains = |it: &super::Step| {
            // Inside a value of another kind a problem stands deeper than its field.
            let field = it.field.as_deref().unwrap_or_default();
            let rest = path.strip_prefix(field);
            it.kind.explains(code) && rest.is_some_and(|it| it.is_empty() || it.starts_with('.'))
        };
        let at = self.steps.iter().position(explains)?;
        Some(Touch { step: at, effect: Effect::Invalid })
    }
}

struct Work<'a> {
    converters: &'a Converters,
    touches: &'a mut Vec<Touch>,
}

impl Work<'_> {
    /// The members of an object, each where it belongs now. All are taken out before any is put in.
    fn object(
        &mut self,
        changes: &[FieldChange],
        mut object: Map<String, Value>,
    ) -> Map<String, Value> {
        let mut placed = Vec::new();
        for change in changes {
            let Some(old) = &change.old else { continue };
            let Some(value) = object.remove(old.name.as_str()) else { continue };
            if value.is_null() {
                continue;
            }
            let Some(new) = &change.new else {
                self.note(change.removed, Effect::Lost);
                continue;
            };
            if let Some(value) = self.value(change, value) {
                self.note(change.renamed, Effect::Kept);
                placed.push((new.name.to_string(), value));
            }
        }
        object.extend(placed);
        object
    }

    fn value(&mut self, change: &FieldChange, value: Value) -> Option<Value> {
        if let (Some(step), Some(old), Some(new)) = (change.kind, &change.old, &change.new) {
            let converted = convert(old, new, value, self.converters);
            let effect = if converted.lost { Effect::Lost } else { Effect::Kept };
            self.note(Some(step), effect);
            return converted.value;
        }
        if change.inner.is_empty() {
            return Some(value);
        }
        Some(match value {
            Value::Object(object) => Value::Object(self.object(&change.inner, object)),
            Value::Array(items) => {
                let mut rewritten = Vec::with_capacity(items.len());
                for item in items {
                    rewritten.push(match item {
                        Value::Object(object) => Value::Object(self.object(&change.inner, object)),
                        other => other,
                    });
                }
                Value::Array(rewritten)
            }
            other => other,
        })
    }

    fn note(&mut self, step: Option<usize>, effect: Effect) {
        self.touches.extend(step.map(|step| Touch { step, effect }));
    }
}

/// Paths and codes of problems, without the places in lists: `faq[2].title` is `faq.title`.
fn broken(problems: &[Problem]) -> BTreeSet<(String, String)> {
    let plain = |it: &Problem| {
        let path = it.field.as_deref().unwrap_or_default();
        let mut plain = String::new();
        let mut inside = false;
        for character in path.chars() {
            match character {
                '[' => inside = true,
                ']' => inside = false,
                other if !inside => plain.push(other),
                _ => {}
            }
        }
        (plain, it.code.clone())
    };
    problems.iter().map(plain).collect()
}
