//! Models that a plugin brings, within the time of a model; a text comes piece by piece.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures::future::{Either, select};
use smartcms_app::CallChain;
use smartcms_app::ports::{Generation, Model, ModelError, ModelProvider, PluginFailure, TextSink};
use smartcms_domain::actors::Actor;
use smartcms_domain::plugins::PluginId;
use tokio::sync::mpsc;

use super::plugin::Plugin;
use super::points::quoted;
use super::registry::Registry;
use crate::contract::Point;

/// The most models of one plugin.
const MODELS_MAX: usize = 100;
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
        let listed = self
            .0
            .call(self.time(), &for_readers(), |contract, mut store| async move {
                contract.models(&mut store).await
            })
            .await?
            .map_err(told)?;
        if listed.len() > MODELS_MAX {
            return Err(ModelError::Unfit(format!(
                "{} models; {MODELS_MAX} is the limit",
                listed.len()
            )));
        }
        Ok(listed)
    }

    async fn generate(&self, request: Generation, sink: TextSink<'_>) -> Result<(), ModelError> {
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
                        return Ok(());
                    }
                }
                Either::Left(None) => return settled(writing.await),
                Either::Right(outcome) => {
                    while let Ok(piece) = pieces.try_recv() {
                        if take(&piece)? {
                            return Ok(());
                        }
                    }
                    return settled(outcome);
                }
            }
        }
    }

    async fn embed(&self, model: &str, texts: &[String]) -> Result<Vec<Vec<f32>>, ModelError> {
        let len = texts.len();
        if len > TEXTS_MAX {
            return Err(ModelError::Refused(format!(
                "{len} texts are too many; {TEXTS_MAX} is the limit"
            )));
        }
        let (model, texts) = (model.to_owned(), texts.to_vec());
        let vectors = self
            .0
            .call(self.time(), &for_readers(), move |contract, mut store| async move {
                contract.embed(&mut store, &model, &texts).await
            })
            .await?
            .map_err(told)?;
        normalised(vectors, len)
    }

    async fn describe(
        &self,
        model: &str,
        media_type: &str,
        image: Bytes,
    ) -> Result<String, ModelError> {
        let (model, media_type) = (model.to_owned(), media_type.to_owned());
        self.0
            .call(self.time(), &for_readers(), move |contract, mut store| async move {
                contract.describe(&mut store, &model, &media_type, &image).await
            })
            .await?
            .map_err(told)
    }
}

fn too_long() -> ModelError {
    ModelError::Unfit(format!("more than {TEXT_BYTES_MAX} bytes of text"))
}

fn settled(outcome: Result<Result<(), ModelError>, PluginFailure>) -> Result<(), ModelError> {
    outcome?.map_err(told)
}

/// An error with the plugin's own words made short and plain.
fn told(error: ModelError) -> ModelError {
    match error {
        ModelError::UnknownModel(text) => ModelError::UnknownModel(quoted(&text)),
        ModelError::Refused(text) => ModelError::Refused(quoted(&text)),
        ModelError::Unavailable(text) => ModelError::Unavailable(quoted(&text)),
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
