//! What two entries have in common.

use std::collections::BTreeSet;

use serde_json::Value as Json;
use smartcms_plugin::content::{Field, Value};

/// What a shared term counts beside a shared word of the title.
const TERM_WEIGHT: usize = 10;
/// Shorter words say little: "the", "and", "von".
const WORD_CHARACTERS_MIN: usize = 4;
/// The field with the title.
const TITLE: &str = "title";

/// What an entry is about.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Subject {
    /// What it points to, by field: the same person may be an author of one and a topic of another.
    terms: BTreeSet<(String, String)>,
    words: BTreeSet<String>,
}

impl Subject {
    /// Reads the fields that were granted.
    pub(crate) fn of(fields: &[Field]) -> Self {
        let mut subject = Self::default();
        for field in fields {
            match &field.value {
                Value::Text(text) if field.name == TITLE => subject.words = words(text),
                Value::Text(text) if is_id(text) => subject.add(&field.name, text),
                Value::Json(json) => {
                    if let Ok(Json::Array(items)) = serde_json::from_str(json) {
                        items
                            .iter()
                            .filter_map(Json::as_str)
                            .for_each(|it| subject.add(&field.name, it));
                    }
                }
                _ => {}
            }
        }
        subject
    }

    fn add(&mut self, field: &str, term: &str) {
        self.terms.insert((field.to_owned(), term.to_owned()));
    }

    /// How much two entries have in common; 0 is nothing.
    pub(crate) fn in_common(&self, other: &Self) -> usize {
        let terms = self.terms.intersection(&other.terms).count();
        let words = self.words.intersection(&other.words).count();
        terms * TERM_WEIGHT + words
    }
}

fn words(title: &str) -> BTreeSet<String> {
    let words = title.split(|c: char| !c.is_alphanumeric());
    let words = words.filter(|it| it.chars().count() >= WORD_CHARACTERS_MIN);
    words.map(str::to_lowercase).collect()
}

/// Whether a text is the id of an entry, and not words that happen to be equal.
fn is_id(text: &str) -> bool {
    text.len() == 36 && text.bytes().all(|it| it.is_ascii_hexdigit() || it == b'-')
}

#[cfg(test)]
mod tests {
    use smartcms_plugin::content::Value;
    use smartcms_plugin::fields::field;

    use super::Subject;

    const ONE: &str = "0190a3c1-0000-7000-8000-000000000001";

    fn tagged(title: &str, tags: &str) -> Subject {
        Subject::of(&[field("title", title), field("tags", Value::Json(tags.to_owned()))])
    }

    #[test]
    fn a_shared_term_counts_more_than_words() {
        let subject = tagged("A walk around the lake", &format!("[\"{ONE}\",\"b\"]"));
        let by_term = subject.in_common(&tagged("Cooking", &format!("[\"{ONE}\"]")));
        let by_words = subject.in_common(&tagged("Around THE lake, for a walk", "[]"));
        assert_eq!((by_term, by_words), (10, 3));
        assert_eq!(subject.in_common(&tagged("The end", "[\"c\"]")), 0);
    }

    #[test]
    fn the_same_id_in_another_field_is_not_the_same() {
        let author = Subject::of(&[field("author", ONE)]);
        assert_eq!(author.in_common(&Subject::of(&[field("author", ONE)])), 10);
        assert_eq!(author.in_common(&Subject::of(&[field("topic", ONE)])), 0);
    }

    #[test]
    fn other_values_are_nothing_in_common() {
        let odd = [
            field("body", Value::Json("{\"version\":1}".to_owned())),
            field("n", 3),
            field("excerpt", "equal words"),
            field("broken", Value::Json("[".to_owned())),
        ];
        assert_eq!(Subject::of(&odd), Subject::default());
    }
}
