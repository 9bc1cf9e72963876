//! Providers of models behind the ports `TextGenerator` and `Embedder`.
//!
//! There is one so far, for a site that has none: it answers every request with an error that says so.
#![deny(missing_docs)]

use async_trait::async_trait;
use smartcms_app::ports::{Embedder, ModelError, TextGenerator};

/// The provider of a site that has none.
pub struct NoProvider;

#[async_trait]
impl TextGenerator for NoProvider {
    async fn generate(&self, _prompt: &str, _tokens_max: u32) -> Result<String, ModelError> {
        Err(ModelError::NotConfigured { task: "generating text" })
    }
}

#[async_trait]
impl Embedder for NoProvider {
    async fn embed(&self, _texts: &[String]) -> Result<Vec<Vec<f32>>, ModelError> {
        Err(ModelError::NotConfigured { task: "embeddings" })
    }
}
