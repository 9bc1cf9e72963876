//! Names in addresses.

use std::fmt;

use super::id::EntryId;

/// The longest slug, in bytes.
pub const SLUG_LEN_MAX: usize = 120;

/// A name that is safe in an address: `a-z`, `0-9` and inner hyphens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(String); // Invariant: 1..=SLUG_LEN_MAX bytes, checked by `parse` and `from_title`.

/// Why a text is not a slug.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SlugError {
    /// It has no characters.
    #[error("a slug needs at least one character")]
    Empty,
    /// It is longer than [`SLUG_LEN_MAX`].
    #[error("a slug has at most {SLUG_LEN_MAX} characters")]
    TooLong,
    /// It has a character that slugs cannot have.
    #[error("a slug has a-z, 0-9 and inner hyphens, not `{found}` (at byte {at})")]
    BadCharacter {
        /// Where, in bytes.
        at: usize,
        /// The first bad character.
        found: char,
    },
}

impl Slug {
    /// Checks a text.
    pub fn parse(text: &str) -> Result<Self, SlugError> {
        if text.is_empty() {
            return Err(SlugError::Empty);
        }
        if text.len() > SLUG_LEN_MAX {
            return Err(SlugError::TooLong);
        }
        let last = text.len() - 1;
        let allowed = |at: usize, c: char| {
            c.is_ascii_lowercase() || c.is_ascii_digit() || (c == '-' && at > 0 && at < last)
        };
        match text.char_indices().find(|&(at, c)| !allowed(at, c)) {
            Some((at, found)) => Err(SlugError::BadCharacter { at, found }),
            None => Ok(Self(text.to_owned())),
        }
    }

    /// The slug that a title suggests; `None` when no letter or digit of it can be kept.
    pub fn from_title(title: &str) -> Option<Self> {
        let mut text = String::new();
        for c in title.chars().flat_map(char::to_lowercase) {
            if text.len() + 2 > SLUG_LEN_MAX {
                break;
            }
            match ascii_of(c) {
                Some(plain) => text.push_str(plain),
                None if c.is_ascii_alphanumeric() => text.push(c),
                None if matches!(c, '\'' | '’') => {}
                None if !text.is_empty() && !text.ends_with('-') => text.push('-'),
                None => {}
            }
        }
        Self::parse(text.trim_end_matches('-')).ok()
    }

    /// The slug of an entry whose title suggests none: its id, whose text form is a slug.
    pub fn from_id(id: EntryId) -> Self {
        Self(id.to_string())
    }

    /// The slug to try when this one is taken: `name-2`, `name-3` and so on.
    pub fn numbered(&self, number: u32) -> Self {
        let suffix = format!("-{number}");
        let mut text: String = self.0.chars().take(SLUG_LEN_MAX - suffix.len()).collect();
        text.truncate(text.trim_end_matches('-').len());
        text.push_str(&suffix);
        Self(text)
    }

    /// The slug as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How the letters of European languages beyond ASCII are written without marks.
fn ascii_of(c: char) -> Option<&'static str> {
    Some(match c {
        'à' | 'á' | 'â' | 'ã' | 'å' | 'ā' | 'ă' | 'ą' => "a",
        'ä' | 'æ' => "ae",
        'ç' | 'ć' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ę' | 'ě' | 'ė' => "e",
        'ğ' => "g",
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'į' | 'ı' => "i",
        'ł' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ø' | 'ō' | 'ő' => "o",
        'ö' | 'œ' => "oe",
        'ř' => "r",
        'ś' | 'š' | 'ş' | 'ș' => "s",
        'ß' => "ss",
        'ť' | 'ț' => "t",
        'ù' | 'ú' | 'û' | 'ū' | 'ů' | 'ű' | 'ų' => "u",
        'ü' => "ue",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        'þ' => "th",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{SLUG_LEN_MAX, Slug, SlugError};
    use crate::entries::EntryId;

    #[track_caller]
    fn check(text: &str, expected: Result<&str, SlugError>) {
        let got = Slug::parse(text);
        assert_eq!(got.as_ref().map(Slug::as_str), expected.as_ref().map(|it| *it));
    }

    #[test]
    fn reports_where_the_bad_character_is() {
        check("café", Err(SlugError::BadCharacter { at: 3, found: 'é' }));
        check("-a", Err(SlugError::BadCharacter { at: 0, found: '-' }));
        check("a-", Err(SlugError::BadCharacter { at: 1, found: '-' }));
        check("a-b", Ok("a-b"));
        check("", Err(SlugError::Empty));
        check(&"a".repeat(SLUG_LEN_MAX + 1), Err(SlugError::TooLong));
    }

    #[test]
    fn a_title_suggests_a_readable_slug() {
        let slug = |title| Slug::from_title(title).map(|it| it.as_str().to_owned());
        assert_eq!(slug("Hello, World!").as_deref(), Some("hello-world"));
        assert_eq!(slug("  Größe & Maß: it’s fine ").as_deref(), Some("groesse-mass-its-fine"));
        assert_eq!(slug("日本語"), None);
        assert!(slug(&"ä".repeat(500)).unwrap().len() <= SLUG_LEN_MAX);
    }

    #[test]
    fn an_id_is_a_slug() {
        let id = EntryId::new(uuid::Uuid::from_u128(7));
        assert!(Slug::parse(Slug::from_id(id).as_str()).is_ok());
    }

    #[test]
    fn a_numbered_slug_is_still_a_slug() {
        let long = Slug::parse(&"a".repeat(SLUG_LEN_MAX)).unwrap();
        assert!(Slug::parse(long.numbered(12).as_str()).is_ok());
        assert_eq!(Slug::parse("a").unwrap().numbered(2).as_str(), "a-2");
    }
}
