//! The models of the plugin that has an id just now: plugins come and go while the site is served.

use std::sync::Arc;

use async_trait::async_trait;
use smartcms_app::ports::{
    Description, Embedding, Generation, Model, ModelError, ModelProvider, Plugins, TextEnd,
    TextSink,
};
use smartcms_domain::plugins::PluginId;

/// The models of a plugin, looked up at each request.
pub struct OfPlugin {
    plugins: Arc<dyn Plugins>,
    id: PluginId,
    otherwise: Option<Arc<dyn ModelProvider>>,
}

impl OfPlugin {
    /// Of the plugin with this id.
    #[must_use]
    pub fn new(plugins: Arc<dyn Plugins>, id: PluginId) -> Self {
        Self { plugins, id, otherwise: None }
    }

    /// With somebody who answers where no plugin has the id.
    #[must_use]
    pub fn or(self, otherwise: Arc<dyn ModelProvider>) -> Self {
        Self { otherwise: Some(otherwise), ..self }
    }

    fn provider(&self) -> Result<Arc<dyn ModelProvider>, ModelError> {
        let found = self.plugins.model_provider(&self.id).or_else(|| self.otherwise.clone());
        found.ok_or_else(|| {
            ModelError::UnknownModel(format!(
                "plugin {} brings no models, or the site does not use it",
                self.id
            ))
        })
    }
}

#[async_trait]
impl ModelProvider for OfPlugin {
    async fn models(&self) -> Result<Vec<Model>, ModelError> {
        self.provider()?.models().await
    }

    async fn generate(
        &self,
        request: Generation,
        sink: TextSink<'_>,
    ) -> Result<TextEnd, ModelError> {
        self.provider()?.generate(request, sink).await
    }

    async fn embed(&self, request: Embedding) -> Result<Vec<Vec<f32>>, ModelError> {
        self.provider()?.embed(request).await
    }

    async fn describe(&self, request: Description) -> Result<String, ModelError> {
        self.provider()?.describe(request).await
    }
}
