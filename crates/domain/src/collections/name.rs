//! Names of collections and fields.

use std::fmt;

/// The longest name of a collection or field, in bytes.
pub const NAME_LEN_MAX: usize = 64;

/// Why a text is not a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// It has no characters.
    #[error("a name needs at least one character")]
    Empty,
    /// It is longer than [`NAME_LEN_MAX`].
    #[error("the name `{0}` has more than {NAME_LEN_MAX} characters")]
    TooLong(String),
    /// It has a character that names cannot have.
    #[error("the name `{name}` has `{found}`; a name has a-z, 0-9 and _, and begins with a letter")]
    BadCharacter {
        /// The whole text.
        name: String,
        /// The first bad character.
        found: char,
    },
}

/// The name of a collection: `a-z`, `0-9` and `_`, beginning with a letter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CollectionName(String); // Invariant: checked by `parse`.

impl CollectionName {
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

impl fmt::Display for CollectionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The rule of all names.
pub(crate) fn check(text: &str) -> Result<(), NameError> {
    if text.is_empty() {
        return Err(NameError::Empty);
    }
    if text.len() > NAME_LEN_MAX {
        return Err(NameError::TooLong(text.to_owned()));
    }
    let allowed = |(at, c): (usize, char)| {
        c.is_ascii_lowercase() || (at > 0 && (c == '_' || c.is_ascii_digit()))
    };
    match text.char_indices().find(|&it| !allowed(it)) {
        Some((_, found)) => Err(NameError::BadCharacter { name: text.to_owned(), found }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::{CollectionName, NameError};

    #[test]
    fn a_name_is_lower_case_and_begins_with_a_letter() {
        assert!(CollectionName::parse("blog_posts2").is_ok());
        assert_eq!(CollectionName::parse(""), Err(NameError::Empty));
        for bad in ["Posts", "2posts", "_posts", "posts!", "po sts", "../posts"] {
            assert!(
                matches!(CollectionName::parse(bad), Err(NameError::BadCharacter { .. })),
                "{bad}"
            );
        }
        assert!(matches!(CollectionName::parse(&"a".repeat(65)), Err(NameError::TooLong(_))));
    }
}
