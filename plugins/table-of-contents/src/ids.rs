//! Identifiers for headings: readable, and each used once in the text.

use std::collections::BTreeSet;

/// How long a made identifier may be, before a number makes it unique.
const MAX_ID_CHARACTERS: usize = 60;
/// What a heading without a letter or digit is called.
const FALLBACK_ID: &str = "section";

/// What the page around the text calls its main part.
const OF_THE_PAGE: &str = "content";

/// The identifiers that a text uses so far.
pub(crate) struct Ids {
    used: BTreeSet<String>,
}

impl Default for Ids {
    fn default() -> Self {
        Self { used: BTreeSet::from([OF_THE_PAGE.to_owned()]) }
    }
}

impl Ids {
    /// Notes an identifier that is there already. False when it was used before.
    pub(crate) fn note(&mut self, id: &str) -> bool {
        self.used.insert(id.to_owned())
    }

    /// A new identifier made from a wish: the wish itself, or with the first free number.
    pub(crate) fn unique(&mut self, wish: &str) -> String {
        let mut id = wish.to_owned();
        let mut number = 2_u32;
        while !self.note(&id) {
            id = format!("{wish}-{number}");
            number += 1;
        }
        id
    }
}

/// An identifier that reads like the text it is made from.
pub(crate) fn from_text(text: &str) -> String {
    let mut id = String::new();
    let mut length = 0;
    for character in text.chars().flat_map(char::to_lowercase) {
        if length == MAX_ID_CHARACTERS {
            break;
        }
        if character.is_alphanumeric() {
            id.push(character);
            length += 1;
        } else if !id.is_empty() && !id.ends_with('-') {
            id.push('-');
            length += 1;
        }
    }
    let id = id.trim_end_matches('-');
    if id.is_empty() { FALLBACK_ID.to_owned() } else { id.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_keeps_letters_and_digits_of_any_script() {
        assert_eq!(from_text("What is it, and why?"), "what-is-it-and-why");
        assert_eq!(from_text("  Über 2 Öfen  "), "über-2-öfen");
        assert_eq!(from_text("!?"), "section");
        assert_eq!(from_text(&"x".repeat(1000)).len(), MAX_ID_CHARACTERS);
    }

    #[test]
    fn a_wish_that_is_taken_gets_a_number() {
        let mut ids = Ids::default();
        assert!(ids.note("one-2"));
        assert_eq!(ids.unique("one"), "one");
        assert_eq!(ids.unique("one"), "one-3");
        assert_eq!(ids.unique("content"), "content-2");
    }
}
