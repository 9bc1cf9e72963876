//! What a conversation asks for: a story about something, or one that goes on from a beginning.

use smartcms_plugin::model_provider::{AiError, Message};

use crate::pieces::{Pieces, STORY, TOPICS};

/// The words that a story can be asked to be about.
const WORDS: &str = include_str!("../../../models/storyteller/topics.txt");
/// The most of them: training never put more before a story.
const WORDS_MAX: usize = 3;
/// The longest beginning, in pieces.
const BEGINNING_MAX: usize = 128;
/// The longest text that is looked at.
const TEXT_BYTES_MAX: usize = 16 * 1024;

/// What asks for a story instead of beginning one.
const ASKING: &[&str] =
    &["write", "tell", "make", "create", "generate", "invent", "compose", "give", "please"];

/// The pieces that come before what the model writes.
pub(crate) struct Plan {
    pub(crate) pieces: Pieces,
    pub(crate) before: Vec<u32>,
    /// Whether the first word written is the first of the text.
    pub(crate) begins: bool,
}

impl Plan {
    pub(crate) fn of(messages: &[Message]) -> Result<Self, AiError> {
        let known = |it: &str| ["system", "user", "assistant"].contains(&it);
        if let Some(odd) = messages.iter().find(|it| !known(&it.role)) {
            return Err(AiError::Invalid(format!("{} is no role", odd.role)));
        }
        let last = messages.iter().rfind(|it| it.role != "system");
        let last = last.ok_or_else(|| AiError::Invalid("nothing was asked".to_owned()))?;
        if last.text.len() > TEXT_BYTES_MAX {
            let text = format!("a prompt has at most {TEXT_BYTES_MAX} bytes");
            return Err(AiError::Invalid(text));
        }
        let pieces = Pieces::read();
        let beginning = match last.role.as_str() {
            "user" if asks(&last.text) => "",
            _ => last.text.trim(),
        };
        let told = pieces.cut(beginning);
        if told.len() > BEGINNING_MAX {
            let count = told.len();
            let text = format!("the beginning has {count} words; {BEGINNING_MAX} is the limit");
            return Err(AiError::Invalid(text));
        }
        let mut before = vec![TOPICS];
        before.extend(topics(messages, &pieces));
        before.push(STORY);
        before.extend(&told);
        Ok(Self { pieces, before, begins: told.is_empty() })
    }
}

/// Whether a text asks for a story: it says so, or is a question, or nothing.
fn asks(text: &str) -> bool {
    let text = text.trim();
    let words: Vec<String> = words(text).collect();
    let first = words.first().map_or("", String::as_str);
    let about = words.iter().any(|it| matches!(it.as_str(), "story" | "stories" | "tale"));
    first.is_empty() || ASKING.contains(&first) || about || text.ends_with('?')
}

/// What people want to hear about, in the order in which they say it.
fn topics(messages: &[Message], pieces: &Pieces) -> Vec<u32> {
    let known: Vec<&str> = WORDS.lines().collect();
    let mut found: Vec<u32> = Vec::new();
    for message in messages.iter().filter(|it| it.role == "user") {
        for word in words(&message.text) {
            let one = word.strip_suffix('s').unwrap_or(&word);
            let word = known
                .iter()
                .find(|it| **it == word)
                .or_else(|| known.iter().find(|it| **it == one));
            if let Some(piece) = word.and_then(|it| pieces.word(it))
                && !found.contains(&piece)
            {
                found.push(piece);
            }
        }
    }
    found.truncate(WORDS_MAX);
    found
}

fn words(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|it: char| !it.is_alphabetic()).filter(|it| !it.is_empty());
    words.map(str::to_lowercase)
}

#[cfg(test)]
mod tests {
    use smartcms_plugin::model_provider::{AiError, Message};

    use super::Plan;
    use crate::pieces::{STORY, TOPICS};

    fn plan(role: &str, text: &str) -> Result<Plan, AiError> {
        Plan::of(&[Message { role: role.to_owned(), text: text.to_owned() }])
    }

    #[track_caller]
    fn check(text: &str, topics: &[&str], beginning: &str) {
        let plan = plan("user", text).unwrap();
        let joined =
            |pieces: &[u32]| -> String { pieces.iter().map(|it| plan.pieces.text(*it)).collect() };
        let at = plan.before.iter().position(|it| *it == STORY).unwrap();
        assert_eq!(plan.before[0], TOPICS);
        let said: String = topics.iter().map(|it| format!(" {it}")).collect();
        assert_eq!(joined(&plan.before[1..at]), said, "{text}");
        assert_eq!(joined(&plan.before[at + 1..]), beginning, "{text}");
        assert_eq!(plan.begins, beginning.is_empty());
    }

    #[test]
    fn what_asks_for_a_story_is_no_part_of_it() {
        check("", &[], "");
        check("Write a short story.", &[], "");
        check("Tell me about a fox and two lanterns, please", &["fox", "lantern"], "");
        check("A story with an owl, a bear, honey and a kite", &["owl", "bear", "honey"], "");
        check("Do you know one about bears?", &["bear"], "");
    }

    #[test]
    fn a_beginning_is_gone_on_with() {
        check("Once upon a time ", &[], "Once upon a time");
        check("The fox was hungry", &["fox"], "The fox was hungry");
    }

    #[test]
    fn what_is_no_conversation_is_refused() {
        assert!(matches!(plan("robot", "Once"), Err(AiError::Invalid(_))));
        assert!(matches!(plan("system", "Be kind."), Err(AiError::Invalid(_))));
        assert!(matches!(Plan::of(&[]), Err(AiError::Invalid(_))));
        assert!(matches!(plan("user", &"fox ".repeat(200)), Err(AiError::Invalid(_))));
        assert!(plan("assistant", "Write a story, said the").is_ok_and(|it| !it.begins));
    }
}
