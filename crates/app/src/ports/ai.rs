//! Models: text that goes on, and meaning as numbers.

use async_trait::async_trait;

/// Writes text.
#[async_trait]
pub trait TextGenerator: Send + Sync {
    /// Goes on from a prompt until the model stops or `tokens_max` are written.
    async fn generate(&self, prompt: &str, tokens_max: u32) -> Result<String, ModelError>;
}

/// Turns meaning into numbers.
#[async_trait]
pub trait Embedder: Send + Sync {
    /// One vector for each text, all of one length, each of Euclidean length 1.
    async fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, ModelError>;
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
}
