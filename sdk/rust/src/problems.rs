//! What is wrong with an entry: what hooks refuse with.

use crate::content::Problem;

/// A problem of one field. The code is a stable word for programs, the message a sentence for people.
///
/// ```
/// use smartcms_plugin::problems;
///
/// let refused = vec![problems::of_field("title", "too-long", "This title is too long for a list.")];
/// # assert_eq!(refused[0].field.as_deref(), Some("title"));
/// ```
#[must_use]
pub fn of_field(field: &str, code: &str, message: impl Into<String>) -> Problem {
    Problem { field: Some(field.to_owned()), code: code.to_owned(), message: message.into() }
}

/// A problem of the entry as a whole.
#[must_use]
pub fn of_entry(code: &str, message: impl Into<String>) -> Problem {
    Problem { field: None, code: code.to_owned(), message: message.into() }
}
