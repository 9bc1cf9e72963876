//! `smartcms:plugin/ai-provider` 0.1.0.

use smartcms_app::ports::{
    Ability, Description, Embedding, Generation, Message, Model, ModelError, Parameters, TextEnd,
};
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
    ) -> wasmtime::Result<Result<TextEnd, ModelError>> {
        let request = wit::Generation {
            model: request.model,
            messages: request.messages.into_iter().map(message).collect(),
            tokens_max: request.tokens_max,
            parameters: parameters(request.parameters),
        };
        let provider = self.0.smartcms_plugin_ai_provider();
        let stream = match provider.call_generate(&mut *store, &request).await? {
            Ok(stream) => stream,
            Err(failed) => return Ok(Err(error(failed))),
        };
        let texts = provider.text_stream();
        let ended = loop {
            let piece = match texts.call_next(&mut *store, stream).await? {
                Ok(Some(piece)) => piece,
                Ok(None) => break Ok(end(texts.call_end(&mut *store, stream).await?)),
                Err(failed) => break Err(error(failed)),
            };
            // Nobody reads on.
            if pieces.send(piece).await.is_err() {
                break Ok(TextEnd::default());
            }
        };
        stream.resource_drop_async(store).await?;
        Ok(ended)
    }

    pub(super) async fn embed(
        &self,
        store: &mut Store<GuestState>,
        request: Embedding,
    ) -> wasmtime::Result<Result<Vec<Vec<f32>>, ModelError>> {
        let Embedding { model, texts, parameters: more } = request;
        let request = wit::Embedding { model, texts, parameters: parameters(more) };
        let provider = self.0.smartcms_plugin_ai_provider();
        Ok(provider.call_embed(store, &request).await?.map_err(error))
    }

    pub(super) async fn describe(
        &self,
        store: &mut Store<GuestState>,
        request: Description,
    ) -> wasmtime::Result<Result<String, ModelError>> {
        let Description { model, media_type, image, parameters: more } = request;
        let (image, parameters) = (image.to_vec(), parameters(more));
        let request = wit::Description { model, media_type, image, parameters };
        let provider = self.0.smartcms_plugin_ai_provider();
        Ok(provider.call_describe(store, &request).await?.map_err(error))
    }
}

fn parameters(all: Parameters) -> Vec<wit::Parameter> {
    let one = |(name, value): (String, serde_json::Value)| wit::Parameter {
        name,
        value: value.to_string(),
    };
    all.into_iter().map(one).collect()
}

fn message(it: Message) -> wit::Message {
    wit::Message { role: it.role.name().to_owned(), text: it.text }
}

fn model(it: wit::Model) -> Model {
    let wit::Model { name, title, abilities, dimensions, context_tokens } = it;
    let abilities = abilities.iter().filter_map(|it| Ability::parse(it)).collect();
    Model { name, title, abilities, dimensions, context_tokens }
}

fn end(it: wit::TextEnd) -> TextEnd {
    let wit::TextEnd { reason, tokens_read, tokens_written } = it;
    TextEnd { reason, tokens_read, tokens_written }
}

fn error(it: wit::AiError) -> ModelError {
    match it {
        wit::AiError::UnknownModel(text) => ModelError::UnknownModel(text),
        wit::AiError::Invalid(text) => ModelError::Invalid(text),
        wit::AiError::Refused(text) => ModelError::Refused(text),
        wit::AiError::Limit(text) => ModelError::Limit(text),
        wit::AiError::Unavailable(text) => ModelError::Unavailable(text),
        wit::AiError::Failed(text) => ModelError::Broken(text),
    }
}
