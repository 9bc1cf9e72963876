//! Measures the meaning of texts with all-MiniLM-L6-v2. The host computes; texts are cut into pieces here.

mod batches;
mod letters;
mod pieces;
mod table;
mod words;

#[cfg(test)]
mod reference;

use smartcms_plugin::model_provider::{
    self, AiError, Description, Embedding, Generation, GuestTextStream, Model, TextEnd, TextStream,
    ended,
};
use smartcms_plugin::neural::{self, NeuralError};

/// What requests and grants name the model by.
const MODEL: &str = "all-minilm-l6-v2";
/// How many numbers a vector has.
const DIMENSIONS: u32 = 384;
/// How many pieces of a text are looked at, with one before and one behind. The model was trained with short texts; its
/// authors measure with this many.
const PIECES_MAX: usize = 256;

struct Plugin;

/// A text that nobody writes: this plugin measures.
struct NoText;

impl GuestTextStream for NoText {
    fn next(&self) -> Result<Option<String>, AiError> {
        Ok(None)
    }

    fn end(&self) -> TextEnd {
        ended("done")
    }
}

impl model_provider::Guest for Plugin {
    type TextStream = NoText;

    fn models() -> Result<Vec<Model>, AiError> {
        Ok(vec![Model {
            name: MODEL.to_owned(),
            title: "all-MiniLM-L6-v2, the meaning of short texts, above all in English".to_owned(),
            abilities: vec!["embed".to_owned()],
            dimensions: Some(DIMENSIONS),
            context_tokens: u32::try_from(PIECES_MAX).ok(),
        }])
    }

    fn generate(request: Generation) -> Result<TextStream, AiError> {
        Err(unknown(&request.model))
    }

    fn embed(request: Embedding) -> Result<Vec<Vec<f32>>, AiError> {
        if request.model != MODEL {
            return Err(unknown(&request.model));
        }
        let model = neural::Model::open(MODEL).map_err(told)?;
        let texts = request.texts.iter().map(|it| words::cut(it, PIECES_MAX)).collect::<Vec<_>>();
        batches::vectors(&model, &texts).map_err(told)
    }

    fn describe(request: Description) -> Result<String, AiError> {
        Err(unknown(&request.model))
    }
}

model_provider::export!(Plugin);

fn unknown(name: &str) -> AiError {
    AiError::UnknownModel(format!(
        "{name} is not what is asked of this plugin: it has {MODEL}, which embeds"
    ))
}

fn told(error: NeuralError) -> AiError {
    match error {
        NeuralError::TimedOut(text) => AiError::Unavailable(text),
        NeuralError::Unknown(text) => AiError::Failed(format!(
            "{text}; `smartcms ai pull {MODEL}` gets it, and a server that runs is started again"
        )),
        NeuralError::Denied(text) | NeuralError::Invalid(text) | NeuralError::Failed(text) => {
            AiError::Failed(text)
        }
    }
}
