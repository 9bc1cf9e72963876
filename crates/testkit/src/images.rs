//! Image tools that understand nothing: for tests that are not about images.

use async_trait::async_trait;
use smartcms_app::ports::{
    ImageError, ImageTools, PreparedFile, StagedBlob, StoredBlob, VariantRecipe,
};
use smartcms_domain::assets::{Dimensions, MediaType};

/// Takes every file as it is. Every raster image is 400 × 300, and a variant is its recipe's name.
#[derive(Debug, Default)]
pub struct PlainImages;

#[async_trait]
impl ImageTools for PlainImages {
    async fn prepare(
        &self,
        media_type: MediaType,
        original: Box<dyn StagedBlob>,
        _clean: Box<dyn StagedBlob>,
    ) -> Result<PreparedFile, ImageError> {
        let dimensions = Dimensions { width: 400, height: 300 };
        Ok(PreparedFile {
            file: original,
            dimensions: media_type.is_raster().then_some(dimensions),
            animated: false,
            thumbhash: media_type.is_raster().then(|| vec![1, 2, 3]),
        })
    }

    async fn variant(
        &self,
        _media_type: MediaType,
        _source: Box<dyn StoredBlob>,
        recipe: VariantRecipe,
        mut target: Box<dyn StagedBlob>,
    ) -> Result<Box<dyn StagedBlob>, ImageError> {
        target.writer().write_all(recipe.name().as_bytes())?;
        Ok(target)
    }
}
