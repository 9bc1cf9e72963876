//! From what somebody typed to what is searched for.

use smartcms_domain::Problem;

use crate::entries::ContentError;
use crate::meaning::is_stop_word;
use crate::ports::SearchTerm;

/// The longest text to search for, in characters.
pub const SEARCH_LEN_MAX: usize = 200;

/// The most words and phrases to search for.
pub const SEARCH_TERMS_MAX: usize = 12;

/// From which length on an unfinished word is searched for, in characters: one letter begins too many words.
const PREFIX_LEN_MIN: usize = 2;

/// Scripts that write words without spaces begin here; one sign of theirs can be a word.
const FIRST_IDEOGRAPH: char = '\u{2e80}';

/// The words and phrases of a text. No sign of it means anything but quotation marks, which hold a phrase together.
pub(super) fn terms_of(text: &str) -> Result<Vec<SearchTerm>, ContentError> {
    check_length(text)?;
    let terms = split(text);
    if terms.len() > SEARCH_TERMS_MAX {
        let message = format!("there are more than {SEARCH_TERMS_MAX} words and phrases");
        return Err(refused("too-many", message));
    }
    Ok(terms)
}

/// Refuses a text that is empty or too long.
pub(super) fn check_length(text: &str) -> Result<(), ContentError> {
    if text.trim().is_empty() {
        return Err(refused("required", "there is nothing to search for".to_owned()));
    }
    if text.chars().count() > SEARCH_LEN_MAX {
        let message = format!("the text has more than {SEARCH_LEN_MAX} characters");
        return Err(refused("too-long", message));
    }
    Ok(())
}

/// The first words and phrases of a text that tell something, for a search by words that is not alone: who asks a
/// question does not look for its `how` and `the`. All of them where none tells anything.
pub(super) fn telling_terms(text: &str) -> Vec<SearchTerm> {
    let mut terms = split(text);
    let tells = |term: &SearchTerm| {
        let (SearchTerm::Words(text) | SearchTerm::Prefix(text)) = term;
        let bare = text.trim_matches(|it: char| !it.is_alphanumeric()).to_lowercase();
        !is_stop_word(&bare)
    };
    if terms.iter().any(tells) {
        terms.retain(tells);
    }
    terms.truncate(SEARCH_TERMS_MAX);
    terms
}

fn split(text: &str) -> Vec<SearchTerm> {
    let plain = text.replace(|it: char| it.is_control(), " ");
    let mut terms = Vec::new();
    // Every second part stands between quotation marks; the last one only if it is closed.
    let parts: Vec<&str> = plain.split(['"', '\u{201c}', '\u{201d}', '\u{201e}']).collect();
    let last = parts.len().saturating_sub(1);
    for (at, part) in parts.into_iter().enumerate() {
        if at % 2 == 1 && at < last {
            terms.push(part);
        } else {
            terms.extend(part.split_whitespace());
        }
    }
    let ends_in_phrase = plain.trim_end().ends_with(['"', '\u{201c}', '\u{201d}']);
    terms.retain(|it| it.chars().any(char::is_alphanumeric));
    let unfinished = terms.pop();
    let mut terms: Vec<SearchTerm> =
        terms.into_iter().map(|it| SearchTerm::Words(it.trim().to_owned())).collect();
    terms.extend(unfinished.map(|it| {
        let text = it.trim().to_owned();
        if ends_in_phrase || !is_long_enough(&text) {
            SearchTerm::Words(text)
        } else {
            SearchTerm::Prefix(text)
        }
    }));
    terms
}

/// Whether the last word of a text is long enough to go on with any letters.
fn is_long_enough(text: &str) -> bool {
    let mut words = text.rsplit(|it: char| !it.is_alphanumeric());
    let last = words.find(|it| !it.is_empty()).unwrap_or_default();
    last.chars().count() >= PREFIX_LEN_MIN || last.starts_with(|it| it >= FIRST_IDEOGRAPH)
}

fn refused(code: &'static str, message: String) -> ContentError {
    ContentError::BadQuery(vec![Problem::field("q", code, message)])
}

#[cfg(test)]
mod tests {
    use super::{telling_terms, terms_of};
    use crate::ports::SearchTerm::{self, Prefix, Words};

    fn of(text: &str) -> Vec<SearchTerm> {
        terms_of(text).unwrap()
    }

    fn words(text: &str) -> SearchTerm {
        Words(text.to_owned())
    }

    fn prefix(text: &str) -> SearchTerm {
        Prefix(text.to_owned())
    }

    #[test]
    fn the_last_word_is_unfinished_and_phrases_stay_whole() {
        assert_eq!(of("garden  soi"), [words("garden"), prefix("soi")]);
        assert_eq!(of("\"good soil\" her"), [words("good soil"), prefix("her")]);
        assert_eq!(of("herbs \"good soil\""), [words("herbs"), words("good soil")]);
        assert_eq!(of("herbs “good soil”"), [words("herbs"), words("good soil")]);
    }

    #[test]
    fn an_open_phrase_is_words() {
        assert_eq!(of("\"good soi"), [words("good"), prefix("soi")]);
    }

    #[test]
    fn one_letter_is_a_word_but_one_ideograph_goes_on() {
        assert_eq!(of("plan b"), [words("plan"), words("b")]);
        assert_eq!(of("日"), [prefix("日")]);
    }

    #[test]
    fn signs_without_letters_are_left_out() {
        assert_eq!(of("* - + ^ ( ) : \" \" \0"), []);
    }

    #[test]
    fn a_question_is_searched_for_by_what_tells_something() {
        let found = telling_terms("How do I grow tomatoes on a balcony?");
        assert_eq!(found, [words("grow"), words("tomatoes"), prefix("balcony?")]);
        assert_eq!(telling_terms("to be"), [words("to"), prefix("be")]);
        assert_eq!(telling_terms(&"word ".repeat(40)).len(), 12);
    }

    #[test]
    fn limits_are_told() {
        assert!(terms_of(" ").is_err());
        assert!(terms_of(&"x".repeat(201)).is_err());
        assert!(terms_of(&"x".repeat(200)).is_ok());
        assert!(terms_of(&"x ".repeat(13)).is_err());
        assert!(terms_of(&"x ".repeat(12)).is_ok());
    }
}
