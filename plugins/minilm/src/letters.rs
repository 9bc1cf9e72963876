//! What characters are, and what stays of a letter without its marks; tables of Unicode.

use crate::table::{Table, number};

static TABLE: &[u8] = include_bytes!("../../../models/all-minilm-l6-v2/letters.bin");

/// A range of characters and what they are.
const RANGE: usize = 7;
/// A character and what stays of it.
const PAIR: usize = 6;
const CODE: usize = 3;

/// What a character is to whoever cuts a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// Part of a word.
    Letter,
    /// Between words.
    Space,
    /// A word of its own.
    Alone,
    /// Left out.
    Nothing,
}

/// The tables.
pub(crate) struct Letters {
    ranges: &'static [u8],
    pairs: &'static [u8],
}

impl Letters {
    pub(crate) fn read() -> Self {
        let mut table = Table::new(TABLE);
        let count = table.number(2);
        let ranges = table.take(count * RANGE);
        let count = table.number(2);
        Self { ranges, pairs: table.take(count * PAIR) }
    }

    /// What a character is. Marks are letters here: they are taken off after.
    pub(crate) fn kind(&self, character: char) -> Kind {
        match character {
            '\0' | '\u{fffd}' => Kind::Nothing,
            ' ' | '\t' | '\n' | '\r' => Kind::Space,
            _ if character.is_ascii_alphanumeric() => Kind::Letter,
            _ if character.is_ascii_punctuation() => Kind::Alone,
            _ if is_ideograph(character) => Kind::Alone,
            _ => match self.class(character) {
                Some(1) => Kind::Alone,
                Some(2) => Kind::Nothing,
                // Line and paragraph separators are spaces as all of Unicode's.
                _ if character.is_whitespace() => Kind::Space,
                _ => Kind::Letter,
            },
        }
    }

    /// Gives what stays of a letter: taken apart, without marks, and small.
    pub(crate) fn plain(&self, character: char, mut give: impl FnMut(char)) {
        if character.is_ascii() {
            return give(character.to_ascii_lowercase());
        }
        let mut small = |it: char| it.to_lowercase().for_each(&mut give);
        if let Some(parts) = hangul(character) {
            return parts.into_iter().flatten().for_each(small);
        }
        let parts = self.apart(character);
        if parts.is_empty() && self.class(character) != Some(0) {
            return small(character);
        }
        let codes = parts.as_chunks::<PAIR>().0.iter().map(|it| number(&it[CODE..]));
        codes.filter_map(of_code).for_each(small);
    }

    fn class(&self, character: char) -> Option<u8> {
        let ranges = self.ranges.as_chunks::<RANGE>().0;
        let code = character as usize;
        let after = ranges.partition_point(|it| number(&it[..CODE]) <= code);
        let range = ranges.get(after.checked_sub(1)?)?;
        (number(&range[CODE..2 * CODE]) >= code).then_some(range[2 * CODE])
    }

    /// The pairs of a character.
    fn apart(&self, character: char) -> &'static [u8] {
        let pairs = self.pairs.as_chunks::<PAIR>().0;
        let code = character as usize;
        let first = pairs.partition_point(|it| number(&it[..CODE]) < code);
        let end = pairs.partition_point(|it| number(&it[..CODE]) <= code);
        self.pairs.get(first * PAIR..end * PAIR).unwrap_or_default()
    }
}

fn of_code(code: usize) -> Option<char> {
    char::from_u32(u32::try_from(code).ok()?)
}

/// A syllable of Hangul in its letters, by the arithmetic of the Unicode standard (3.12).
fn hangul(character: char) -> Option<[Option<char>; 3]> {
    let index = u32::from(character).checked_sub(0xAC00).filter(|it| *it < 11_172)?;
    let (first, vowel, last) = (index / 588, index % 588 / 28, index % 28);
    let last = (last > 0).then(|| char::from_u32(0x11A7 + last)).flatten();
    Some([char::from_u32(0x1100 + first), char::from_u32(0x1161 + vowel), last])
}

/// The blocks of Chinese characters, each of which BERT takes for a word.
fn is_ideograph(character: char) -> bool {
    matches!(u32::from(character),
        0x4E00..=0x9FFF | 0x3400..=0x4DBF | 0x20000..=0x2A6DF | 0x2A700..=0x2B73F | 0x2B740..=0x2B81F
        | 0x2B820..=0x2CEAF | 0xF900..=0xFAFF | 0x2F800..=0x2FA1F)
}

#[cfg(test)]
mod tests {
    use super::{Kind, Letters};

    fn plain(text: &str) -> String {
        let letters = Letters::read();
        let mut plain = String::new();
        text.chars().for_each(|it| letters.plain(it, |part| plain.push(part)));
        plain
    }

    #[test]
    fn marks_are_taken_off_and_letters_are_small() {
        assert_eq!(plain("Crème BRÛLÉE Ångström İ ẛ̣ ß"), "creme brulee angstrom i ſ ß");
        assert_eq!(plain("e\u{301}"), "e");
        assert_eq!(plain("한"), "\u{1112}\u{1161}\u{11ab}");
        assert_eq!(plain("\u{212b}\u{f900}"), "a\u{8c48}");
    }

    #[test]
    fn characters_are_told_apart() {
        let letters = Letters::read();
        for (character, kind) in [
            ('a', Kind::Letter),
            ('é', Kind::Letter),
            ('\u{301}', Kind::Letter),
            ('$', Kind::Alone),
            ('“', Kind::Alone),
            ('中', Kind::Alone),
            ('\u{a0}', Kind::Space),
            ('\u{2028}', Kind::Space),
            ('\u{200b}', Kind::Nothing),
            ('\u{7}', Kind::Nothing),
            ('\u{e000}', Kind::Nothing),
            ('€', Kind::Letter),
            ('\u{10ffff}', Kind::Nothing),
        ] {
            assert_eq!(letters.kind(character), kind, "{character:?}");
        }
    }
}
