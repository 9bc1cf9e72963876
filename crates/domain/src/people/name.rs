//! What people are called.

use std::fmt;

/// The longest name, in characters.
pub const PERSON_NAME_LEN_MAX: usize = 100;

/// The name of a person as it is shown: trimmed, 1 to [`PERSON_NAME_LEN_MAX`] characters, none of which is a control
/// character or turns the direction of the text around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonName(String); // Invariant: checked by `parse`.

/// The text is not a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a name has 1 to {PERSON_NAME_LEN_MAX} printable characters")]
pub struct NameError;

impl PersonName {
    /// Checks a text.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let text = text.trim();
        let len_is_right = (1..=PERSON_NAME_LEN_MAX).contains(&text.chars().count());
        if len_is_right && !text.chars().any(hides) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NameError)
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Characters that make a text look like another one.
fn hides(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::PersonName;

    #[test]
    fn a_name_is_printable_and_not_endless() {
        for good in ["Ada", " Ada Lovelace ", "李小龍", "Nguyễn Văn A", "O’Brien-Smith"] {
            assert_eq!(PersonName::parse(good).unwrap().as_str(), good.trim());
        }
        for bad in ["", "  ", "a\nb", "a\u{202e}b", "a\u{1b}[2J"] {
            assert!(PersonName::parse(bad).is_err(), "{bad:?}");
        }
        assert!(PersonName::parse(&"a".repeat(100)).is_ok());
        assert!(PersonName::parse(&"a".repeat(101)).is_err());
    }
}
