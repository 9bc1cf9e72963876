//! Files that are uploaded: those that are no images are taken as they are.

use async_trait::async_trait;
use smartcms_app::ports::{
    ImageError, ImageTools, PreparedFile, StagedBlob, StoredBlob, VariantRecipe,
};
use smartcms_domain::assets::MediaType;

/// Refuses images: what decodes and cleans them is native so far, and one that tells where it was taken is not stored.
pub(crate) struct NoImages;

#[async_trait]
impl ImageTools for NoImages {
    async fn prepare(
        &self,
        media_type: MediaType,
        original: Box<dyn StagedBlob>,
        _: Box<dyn StagedBlob>,
    ) -> Result<PreparedFile, ImageError> {
        if media_type.is_image() {
            return Err(ImageError::NoTools);
        }
        Ok(PreparedFile { file: original, dimensions: None, animated: false, thumbhash: None })
    }

    async fn variant(
        &self,
        _: MediaType,
        _: Box<dyn StoredBlob>,
        _: VariantRecipe,
        _: Box<dyn StagedBlob>,
    ) -> Result<Box<dyn StagedBlob>, ImageError> {
        Err(ImageError::NoTools)
    }
}
