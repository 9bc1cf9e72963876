//! `smartcms:plugin/ai-provider` 0.1.0.

use smartcms_app::ports::{Generation, Model, ModelError};
use tokio::sync::mpsc::Sender;
use wasmtime::Store;

use super::bindings::models::exports::smartcms::plugin::ai_provider as wit;
use super::bindings::models::{ModelProvider, ModelProviderPre};
use crate::state::GuestState;

/// An instance in a store.
pub(super) struct Provider(ModelProvider);

impl Provider {
    pub(super) async fn of(
        pre: Option<&ModelProviderPre<GuestState>>,
        store: &mut Store<GuestState>,
    ) -> wasmtime::Result<Self> {
        let pre = pre.ok_or_else(|| wasmtime::Error::msg("it brings no models"))?;
        Ok(Self(pre.instantiate_async(store).await?))
    }

    pub(super) async fn models(
        &self,
        store: &mut Store<GuestState>,
    ) -> wasmtime::Result<Result<Vec<Model>, ModelError>> {
        let listed = self.0.smartcms_plugin_ai_provider().call_models(store).await?;
        Ok(listed.map(|it| it.into_iter().map(model).collect()).map_err(error))
    }

    pub(super) async fn generate(
        &self,
        store: &mut Store<GuestState>,
        request: Generation,
        pieces: Sender<String>,
    ) -> wasmtime::Result<Result<(), ModelError>> {
        let request = wit::Generation {
            model: request.model,
            system: request.system,
            prompt: request.prompt,
            tokens_max: request.tokens_max,
            temperature: request.temperature,
        };
        let provider = self.0.smartcms_plugin_ai_provider();
        let stream = match provider.call_generate(&mut *store, &request).await? {
            Ok(stream) => stream,
            Err(failed) => return Ok(Err(error(failed))),
        };
        let ended = loop {
            let piece = match provider.text_stream().call_next(&mut *store, stream).await? {
                Ok(Some(piece)) => piece,
                Ok(None) => break Ok(()),
                Err(failed) => break Err(error(failed)),
            };
            // Nobody reads on.
            if pieces.send(piece).await.is_err() {
                break Ok(());
            }
        };
        stream.resource_drop_async(store).await?;
        Ok(ended)
    }

    pub(super) async fn embed(
        &self,
        store: &mut Store<GuestState>,
        model: &str,
        texts: &[String],
    ) -> wasmtime::Result<Result<Vec<Vec<f32>>, ModelError>> {
        let provider = self.0.smartcms_plugin_ai_provider();
        Ok(provider.call_embed(store, model, texts).await?.map_err(error))
    }

    pub(super) async fn describe(
        &self,
        store: &mut Store<GuestState>,
        model: &str,
        media_type: &str,
        image: &[u8],
    ) -> wasmtime::Result<Result<String, ModelError>> {
        let provider = self.0.smartcms_plugin_ai_provider();
        Ok(provider.call_describe(store, model, media_type, image).await?.map_err(error))
    }
}

fn model(it: wit::Model) -> Model {
    let wit::Model { name, title, generates, embeds, describes } = it;
    Model { name, title, generates, embeds, describes }
}

fn error(it: wit::AiError) -> ModelError {
    match it {
        wit::AiError::UnknownModel(text) => ModelError::UnknownModel(text),
        wit::AiError::Refused(text) => ModelError::Refused(text),
        wit::AiError::Unavailable(text) => ModelError::Unavailable(text),
    }
}
