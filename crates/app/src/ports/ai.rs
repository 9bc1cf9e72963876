//! Models: text that goes on, and meaning as numbers.

use std::ops::ControlFlow;

use async_trait::async_trait;
use bytes::Bytes;

use super::PluginFailure;

/// Takes a text piece by piece, and says whether it wants more.
pub type TextSink<'a> = &'a mut (dyn FnMut(&str) -> ControlFlow<()> + Send);

/// Writes text.
#[async_trait]
pub trait TextGenerator: Send + Sync {
    /// Goes on from a prompt until the model stops or `tokens_max` are written.
    async fn generate(&self, prompt: &str, tokens_max: u32) -> Result<String, ModelError>;

    /// The same piece by piece, as far as the sink wants it.
    async fn stream(
        &self,
        prompt: &str,
        tokens_max: u32,
        sink: TextSink<'_>,
    ) -> Result<(), ModelError> {
        let _ = sink(&self.generate(prompt, tokens_max).await?);
        Ok(())
    }
}

/// Turns meaning into numbers.
#[async_trait]
pub trait Embedder: Send + Sync {
    /// One vector for each text, all of one length, each of Euclidean length 1.
    async fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, ModelError>;
}

/// Somebody who has models.
#[async_trait]
pub trait ModelProvider: Send + Sync {
    /// Every model.
    async fn models(&self) -> Result<Vec<Model>, ModelError>;

    /// Writes a text piece by piece, as far as the sink wants it.
    async fn generate(&self, request: Generation, sink: TextSink<'_>) -> Result<(), ModelError>;

    /// One vector for each text, all of one length, each of Euclidean length 1.
    async fn embed(&self, model: &str, texts: &[String]) -> Result<Vec<Vec<f32>>, ModelError>;

    /// What an image shows, in a sentence.
    async fn describe(
        &self,
        model: &str,
        media_type: &str,
        image: Bytes,
    ) -> Result<String, ModelError>;
}

/// A model that there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// What requests name it by.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// Whether it writes text.
    pub generates: bool,
    /// Whether it embeds, and then how many numbers a vector has.
    pub embeds: Option<u32>,
    /// Whether it describes images.
    pub describes: bool,
}

/// What to write.
#[derive(Debug, Clone, PartialEq)]
pub struct Generation {
    /// By which model.
    pub model: String,
    /// What the model should be, before the prompt.
    pub system: Option<String>,
    /// What to go on from.
    pub prompt: String,
    /// The most tokens to write.
    pub tokens_max: u32,
    /// From 0 for the most likely to 2; `None` for the model's own.
    pub temperature: Option<f32>,
}

/// Why a model gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// Nothing is configured for this.
    #[error("no provider is configured for {task}")]
    NotConfigured {
        /// What was asked for.
        task: &'static str,
    },
    /// There is no such model, or it does not do this.
    #[error("there is no such model: {0}")]
    UnknownModel(String),
    /// The model does not answer this.
    #[error("the model refused: {0}")]
    Refused(String),
    /// Not now.
    #[error("the model does not answer now: {0}")]
    Unavailable(String),
    /// What came is not what was asked for.
    #[error("the provider gave {0}")]
    Unfit(String),
    /// The plugin that provides it failed.
    #[error(transparent)]
    Failed(#[from] PluginFailure),
}
