//! The members of an object of a definition: known ones are taken by kind, the rest is refused by name.

use std::fmt::Display;

use serde_json::{Map, Value};

use crate::Problem;

/// An object at a place in a definition.
pub(super) struct Table<'a, 'p> {
    members: &'a Map<String, Value>,
    /// Empty, or where the object stands with a dot at its end: `fields[2].`
    before: String,
    /// What messages call it: "the collection", "the field `genre`".
    what: String,
    problems: &'p mut Vec<Problem>,
}

impl<'a, 'p> Table<'a, 'p> {
    /// The object, when it is one; its unknown keys are problems.
    pub(super) fn of(
        value: &'a Value,
        path: &str,
        keys: &[&'static str],
        problems: &'p mut Vec<Problem>,
    ) -> Option<Self> {
        let before = if path.is_empty() { String::new() } else { format!("{path}.") };
        let Some(members) = value.as_object() else {
            let message = format!("{} has to be a table of keys and values", named(path));
            problems.push(Problem::field(path, "kind", message));
            return None;
        };
        for key in members.keys().filter(|key| !keys.contains(&key.as_str())) {
            let message =
                format!("there is no `{key}` here{}", crate::meant(key, keys.iter().copied()));
            problems.push(Problem::field(&format!("{before}{key}"), "unknown-key", message));
        }
        let what = if path.is_empty() { "the collection".to_owned() } else { format!("`{path}`") };
        Some(Self { members, before, what, problems })
    }

    /// What messages call this object from now on.
    pub(super) fn call(&mut self, what: String) {
        self.what = what;
    }

    /// A member; null counts as absent.
    pub(super) fn get(&self, key: &str) -> Option<&'a Value> {
        self.members.get(key).filter(|it| !it.is_null())
    }

    /// Where a member stands.
    pub(super) fn path(&self, key: &str) -> String {
        format!("{}{key}", self.before)
    }

    /// Everything that is wrong so far.
    pub(super) fn problems(&mut self) -> &mut Vec<Problem> {
        self.problems
    }

    /// Notes what is wrong with a member; the message goes on after the object's name.
    pub(super) fn wrong(&mut self, key: &str, code: &str, reason: &str) {
        let message = format!("{} {reason}", self.what);
        self.refused(key, code, message);
    }

    /// Notes what is wrong with a member, in these words.
    pub(super) fn refused(&mut self, key: &str, code: &str, message: String) {
        let path = self.path(key);
        self.problems.push(Problem::field(&path, code, message));
    }

    /// Notes that a member has to be there.
    pub(super) fn missing(&mut self, key: &str) {
        self.wrong(key, "required", &format!("needs `{key}`"));
    }

    /// A member that holds text.
    pub(super) fn text(&mut self, key: &str) -> Option<&'a str> {
        let value = self.get(key)?;
        if value.as_str().is_none() {
            self.wrong(key, "kind", &format!("has a `{key}` that is no text"));
        }
        value.as_str()
    }

    /// A member that holds text and has to be there; empty where it is not.
    pub(super) fn required_text(&mut self, key: &str) -> String {
        if self.get(key).is_none() {
            self.missing(key);
        }
        self.text(key).unwrap_or_default().to_owned()
    }

    /// A member whose text stands for something.
    pub(super) fn parsed<T, E: Display>(
        &mut self,
        key: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let text = self.text(key)?;
        match parse(text) {
            Ok(value) => Some(value),
            Err(error) => {
                self.refused(key, "malformed", error.to_string());
                None
            }
        }
    }

    /// The same, when it has to be there.
    pub(super) fn required<T, E: Display>(
        &mut self,
        key: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        if self.get(key).is_none() {
            self.missing(key);
        }
        self.parsed(key, parse)
    }

    /// A member that is true or false.
    pub(super) fn flag(&mut self, key: &str, default: bool) -> bool {
        let Some(value) = self.get(key) else { return default };
        if value.as_bool().is_none() {
            self.wrong(key, "kind", &format!("has a `{key}` that is neither true nor false"));
        }
        value.as_bool().unwrap_or(default)
    }

    /// A member that holds a list.
    pub(super) fn list(&mut self, key: &str) -> Option<&'a [Value]> {
        let value = self.get(key)?;
        let list = value.as_array();
        if list.is_none() {
            self.wrong(key, "kind", &format!("has `{key}` that are no list"));
        }
        list.map(Vec::as_slice)
    }
}

fn named(path: &str) -> String {
    if path.is_empty() { "a definition".to_owned() } else { format!("`{path}`") }
}
