//! What is wrong with an input.

use std::fmt;

/// One thing wrong with one field of an input, or with the input as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The field's name; `None` when the problem is of the whole.
    pub field: Option<String>,
    /// A stable word for programs, such as `required`.
    pub code: String,
    /// A sentence for people.
    pub message: String,
}

impl Problem {
    /// A problem of one field.
    pub fn field(field: &str, code: &str, message: impl Into<String>) -> Self {
        Self { field: Some(field.to_owned()), code: code.to_owned(), message: message.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.field {
            Some(field) => write!(f, "{field}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}
