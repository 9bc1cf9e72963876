//! Images as models see them: a JPEG file, small enough to be sent.

use std::io::Read as _;

use bytes::Bytes;
use smartcms_domain::actors::Actor;
use smartcms_domain::assets::{Asset, Dimensions, MediaType};

use super::Task;
use super::error::AssistError;
use super::tidy::tidied;
use crate::assets::{AssetError, get_asset};
use crate::ports::{
    Described, Digest, ImageDescriber, ImageError, Picture, StagedBlob, VariantFormat,
    VariantRecipe, in_memory, staged_in_memory,
};
use crate::{App, OpContext};

/// The largest image file that is described, in bytes, before it is made smaller.
pub const DESCRIBED_BYTES_MAX: u64 = 50 * 1024 * 1024;
/// The longer side of what a model sees, in pixels: models scale down what is larger.
const SIDE_MAX: u32 = 1_024;
/// The most bytes of what a model sees.
const PICTURE_BYTES_MAX: u64 = 1024 * 1024;

/// What a stored image shows, for the operator: no budget is asked.
pub async fn describe_asset(
    app: &App,
    images: &dyn ImageDescriber,
    id: &str,
) -> Result<Described, AssistError> {
    let asset = get_asset(&OpContext::new(app, &Actor::Operator), id).await?;
    described(images, picture_of_asset(app, &asset).await?).await
}

/// What an image of the operator shows. Nothing of it is kept.
pub async fn describe_file(
    app: &App,
    images: &dyn ImageDescriber,
    file: Bytes,
) -> Result<Described, AssistError> {
    let media_type = MediaType::sniff(&file, false);
    refuse_others(media_type)?;
    let mut original = staged_in_memory();
    original.write(file).await.map_err(AssetError::from)?;
    let prepared = app.media.images.prepare(media_type, original, staged_in_memory()).await;
    let prepared = prepared.map_err(AssetError::from)?;
    let file = bytes_of(&*prepared.file)?;
    described(images, picture(app, media_type, prepared.dimensions, file).await?).await
}

async fn described(
    images: &dyn ImageDescriber,
    picture: Picture,
) -> Result<Described, AssistError> {
    if images.models().is_empty() {
        return Err(AssistError::NoImageModel);
    }
    let described = images.describe(picture).await.map_err(AssistError::Model)?;
    Ok(Described { text: tidied(Task::AltText, &described.text), ..described })
}

/// A stored image, as models see it.
pub(super) async fn picture_of_asset(app: &App, asset: &Asset) -> Result<Picture, AssistError> {
    refuse_others(asset.media_type)?;
    let digest = Digest::from_bytes(asset.digest);
    let file = app.media.files.get(&digest).await.map_err(AssetError::from)?;
    let file = file.ok_or(AssetError::UnknownFile)?;
    picture(app, asset.media_type, asset.dimensions, file).await
}

fn refuse_others(media_type: MediaType) -> Result<(), AssistError> {
    if media_type.is_raster() {
        return Ok(());
    }
    let message = format!("{media_type} is not described: only JPEG, PNG, WebP and GIF images are");
    Err(AssistError::field("asset", "no-image", message))
}

/// Scaled down until it fits, and in the one format that every model reads. An image that moves is its first picture.
async fn picture(
    app: &App,
    media_type: MediaType,
    dimensions: Option<Dimensions>,
    file: Bytes,
) -> Result<Picture, AssistError> {
    let dimensions = dimensions.unwrap_or(Dimensions { width: SIDE_MAX, height: SIDE_MAX });
    let mut width = width_within(dimensions, SIDE_MAX);
    loop {
        let recipe = VariantRecipe { width, crop: None, format: VariantFormat::Jpeg };
        let (source, target) = (in_memory(file.clone()), staged_in_memory());
        let made = app.media.images.variant(media_type, source, recipe, target).await;
        let made = made.map_err(AssetError::from)?;
        if made.bytes_len() <= PICTURE_BYTES_MAX || width == 1 {
            let language = app.site.locales.default().as_str().to_owned();
            return Ok(Picture { jpeg: bytes_of(&*made)?, language });
        }
        width = (width / 2).max(1);
    }
}

/// The bytes of a file that is in memory.
fn bytes_of(file: &dyn StagedBlob) -> Result<Bytes, AssistError> {
    let mut bytes = Vec::new();
    let read = file.reader().and_then(|mut it| it.read_to_end(&mut bytes));
    read.map_err(|error| AssetError::from(ImageError::Io(error)))?;
    Ok(bytes.into())
}

/// The width at which the longer side has at most so many pixels; never more than it has.
fn width_within(Dimensions { width, height }: Dimensions, side: u32) -> u32 {
    let longer = width.max(height).max(1);
    if longer <= side {
        return width.max(1);
    }
    let scaled = u64::from(width) * u64::from(side) / u64::from(longer);
    u32::try_from(scaled).unwrap_or(side).max(1)
}

#[cfg(test)]
mod tests {
    use smartcms_domain::assets::Dimensions;

    use super::width_within;

    #[test]
    fn the_longer_side_is_bounded_and_nothing_grows() {
        let width = |width, height| width_within(Dimensions { width, height }, 1_024);
        assert_eq!(width(4_096, 2_048), 1_024);
        assert_eq!(width(2_048, 4_096), 512);
        assert_eq!(width(300, 200), 300);
        assert_eq!(width(1, 50_000), 1);
    }
}
