//! The port, on threads that may wait.

use std::sync::Arc;

use async_trait::async_trait;
use smartcms_app::ports::{
    Crop, ImageError, ImageTools, PreparedFile, StagedBlob, StoredBlob, VariantFormat,
    VariantRecipe,
};
use smartcms_domain::assets::{Dimensions, FocalPoint, MediaType};
use tokio::sync::Semaphore;

use crate::decode::decode;
use crate::limits::{ImageLimits, damaged};
use crate::prepare::{Way, drawing, raster, untouched};
use crate::thumbnail::thumbhash;
use crate::variant::{pixels, variant};

/// Image tools on this machine. At most [`ImageLimits::decoders_max`] images are worked on at once; others wait.
pub struct LocalImages {
    limits: ImageLimits,
    places: Arc<Semaphore>,
}

impl LocalImages {
    /// Tools with these limits.
    pub fn new(limits: ImageLimits) -> Self {
        Self { limits, places: Arc::new(Semaphore::new(limits.decoders_max.max(1))) }
    }

    /// Runs work on an image. A place is given back when the work ends, also if nobody waits for it any more.
    async fn run<T: Send + 'static>(
        &self,
        media_type: MediaType,
        work: impl FnOnce() -> Result<T, ImageError> + Send + 'static,
    ) -> Result<T, ImageError> {
        let place = Arc::clone(&self.places).acquire_owned().await;
        let place = place.map_err(std::io::Error::other)?;
        let done = tokio::task::spawn_blocking(move || {
            let outcome = work();
            drop(place);
            outcome
        });
        match done.await {
            Ok(outcome) => outcome,
            Err(error) if error.is_panic() => {
                tracing::error!(%media_type, "a decoder panicked on an image; the message is above");
                Err(damaged(media_type, "it cannot be decoded"))
            }
            Err(error) => Err(ImageError::Io(std::io::Error::other(error))),
        }
    }
}

#[async_trait]
impl ImageTools for LocalImages {
    async fn prepare(
        &self,
        media_type: MediaType,
        original: Box<dyn StagedBlob>,
        target: Box<dyn StagedBlob>,
    ) -> Result<PreparedFile, ImageError> {
        let limits = self.limits;
        match Way::of(media_type, original.bytes_len(), &limits)? {
            Way::Raster => {
                self.run(media_type, move || shown(media_type, &*original, target, &limits)).await
            }
            Way::Drawing => self.run(media_type, move || drawing(&*original, target)).await,
            Way::Untouched => Ok(untouched(original)),
        }
    }

    async fn variant(
        &self,
        media_type: MediaType,
        source: Box<dyn StoredBlob>,
        recipe: VariantRecipe,
        mut target: Box<dyn StagedBlob>,
    ) -> Result<Box<dyn StagedBlob>, ImageError> {
        let limits = self.limits;
        self.run(media_type, move || {
            let file = variant(media_type, source.reader()?, recipe, &limits)?;
            target.writer().write_all(&file)?;
            Ok(target)
        })
        .await
    }

    async fn pixels(
        &self,
        media_type: MediaType,
        source: Box<dyn StoredBlob>,
        size: Dimensions,
    ) -> Result<Vec<u8>, ImageError> {
        let limits = self.limits;
        let crop = Crop { height: size.height, focal_point: FocalPoint::default() };
        let format = VariantFormat::Jpeg;
        let recipe = VariantRecipe { width: size.width, crop: Some(crop), format };
        self.run(media_type, move || {
            let pixels = pixels(media_type, source.reader()?, recipe, &limits)?;
            Ok(pixels.opaque().into_owned())
        })
        .await
    }
}

/// An image that can be shown: it is decoded once, from the clean file.
fn shown(
    media_type: MediaType,
    original: &dyn StagedBlob,
    target: Box<dyn StagedBlob>,
    limits: &ImageLimits,
) -> Result<PreparedFile, ImageError> {
    let clean = raster(media_type, original, target, limits)?;
    let decoded = decode(media_type, clean.file.reader()?, limits)?;
    Ok(PreparedFile { thumbhash: thumbhash(&decoded), ..clean })
}
