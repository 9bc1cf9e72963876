//! The parts of an entry that are measured: its title, and passages of its text.

use crate::ports::{MEANING_PARTS_MAX, SideFacts};

/// Raised when texts are cut in another way, so that all are measured again.
const CUTTING_VERSION: u8 = 1;

/// What is measured of one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Passages {
    /// The parts: the title first, then passages of the text. None of them is empty but the first can be.
    pub(crate) parts: Vec<String>,
    /// Of all parts.
    pub(crate) digest: [u8; 32],
}

/// Cuts what everybody may read of an entry's public state into parts of at most so many characters, at the ends of
/// lines, sentences or words. What is behind the last of [`MEANING_PARTS_MAX`] parts is left out.
pub(crate) fn passages(facts: &SideFacts, chars_max: usize) -> Passages {
    let mut parts = vec![one_line(&facts.title, chars_max)];
    let mut rest = facts.text.trim();
    while !rest.is_empty() && parts.len() < MEANING_PARTS_MAX {
        let (part, after) = cut(rest, chars_max);
        let part = part.trim();
        if !part.is_empty() {
            parts.push(part.to_owned());
        }
        rest = after.trim_start();
    }
    let mut hasher = blake3::Hasher::new();
    hasher.update(&[CUTTING_VERSION]);
    for part in &parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    Passages { parts, digest: *hasher.finalize().as_bytes() }
}

fn one_line(text: &str, chars_max: usize) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(chars_max).collect()
}

/// The first passage of a text, and what is behind it.
fn cut(text: &str, chars_max: usize) -> (&str, &str) {
    let Some((end, _)) = text.char_indices().nth(chars_max) else { return (text, "") };
    let window = text.get(..end).unwrap_or(text);
    // A passage that ends early is better than a sentence that is torn, but not one that says next to nothing.
    let least = end / 2;
    let after = |found: Option<(usize, &str)>| {
        found.map(|(at, sign)| at + sign.len()).filter(|it| *it > least)
    };
    let sentence = [". ", "! ", "? ", ".\n", "。"].iter();
    let sentence = sentence.filter_map(|it| window.rfind(it).map(|at| (at, *it))).max();
    let at = after(window.rfind('\n').map(|at| (at, "\n")))
        .or_else(|| after(sentence))
        .or_else(|| after(window.rfind(' ').map(|at| (at, " "))))
        .unwrap_or(end);
    text.split_at_checked(at).unwrap_or((text, ""))
}

#[cfg(test)]
mod tests {
    use super::{MEANING_PARTS_MAX, passages};
    use crate::ports::SideFacts;

    fn parts(title: &str, text: &str, max: usize) -> Vec<String> {
        let (title, text) = (title.to_owned(), text.to_owned());
        passages(&SideFacts { references: Vec::new(), title, text }, max).parts
    }

    #[test]
    fn texts_are_cut_at_lines_sentences_and_words() {
        assert_eq!(parts("A  title", "", 40), ["A title"]);
        assert_eq!(
            parts("", "One line here\nand another one", 20),
            ["", "One line here", "and another one"]
        );
        let sentences = parts("T", "Here it begins. There it goes on for long", 20);
        assert_eq!(sentences[1], "Here it begins.");
        assert!(parts("T", &"é".repeat(50), 20).iter().all(|it| it.chars().count() <= 20));
    }

    #[test]
    fn a_long_text_has_no_more_parts_than_are_kept() {
        assert_eq!(parts("T", &"word ".repeat(10_000), 20).len(), MEANING_PARTS_MAX);
    }
}
