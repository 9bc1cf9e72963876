//! Tells short stories with a small model. The host computes; words are cut and chosen here.

mod choice;
mod pieces;
mod plan;
mod request;
mod steps;
mod stream;

use smartcms_plugin::model_provider::{
    self, AiError, Description, Embedding, Generation, Model, TextStream,
};
use smartcms_plugin::neural::NeuralError;

use crate::plan::Plan;
use crate::request::Options;
use crate::steps::{CONTEXT, Steps};
use crate::stream::Story;

/// What requests and grants name the model by.
const MODEL: &str = "storyteller";

struct Plugin;

impl model_provider::Guest for Plugin {
    type TextStream = Story;

    fn models() -> Result<Vec<Model>, AiError> {
        Ok(vec![Model {
            name: MODEL.to_owned(),
            title: "Storyteller, a small model for short stories in English".to_owned(),
            abilities: vec!["generate".to_owned()],
            dimensions: None,
            context_tokens: u32::try_from(CONTEXT).ok(),
        }])
    }

    fn generate(request: Generation) -> Result<TextStream, AiError> {
        if request.model != MODEL {
            return Err(unknown(&request.model));
        }
        let options = Options::of(&request)?;
        let plan = Plan::of(&request.messages)?;
        let steps = Steps::open(MODEL).map_err(told)?;
        Ok(TextStream::new(Story::begin(steps, plan, options)?))
    }

    fn embed(request: Embedding) -> Result<Vec<Vec<f32>>, AiError> {
        Err(unknown(&request.model))
    }

    fn describe(request: Description) -> Result<String, AiError> {
        Err(unknown(&request.model))
    }
}

model_provider::export!(Plugin);

fn unknown(name: &str) -> AiError {
    AiError::UnknownModel(format!("{name} is none of {MODEL}, which generates text"))
}

fn told(error: NeuralError) -> AiError {
    match error {
        NeuralError::TimedOut(text) => AiError::Unavailable(text),
        NeuralError::Denied(text)
        | NeuralError::Unknown(text)
        | NeuralError::Invalid(text)
        | NeuralError::Failed(text) => AiError::Failed(text),
    }
}
