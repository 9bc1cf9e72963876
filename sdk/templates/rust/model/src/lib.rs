//! Brings a model that shortens a text to its first sentence: the shape of a real one, without its weights.

use std::cell::RefCell;

use smartcms_plugin::model_provider::{
    self, AiError, Description, Embedding, Generation, GuestTextStream, Model, TextEnd, TextStream,
    ended,
};

const NAME: &str = "first-sentence";

/// How many numbers a vector has.
const DIMENSIONS: usize = 4;

struct Plugin;

/// The words that are still to come, the last first.
struct Words(RefCell<Vec<String>>);

impl GuestTextStream for Words {
    fn next(&self) -> Result<Option<String>, AiError> {
        Ok(self.0.borrow_mut().pop())
    }

    fn end(&self) -> TextEnd {
        ended("done")
    }
}

impl model_provider::Guest for Plugin {
    type TextStream = Words;

    fn models() -> Result<Vec<Model>, AiError> {
        Ok(vec![Model {
            name: NAME.to_owned(),
            title: "The first sentence".to_owned(),
            abilities: vec!["generate".to_owned(), "embed".to_owned()],
            dimensions: Some(DIMENSIONS as u32),
            context_tokens: None,
        }])
    }

    fn generate(request: Generation) -> Result<TextStream, AiError> {
        known(&request.model)?;
        let said = request.messages.iter().rev().find(|it| it.role == "user");
        let said = said.ok_or_else(|| AiError::Invalid("nobody said anything".to_owned()))?;
        let words = first_sentence(&said.text).split_inclusive(' ').map(str::to_owned);
        let mut words: Vec<String> = words.take(request.tokens_max as usize).collect();
        words.reverse();
        Ok(TextStream::new(Words(RefCell::new(words))))
    }

    fn embed(request: Embedding) -> Result<Vec<Vec<f32>>, AiError> {
        known(&request.model)?;
        Ok(request.texts.iter().map(|text| direction(text)).collect())
    }

    fn describe(request: Description) -> Result<String, AiError> {
        known(&request.model)?;
        Err(AiError::UnknownModel(format!("{NAME} does not see images")))
    }
}

model_provider::export!(Plugin);

fn known(model: &str) -> Result<(), AiError> {
    if model == NAME { Ok(()) } else { Err(AiError::UnknownModel(model.to_owned())) }
}

fn first_sentence(text: &str) -> &str {
    text.find(". ").map_or(text, |end| &text[..=end])
}

/// How often letters come, four kinds of them.
fn direction(text: &str) -> Vec<f32> {
    let mut counts = vec![0.0; DIMENSIONS];
    for byte in text.bytes() {
        counts[usize::from(byte) % DIMENSIONS] += 1.0;
    }
    // A vector has to point somewhere.
    if text.is_empty() {
        counts[0] = 1.0;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::{direction, first_sentence};

    #[test]
    fn a_sentence_ends_with_its_full_stop() {
        assert_eq!(first_sentence("One. Two."), "One.");
        assert_eq!(first_sentence("Version 1.2 came"), "Version 1.2 came");
    }

    #[test]
    fn every_text_has_a_direction() {
        assert_eq!(direction("a"), [0.0, 1.0, 0.0, 0.0]);
        assert_eq!(direction(""), [1.0, 0.0, 0.0, 0.0]);
    }
}
