//! Texts in pieces, as BERT was trained with them: words at spaces and signs, small and without marks, and each word in
//! the longest pieces that fit from its beginning on (WordPiece; Devlin et al., BERT, 2018, and Schuster and Nakajima,
//! Japanese and Korean voice search, 2012).
//!
//! A text that names the vocabulary's own signs, such as `[SEP]`, is text as any other.

use crate::letters::{Kind, Letters};
use crate::pieces::{BEGIN, END, Pieces, Place, UNKNOWN};

/// A longer word is unknown, as where the model was trained.
const WORD_CHARS_MAX: usize = 100;

/// The pieces of a text, with the signs at both ends; what is past `pieces_max` is not looked at.
pub(crate) fn cut(text: &str, pieces_max: usize) -> Vec<u16> {
    let mut cutter = Cutter {
        pieces: Pieces::read(),
        letters: Letters::read(),
        word: String::new(),
        word_chars: 0,
        parts: Vec::new(),
        found: vec![BEGIN],
        found_max: pieces_max.saturating_sub(1),
    };
    for character in text.chars() {
        if cutter.is_full() {
            break;
        }
        cutter.take(character);
    }
    cutter.end_word();
    let mut found = cutter.found;
    found.truncate(cutter.found_max);
    found.push(END);
    found
}

struct Cutter {
    pieces: Pieces,
    letters: Letters,
    /// The word so far; what is past its bound is only counted.
    word: String,
    word_chars: usize,
    /// What stays of one letter.
    parts: Vec<char>,
    found: Vec<u16>,
    found_max: usize,
}

impl Cutter {
    fn is_full(&self) -> bool {
        self.found.len() >= self.found_max
    }

    fn take(&mut self, character: char) {
        match self.letters.kind(character) {
            Kind::Nothing => {}
            Kind::Space => self.end_word(),
            Kind::Alone => {
                self.end_word();
                self.add(character);
                self.end_word();
            }
            Kind::Letter => self.add(character),
        }
    }

    /// Adds what stays of a character. That may itself be a sign between words: U+1FEF is a letter's mark, and what
    /// stays of it is a backtick.
    fn add(&mut self, character: char) {
        let mut parts = core::mem::take(&mut self.parts);
        self.letters.plain(character, |it| parts.push(it));
        for part in parts.drain(..) {
            let is_sign = part.is_ascii_punctuation();
            if is_sign {
                self.end_word();
            }
            self.word_chars += 1;
            if self.word_chars <= WORD_CHARS_MAX {
                self.word.push(part);
            }
            if is_sign {
                self.end_word();
            }
        }
        self.parts = parts;
    }

    fn end_word(&mut self) {
        if self.word_chars > WORD_CHARS_MAX {
            self.found.push(UNKNOWN);
        } else if !self.word.is_empty() {
            let before = self.found.len();
            if !in_pieces(&self.pieces, self.word.as_bytes(), &mut self.found) {
                self.found.truncate(before);
                self.found.push(UNKNOWN);
            }
        }
        self.word.clear();
        self.word_chars = 0;
    }
}

/// The longest pieces from the beginning on; false where something of the word is none. Pieces are whole characters,
/// so that one that begins where a character begins ends where one ends.
fn in_pieces(pieces: &Pieces, word: &[u8], found: &mut Vec<u16>) -> bool {
    let (mut rest, mut place) = (word, Place::First);
    while !rest.is_empty() {
        let longest = rest.len().min(pieces.longest(place));
        let fitting = (1..=longest).rev().find_map(|len| {
            let (piece, after) = rest.split_at_checked(len)?;
            Some((pieces.find(piece, place)?, after))
        });
        let Some((number, after)) = fitting else { return false };
        found.push(number);
        (rest, place) = (after, Place::Following);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::cut;
    use crate::PIECES_MAX;
    use crate::reference;

    #[test]
    fn texts_are_cut_as_where_the_model_was_trained() {
        let all = reference::tokens();
        assert!(all.len() > 20);
        for (text, expected) in all {
            assert_eq!(cut(&text, PIECES_MAX), expected, "{text:?}");
        }
    }

    #[test]
    fn a_text_that_is_too_long_is_cut_off() {
        let pieces = cut(&"a ".repeat(1_000_000), PIECES_MAX);
        assert_eq!((pieces.len(), pieces.first(), pieces.last()), (256, Some(&101), Some(&102)));
        assert_eq!(cut(&"a".repeat(1_000_000), PIECES_MAX), [101, 100, 102]);
        // One word of many pieces goes past the end.
        let pieces = cut(&("a ".repeat(250) + &"xq".repeat(50)), PIECES_MAX);
        assert_eq!((pieces.len(), pieces.last()), (256, Some(&102)));
    }

    #[test]
    fn the_signs_of_the_vocabulary_are_text() {
        // `[`, `sep`, in pieces, and `]`; not the sign itself.
        let pieces = cut("[SEP]", PIECES_MAX);
        assert_eq!(pieces.iter().filter(|it| **it == 102).count(), 1);
        assert!(pieces.len() > 4, "{pieces:?}");
    }
}
