//! Models that a plugin brings, within the time of a model; a text comes piece by piece.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures::future::{Either, select};
use smartcms_app::CallChain;
use smartcms_app::ports::{
    Description, Embedding, Generation, Model, ModelError, ModelProvider, PluginFailure, TextEnd,
    TextSink,
};
use smartcms_domain::actors::Actor;
use smartcms_domain::plugins::PluginId;
use tokio::sync::mpsc;

use super::plugin::Plugin;
use super::points::quoted;
use super::registry::Registry;
use crate::contract::Point;

/// The most models of one plugin.
const MODELS_MAX: usize = 100;
/// The longest name of a model, in characters.
const NAME_CHARS_MAX: usize = 100;
/// How much of a title is shown.
const TITLE_CHARS_MAX: usize = 200;
/// The most texts of one request.
const TEXTS_MAX: usize = 256;
/// The longest text, in bytes.
const TEXT_BYTES_MAX: usize = 1024 * 1024;
/// Pieces that may wait for their reader; the plugin waits when there are more.
const PIECES_WAITING_MAX: usize = 16;

struct PluginModels(Arc<Plugin>);

/// The models of a plugin.
pub(super) fn provider(registry: &Registry, id: &PluginId) -> Option<Arc<dyn ModelProvider>> {
    let plugin = registry.find(id).filter(|it| it.takes_part(Point::Models))?;
    Some(Arc::new(PluginModels(Arc::clone(plugin))))
}

impl PluginModels {
    fn time(&self) -> Duration {
        self.0.profile.limits.times.model
    }
}

#[async_trait]
impl ModelProvider for PluginModels {
    async fn models(&self) -> Result<Vec<Model>, ModelError> {
        // Somebody waits for a list, and no model works on it.
        let time = self.0.profile.limits.times.request;
        let listed = self
            .0
            .call(time, &for_readers(), |contract, mut store| async move {
                contract.models(&mut store).await
            })
            .await?
            .map_err(told)?;
        checked(listed)
    }

    async fn generate(
        &self,
        request: Generation,
        sink: TextSink<'_>,
    ) -> Result<TextEnd, ModelError> {
        let (sender, mut pieces) = mpsc::channel::<String>(PIECES_WAITING_MAX);
        let chain = for_readers();
        let mut writing =
            pin!(self.0.call(self.time(), &chain, |contract, mut store| async move {
                contract.generate(&mut store, request, sender).await
            }));
        let mut bytes = 0;
        let mut take = |piece: &str| {
            bytes += piece.len();
            if bytes > TEXT_BYTES_MAX { Err(too_long()) } else { Ok(sink(piece).is_break()) }
        };
        loop {
            let step = match select(pin!(pieces.recv()), writing.as_mut()).await {
                Either::Left((piece, _)) => Either::Left(piece),
                Either::Right((outcome, _)) => Either::Right(outcome),
            };
            match step {
                Either::Left(Some(piece)) => {
                    if take(&piece)? {
                        return Ok(TextEnd::default());
                    }
                }
                Either::Left(None) => return settled(writing.await),
                Either::Right(outcome) => {
                    while let Ok(piece) = pieces.try_recv() {
                        if take(&piece)? {
                            return Ok(TextEnd::default());
                        }
                    }
                    return settled(outcome);
                }
            }
        }
    }

    async fn embed(&self, request: Embedding) -> Result<Vec<Vec<f32>>, ModelError> {
        let len = request.texts.len();
        if len > TEXTS_MAX {
            return Err(ModelError::Invalid(format!(
                "{len} texts are too many; {TEXTS_MAX} is the limit"
            )));
        }
        let vectors = self
            .0
            .call(self.time(), &for_readers(), move |contract, mut store| async move {
                contract.embed(&mut store, request).await
            })
            .await?
            .map_err(told)?;
        normalised(vectors, len)
    }

    async fn describe(&self, request: Description) -> Result<String, ModelError> {
        self.0
            .call(self.time(), &for_readers(), move |contract, mut store| async move {
                contract.describe(&mut store, request).await
            })
            .await?
            .map_err(told)
    }
}

fn too_long() -> ModelError {
    ModelError::Unfit(format!("more than {TEXT_BYTES_MAX} bytes of text"))
}

fn settled(
    outcome: Result<Result<TextEnd, ModelError>, PluginFailure>,
) -> Result<TextEnd, ModelError> {
    let end = outcome?.map_err(told)?;
    Ok(TextEnd { reason: quoted(&end.reason), ..end })
}

/// Models that can be named, with titles that can be shown.
fn checked(listed: Vec<Model>) -> Result<Vec<Model>, ModelError> {
    if listed.len() > MODELS_MAX {
        let count = listed.len();
        return Err(ModelError::Unfit(format!("{count} models; {MODELS_MAX} is the limit")));
    }
    let odd = |it: char| it.is_whitespace() || it.is_control();
    let unnamed = |it: &&Model| {
        it.name.is_empty() || it.name.chars().count() > NAME_CHARS_MAX || it.name.contains(odd)
    };
    if let Some(model) = listed.iter().find(unnamed) {
        let name = quoted(&model.name);
        return Err(ModelError::Unfit(format!("a model whose name `{name}` is none")));
    }
    let shown = |it: Model| Model {
        title: quoted(&it.title).chars().take(TITLE_CHARS_MAX).collect(),
        ..it
    };
    Ok(listed.into_iter().map(shown).collect())
}

/// An error with the plugin's own words made short and plain.
fn told(error: ModelError) -> ModelError {
    match error {
        ModelError::UnknownModel(text) => ModelError::UnknownModel(quoted(&text)),
        ModelError::Invalid(text) => ModelError::Invalid(quoted(&text)),
        ModelError::Refused(text) => ModelError::Refused(quoted(&text)),
        ModelError::Limit(text) => ModelError::Limit(quoted(&text)),
        ModelError::Unavailable(text) => ModelError::Unavailable(quoted(&text)),
        ModelError::Broken(text) => ModelError::Broken(quoted(&text)),
        other => other,
    }
}

/// Vectors of one length that is not 0, each stretched to the Euclidean length 1.
fn normalised(mut vectors: Vec<Vec<f32>>, len: usize) -> Result<Vec<Vec<f32>>, ModelError> {
    if vectors.len() != len {
        return Err(ModelError::Unfit(format!("{} vectors for {len} texts", vectors.len())));
    }
    let numbers = vectors.first().map(Vec::len);
    for vector in &mut vectors {
        if Some(vector.len()) != numbers || vector.is_empty() {
            return Err(ModelError::Unfit("vectors of different lengths".to_owned()));
        }
        let length = vector.iter().map(|it| it * it).sum::<f32>().sqrt();
        if !length.is_normal() {
            return Err(ModelError::Unfit("a vector without a direction".to_owned()));
        }
        vector.iter_mut().for_each(|it| *it /= length);
    }
    Ok(vectors)
}

/// A model serves whoever asks, so it gets at content as readers do.
fn for_readers() -> CallChain {
    CallChain::acting_for(Actor::Anonymous)
}
