//! The pieces that texts are made of: a line each in the vocabulary that the model was trained with.

use std::collections::HashMap;

/// The vocabulary; a piece's number is its line. `▁` stands for a space, `↵` for the end of a line.
const VOCABULARY: &str = include_str!("../../../models/storyteller/vocabulary.txt");

/// The story is over.
pub(crate) const END: u32 = 0;
/// What the story is asked to be about comes next.
pub(crate) const TOPICS: u32 = 1;
/// The story comes next.
pub(crate) const STORY: u32 = 2;
/// Something that is no piece.
pub(crate) const UNKNOWN: u32 = 3;
/// The pieces above; they are never text.
const SPECIAL: u32 = 4;

/// The vocabulary, ready to cut and to join.
pub(crate) struct Pieces {
    texts: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl Pieces {
    pub(crate) fn read() -> Self {
        let texts: Vec<String> =
            VOCABULARY.lines().map(|it| it.replace('▁', " ").replace('↵', "\n")).collect();
        let numbers = texts.iter().cloned().zip(0..).collect();
        Self { texts, numbers }
    }

    /// The text of a piece; nothing for those that are no text.
    pub(crate) fn text(&self, piece: u32) -> &str {
        if piece < SPECIAL {
            return "";
        }
        self.texts.get(piece as usize).map_or("", String::as_str)
    }

    /// The piece that is this word with a space before it.
    pub(crate) fn word(&self, word: &str) -> Option<u32> {
        self.numbers.get(&format!(" {word}")).copied()
    }

    /// Cuts a text: words with the space before them, and a word that is none of the vocabulary into its letters.
    pub(crate) fn cut(&self, text: &str) -> Vec<u32> {
        let mut pieces = Vec::new();
        for part in parts(text) {
            match self.numbers.get(part) {
                Some(number) => pieces.push(*number),
                None => pieces.extend(part.chars().filter_map(|it| {
                    let mut buffer = [0; 4];
                    self.numbers.get(&*it.encode_utf8(&mut buffer)).copied()
                })),
            }
        }
        pieces
    }
}

/// A text in words, each with one space before it where there is one, and everything else for itself.
fn parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let len = first_part(rest);
        let (part, more) = rest.split_at_checked(len).unwrap_or((rest, ""));
        parts.push(part);
        rest = more;
    }
    parts
}

fn first_part(text: &str) -> usize {
    let letters = |text: &str| text.bytes().take_while(|it| it.is_ascii_alphabetic()).count();
    let spaced = text.strip_prefix(' ').unwrap_or(text);
    let before = text.len() - spaced.len();
    match (letters(spaced), spaced.chars().next()) {
        (0, Some(it)) if !it.is_whitespace() => before + it.len_utf8(),
        (0, _) => text.chars().next().map_or(1, char::len_utf8),
        (count, _) => before + count,
    }
}

#[cfg(test)]
mod tests {
    use super::{END, Pieces, STORY, TOPICS, UNKNOWN, parts};

    #[test]
    fn a_text_is_cut_as_the_model_learnt_it() {
        assert_eq!(
            parts("Once upon a time, \"Tom\" sat.\n\nThe  end"),
            [
                "Once", " upon", " a", " time", ",", " \"", "Tom", "\"", " sat", ".", "\n", "\n",
                "The", " ", " end"
            ],
        );
        assert_eq!(parts("é ü"), ["é", " ü"]);
    }

    #[test]
    fn pieces_that_are_cut_are_joined_again() {
        let pieces = Pieces::read();
        let text =
            "Once upon a time there was a little fox named Tom. \"Hello,\" said Tom.\nXyzzy!";
        let joined: String =
            pieces.cut(text).into_iter().map(|it| pieces.text(it).to_owned()).collect();
        assert_eq!(joined, text);
        assert!(pieces.cut(text).len() < 40);
        assert!(pieces.texts.len() > 500);
    }

    #[test]
    fn the_first_pieces_are_no_text() {
        let pieces = Pieces::read();
        for piece in [END, TOPICS, STORY, UNKNOWN] {
            assert_eq!(pieces.text(piece), "");
        }
        assert!(pieces.word("fox").is_some());
        assert!(pieces.word("<end>").is_none());
    }
}
