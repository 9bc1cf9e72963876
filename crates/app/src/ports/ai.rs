//! Models: text that goes on, and meaning as numbers.

use std::ops::ControlFlow;

use async_trait::async_trait;
use bytes::Bytes;
use serde_json::Value;

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
    ) -> Result<TextEnd, ModelError> {
        let _ = sink(&self.generate(prompt, tokens_max).await?);
        Ok(TextEnd::default())
    }
}

/// The writer of a site that has none.
pub struct NoWriter;

#[async_trait]
impl TextGenerator for NoWriter {
    async fn generate(&self, _prompt: &str, _tokens_max: u32) -> Result<String, ModelError> {
        Err(ModelError::NotConfigured { task: "generating text" })
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

    /// Writes a text piece by piece, as far as the sink wants it, and says how it ended.
    async fn generate(
        &self,
        request: Generation,
        sink: TextSink<'_>,
    ) -> Result<TextEnd, ModelError>;

    /// One vector for each text, all of one length, each of Euclidean length 1.
    async fn embed(&self, request: Embedding) -> Result<Vec<Vec<f32>>, ModelError>;

    /// What an image shows, in a sentence.
    async fn describe(&self, request: Description) -> Result<String, ModelError>;
}

/// A model that there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// What requests name it by.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// What it does.
    pub abilities: Vec<Ability>,
    /// How many numbers its vectors have, where it embeds.
    pub dimensions: Option<u32>,
    /// How many tokens it reads and writes at a time, as far as is known.
    pub context_tokens: Option<u32>,
}

/// What a model does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ability {
    /// It writes text.
    Generate,
    /// It turns texts into vectors.
    Embed,
    /// It says what images show.
    Describe,
}

impl Ability {
    /// Every ability.
    pub const ALL: [Self; 3] = [Self::Generate, Self::Embed, Self::Describe];

    /// The lasting name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Generate => "generate",
            Self::Embed => "embed",
            Self::Describe => "describe",
        }
    }

    /// The ability with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// Something else that a request asks for, by its name, as `temperature`; providers leave out what they do not know.
pub type Parameters = Vec<(String, Value)>;

/// Who speaks in a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// What the model should be.
    System,
    /// Whoever asks.
    User,
    /// The model.
    Assistant,
}

impl Role {
    /// The lasting name.
    pub fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::User => "user",
            Self::Assistant => "assistant",
        }
    }
}

/// One turn of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Who speaks.
    pub role: Role,
    /// What is said.
    pub text: String,
}

/// What to write.
#[derive(Debug, Clone, PartialEq)]
pub struct Generation {
    /// By which model.
    pub model: String,
    /// The conversation that it goes on with.
    pub messages: Vec<Message>,
    /// The most tokens to write.
    pub tokens_max: u32,
    /// What else is asked for.
    pub parameters: Parameters,
}

/// What to measure the meaning of.
#[derive(Debug, Clone, PartialEq)]
pub struct Embedding {
    /// By which model.
    pub model: String,
    /// The texts.
    pub texts: Vec<String>,
    /// What else is asked for.
    pub parameters: Parameters,
}

/// What to describe.
#[derive(Debug, Clone, PartialEq)]
pub struct Description {
    /// By which model.
    pub model: String,
    /// The type of the image.
    pub media_type: String,
    /// The image.
    pub image: Bytes,
    /// What else is asked for.
    pub parameters: Parameters,
}

/// How a text ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextEnd {
    /// `done`, or `length` where a bound was reached; empty when nobody wanted more.
    pub reason: String,
    /// Tokens that were read, as far as is known.
    pub tokens_read: Option<u32>,
    /// Tokens that were written, as far as is known.
    pub tokens_written: Option<u32>,
}

/// Why a model gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// No model is configured for this.
    #[error("no model is configured for {task}")]
    NotConfigured {
        /// What was asked for.
        task: &'static str,
    },
    /// There is no such model, or it does not do this.
    #[error("there is no such model: {0}")]
    UnknownModel(String),
    /// The request is none that a model can answer.
    #[error("the request cannot be answered: {0}")]
    Invalid(String),
    /// The model does not answer this.
    #[error("the model refused: {0}")]
    Refused(String),
    /// There were too many requests.
    #[error("the provider's limit is reached: {0}")]
    Limit(String),
    /// Not now.
    #[error("the model does not answer now: {0}")]
    Unavailable(String),
    /// Something is wrong that will be wrong again.
    #[error("the provider failed: {0}")]
    Broken(String),
    /// What came is not what was asked for.
    #[error("the provider gave {0}")]
    Unfit(String),
    /// The plugin that provides it failed.
    #[error(transparent)]
    Failed(#[from] PluginFailure),
}
