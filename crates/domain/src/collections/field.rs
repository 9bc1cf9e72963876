//! Fields of a collection and the rule for a value of each kind.

use std::fmt;

use serde_json::Value;

use super::name::{NameError, check};
use crate::{Problem, Timestamp};

/// The name of a field: `a-z`, `0-9` and `_`, beginning with a letter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldName(String); // Invariant: checked by `parse`.

impl FieldName {
    /// Checks a text.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        check(text)?;
        Ok(Self(text.to_owned()))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FieldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// One line of text.
    Text,
    /// Text of many lines.
    LongText,
    /// Markdown (CommonMark with tables, strikethrough, task lists, footnotes and autolinks).
    Markdown,
    /// A whole number.
    Integer,
    /// A finite number.
    Number,
    /// True or false.
    Boolean,
    /// An instant, RFC 3339.
    DateTime,
}

impl FieldKind {
    /// Every kind, with its name in definition files.
    pub const ALL: [(&'static str, Self); 7] = [
        ("text", Self::Text),
        ("long_text", Self::LongText),
        ("markdown", Self::Markdown),
        ("integer", Self::Integer),
        ("number", Self::Number),
        ("boolean", Self::Boolean),
        ("date_time", Self::DateTime),
    ];

    /// The kind with this name in definition files.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(it, _)| *it == name).map(|(_, kind)| *kind)
    }

    /// The name in definition files.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }

    /// The longest value in bytes when the definition says nothing.
    pub fn default_len_max(self) -> usize {
        match self {
            Self::Text => 1_000,
            Self::LongText => 100_000,
            Self::Markdown => 1_000_000,
            Self::Integer | Self::Number | Self::Boolean | Self::DateTime => 64,
        }
    }
}

/// One field of a collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldDefinition {
    /// Unique in the collection.
    pub name: FieldName,
    /// What it holds.
    pub kind: FieldKind,
    /// What people read beside it.
    pub label: String,
    /// An entry cannot be stored without it.
    pub required: bool,
    /// The longest text, in characters.
    pub len_max: Option<usize>,
    /// A sentence for editors.
    pub help: Option<String>,
}

impl FieldDefinition {
    /// What is wrong with a value of this field; `None` when nothing is.
    pub fn check(&self, value: Option<&Value>) -> Option<Problem> {
        let value = value.filter(|it| !is_blank(it));
        let Some(value) = value else {
            let message = || format!("{} is required", self.label);
            return self
                .required
                .then(|| Problem::field(self.name.as_str(), "required", message()));
        };
        self.check_kind(value).or_else(|| self.check_length(value))
    }

    fn check_kind(&self, value: &Value) -> Option<Problem> {
        let wanted = match self.kind {
            FieldKind::Text if value.as_str().is_some_and(|it| it.contains(['\n', '\r'])) => {
                "one line of text"
            }
            FieldKind::Text | FieldKind::LongText | FieldKind::Markdown if !value.is_string() => {
                "text"
            }
            FieldKind::Integer if value.as_i64().is_none() => "a whole number",
            FieldKind::Number if !value.is_number() => "a number",
            FieldKind::Boolean if !value.is_boolean() => "true or false",
            FieldKind::DateTime
                if value.as_str().is_none_or(|it| Timestamp::parse(it).is_err()) =>
            {
                "a time like 2026-11-22T10:00:00Z"
            }
            _ => return None,
        };
        Some(Problem::field(
            self.name.as_str(),
            "kind",
            format!("{} has to be {wanted}", self.label),
        ))
    }

    fn check_length(&self, value: &Value) -> Option<Problem> {
        let text = value.as_str()?;
        let limit = self.len_max.unwrap_or(self.kind.default_len_max());
        // Bytes bound characters from above: most values need no count.
        if text.len() <= limit || text.chars().count() <= limit {
            return None;
        }
        let message = format!("{} has more than {limit} characters", self.label);
        Some(Problem::field(self.name.as_str(), "too-long", message))
    }
}

fn is_blank(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{FieldDefinition, FieldKind, FieldName};

    #[track_caller]
    fn check(kind: FieldKind, value: serde_json::Value, expected: Option<&str>) {
        let field = FieldDefinition {
            name: FieldName::parse("it").unwrap(),
            kind,
            label: "It".to_owned(),
            required: true,
            len_max: Some(5),
            help: None,
        };
        let code = field.check(Some(&value)).map(|it| it.code);
        assert_eq!(code.as_deref(), expected, "{kind:?} {value}");
    }

    #[test]
    fn a_value_has_the_kind_of_its_field() {
        check(FieldKind::Text, json!("abc"), None);
        check(FieldKind::Text, json!("a\nb"), Some("kind"));
        check(FieldKind::Text, json!(3), Some("kind"));
        check(FieldKind::LongText, json!("a\nb"), None);
        check(FieldKind::Integer, json!(3), None);
        check(FieldKind::Integer, json!(3.5), Some("kind"));
        check(FieldKind::Number, json!(3.5), None);
        check(FieldKind::Boolean, json!("true"), Some("kind"));
        check(FieldKind::DateTime, json!("soon"), Some("kind"));
    }

    #[test]
    fn a_required_value_is_more_than_blanks() {
        check(FieldKind::Text, json!("  "), Some("required"));
        check(FieldKind::Text, json!(null), Some("required"));
    }

    #[test]
    fn length_counts_characters_at_its_edge() {
        check(FieldKind::Text, json!("äöüß!"), None);
        check(FieldKind::Text, json!("äöüß!!"), Some("too-long"));
    }
}
