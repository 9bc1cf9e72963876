//! Names of menus.

use std::fmt;

use crate::Problem;

/// The longest name, in bytes.
pub const MENU_NAME_LEN_MAX: usize = 64;

/// The name of a menu: `a-z`, `0-9`, inner hyphens and `_`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MenuName(String); // Invariant: 1..=MENU_NAME_LEN_MAX bytes, checked by `parse`.

impl MenuName {
    /// Checks a text.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let plain = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit();
        let inner = |it: u8| plain(it) || matches!(it, b'-' | b'_');
        let bytes = text.as_bytes();
        let ends = bytes.first().zip(bytes.last());
        let fits = (1..=MENU_NAME_LEN_MAX).contains(&bytes.len())
            && ends.is_some_and(|(first, last)| plain(*first) && plain(*last))
            && bytes.iter().all(|it| inner(*it));
        if fits {
            return Ok(Self(text.to_owned()));
        }
        let message = format!(
            "the name of a menu has 1 to {MENU_NAME_LEN_MAX} characters: a-z, 0-9, and inner - and _"
        );
        Err(Problem::field("name", "name", message))
    }

    /// The menu at the top of every page.
    pub fn main() -> Self {
        Self("main".to_owned())
    }

    /// The menu at the end of every page.
    pub fn footer() -> Self {
        Self("footer".to_owned())
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MenuName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::MenuName;

    #[test]
    fn a_name_is_plain() {
        for good in ["main", "a", "top-2", "side_bar"] {
            assert_eq!(MenuName::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "Main", "-a", "a-", "a b", "ä", "a/b", &"a".repeat(65)] {
            assert!(MenuName::parse(bad).is_err(), "{bad}");
        }
    }
}
