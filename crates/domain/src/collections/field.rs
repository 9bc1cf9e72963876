//! Fields of a collection.

use std::fmt;

use regex_lite::{Regex, RegexBuilder};
use serde_json::{Number, Value};

use super::computed::Computed;
use super::kind::FieldKind;
use super::name::{NameError, check};
use crate::actors::Rank;

/// The longest pattern, in bytes.
pub const PATTERN_LEN_MAX: usize = 500;
/// The most memory that a compiled pattern takes, in bytes.
const PATTERN_BYTES_MAX: usize = 256 << 10;

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

/// One field of a collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldDefinition {
    /// Unique among its neighbours.
    pub name: FieldName,
    /// What it holds.
    pub kind: FieldKind,
    /// What people read beside it.
    pub label: String,
    /// A sentence for editors.
    pub help: Option<String>,
    /// An entry cannot be stored without it.
    pub required: bool,
    /// No two entries of the collection in one language have the same value. Scalar kinds of the collection itself only.
    pub unique: bool,
    /// Filters and sorts by it go through an index. Scalar kinds of the collection itself only.
    pub indexed: bool,
    /// Each translation has a value of its own; the others share one.
    pub localized: bool,
    /// The value of a new entry that brings none.
    pub default: Option<Value>,
    /// The least and the most: of a number itself, of a text its characters, of a list its items.
    pub bounds: Bounds,
    /// What a text looks like.
    pub pattern: Option<Pattern>,
    /// Who may see and change it.
    pub access: FieldAccess,
    /// How its value is computed when an entry is saved; `None` for what people write. Scalar kinds of the collection itself only.
    pub computed: Option<Computed>,
    /// What it was called in the definition before this one: its values move. Says nothing once they have.
    pub renamed_from: Option<FieldName>,
}

/// The least and the most of a value, both allowed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bounds {
    /// Not less than this.
    pub min: Option<Number>,
    /// Not more than this.
    pub max: Option<Number>,
}

/// The mightiest role below which a field is hidden or cannot be changed. Plugins and readers have no role.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FieldAccess {
    /// The least role that sees the field; `None` when everybody does.
    pub read: Option<Rank>,
    /// The least role that changes the field; `None` when everybody who may change the entry does.
    pub write: Option<Rank>,
}

/// A regular expression that the whole of a text has to match, in time linear in the text (the crate `regex-lite`). `\d`, `\w`
/// and `(?i)` know ASCII alone: so the pattern means the same to clients that read it in the description of the API (ECMA 262).
#[derive(Debug, Clone)]
pub struct Pattern {
    source: String,
    compiled: Regex,
}

/// A pattern cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the pattern `{pattern}` cannot be used: {reason}")]
pub struct PatternError {
    /// The pattern.
    pub pattern: String,
    /// Why.
    pub reason: String,
}

impl Pattern {
    /// Compiles a pattern.
    pub fn parse(source: &str) -> Result<Self, PatternError> {
        let wrong = |reason: String| PatternError { pattern: source.to_owned(), reason };
        if source.len() > PATTERN_LEN_MAX {
            return Err(wrong(format!("it has more than {PATTERN_LEN_MAX} bytes")));
        }
        let whole = format!("^(?:{source})$");
        let built = RegexBuilder::new(&whole).size_limit(PATTERN_BYTES_MAX).build();
        let compiled = built.map_err(|it| wrong(it.to_string()))?;
        Ok(Self { source: source.to_owned(), compiled })
    }

    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.source
    }

    /// Whether the whole text matches.
    pub fn matches(&self, text: &str) -> bool {
        self.compiled.is_match(text)
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Eq for Pattern {}

impl FieldDefinition {
    /// A field of this name and kind, with nothing asked of it.
    pub fn new(name: FieldName, kind: FieldKind) -> Self {
        let label = usual_label(name.as_str());
        Self {
            name,
            kind,
            label,
            help: None,
            required: false,
            unique: false,
            indexed: false,
            localized: false,
            default: None,
            bounds: Bounds::default(),
            pattern: None,
            access: FieldAccess::default(),
            computed: None,
            renamed_from: None,
        }
    }

    /// Whether everybody sees it.
    pub fn is_public(&self) -> bool {
        self.access.read.is_none()
    }
}

/// What people read beside a field that has no label: `Reading minutes` for `reading_minutes`.
pub fn usual_label(name: &str) -> String {
    let spaced = name.replace('_', " ");
    let mut characters = spaced.chars();
    let first = characters.next().map(|it| it.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}", characters.as_str())
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn a_pattern_is_about_the_whole_text() {
        let pattern = Pattern::parse("[a-z]+|[0-9]{2}").unwrap();
        assert!(pattern.matches("abc") && pattern.matches("12"));
        assert!(!pattern.matches("abc1") && !pattern.matches("123") && !pattern.matches(""));
    }

    #[test]
    fn a_pattern_that_cannot_be_used_says_why() {
        let long = "a".repeat(501);
        for bad in
            ["(", "a{1,99999999}", "(?P<x>a)(?P<x>b)", "\\p{Greek}", "[a-z&&[^b]]", "a(?=b)", &long]
        {
            let error = Pattern::parse(bad).unwrap_err();
            assert!(!error.reason.is_empty(), "{error}");
        }
    }

    #[test]
    fn what_a_pattern_takes_for_digits_and_words_clients_take_for_them() {
        for (pattern, no) in [("\\d+", "١٢"), ("\\w+", "Grüße"), ("(?i)grüße", "GRÜSSE")] {
            assert!(!Pattern::parse(pattern).unwrap().matches(no), "{pattern}");
        }
        assert!(Pattern::parse("[^ ]+").unwrap().matches("Grüße"));
        assert!(Pattern::parse("(?i)gr[uü]n").unwrap().matches("GRUN"));
    }

    #[test]
    fn a_pattern_takes_no_time_that_grows_out_of_hand() {
        let pattern = Pattern::parse("(a*)*b|(a|aa)+c").unwrap();
        assert!(!pattern.matches(&"a".repeat(20_000)));
    }
}
