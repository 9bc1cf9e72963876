//! Providers of models behind the ports `TextGenerator` and `Embedder`.
//!
//! [`NoProvider`] is for a site that has none: it answers every request with an error that says so. [`ChosenModel`] is one
//! model of whoever provides models, a plugin for instance.
#![deny(missing_docs)]

use std::ops::ControlFlow;
use std::sync::Arc;

use async_trait::async_trait;
use smartcms_app::ports::{
    Embedder, Embedding, Generation, Message, ModelError, ModelProvider, Role, TextEnd,
    TextGenerator, TextSink,
};

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

/// One model of a provider.
pub struct ChosenModel {
    provider: Arc<dyn ModelProvider>,
    model: String,
}

impl ChosenModel {
    /// Chooses a model by its name.
    pub fn new(provider: Arc<dyn ModelProvider>, model: impl Into<String>) -> Self {
        Self { provider, model: model.into() }
    }

    fn generation(&self, prompt: &str, tokens_max: u32) -> Generation {
        let messages = vec![Message { role: Role::User, text: prompt.to_owned() }];
        Generation { model: self.model.clone(), messages, tokens_max, parameters: Vec::new() }
    }
}

#[async_trait]
impl TextGenerator for ChosenModel {
    async fn generate(&self, prompt: &str, tokens_max: u32) -> Result<String, ModelError> {
        let mut text = String::new();
        let mut collect = |piece: &str| {
            text.push_str(piece);
            ControlFlow::Continue(())
        };
        self.provider.generate(self.generation(prompt, tokens_max), &mut collect).await?;
        Ok(text)
    }

    async fn stream(
        &self,
        prompt: &str,
        tokens_max: u32,
        sink: TextSink<'_>,
    ) -> Result<TextEnd, ModelError> {
        self.provider.generate(self.generation(prompt, tokens_max), sink).await
    }
}

#[async_trait]
impl Embedder for ChosenModel {
    async fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, ModelError> {
        let (model, texts) = (self.model.clone(), texts.to_vec());
        self.provider.embed(Embedding { model, texts, parameters: Vec::new() }).await
    }
}
