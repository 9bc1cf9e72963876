//! From a clean file to pixels, within limits.

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use smartcms_app::ports::{ImageError, ReadSeek};
use smartcms_domain::assets::{Dimensions, MediaType};
use std::io::BufReader;

use crate::colours::Profile;
use crate::limits::{ImageLimits, damaged};

/// Bytes of a pixel that decoders may need: the picture, and once more while it is put together.
const BYTES_OF_A_PIXEL_MAX: u64 = 8;
/// Room for tables and profiles.
const EXTRA_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// The pixels of an image.
pub(crate) struct Decoded {
    /// Turned the right way up, in three or four bytes.
    pub(crate) image: DynamicImage,
    /// What their numbers mean; sRGB without.
    pub(crate) profile: Option<Profile>,
}

/// Decodes an image.
pub(crate) fn decode(
    media_type: MediaType,
    source: Box<dyn ReadSeek>,
    limits: &ImageLimits,
) -> Result<Decoded, ImageError> {
    let format = format_of(media_type)?;
    let explained = |error: image::ImageError| explain(media_type, error);
    let mut reader = ImageReader::with_format(BufReader::new(source), format);
    let max_alloc = limits.pixels_max * BYTES_OF_A_PIXEL_MAX + EXTRA_BYTES_MAX;
    let mut allowed = Limits::default();
    allowed.max_alloc = Some(max_alloc);
    reader.limits(allowed);
    let mut decoder = reader.into_decoder().map_err(explained)?;
    let (width, height) = decoder.dimensions();
    // Counted once more: what the walk through the file found and what the decoder finds must not differ.
    limits.check_pixels(media_type, Dimensions { width, height })?;
    let orientation = decoder.orientation().map_err(explained)?;
    let profile = decoder.icc_profile().map_err(explained)?;
    let profile = profile.as_deref().and_then(Profile::read);
    let mut image = DynamicImage::from_decoder(decoder).map_err(explained)?;
    image.apply_orientation(orientation);
    let image = match image {
        image @ (DynamicImage::ImageRgb8(_) | DynamicImage::ImageRgba8(_)) => image,
        other if other.color().has_alpha() => DynamicImage::ImageRgba8(other.into_rgba8()),
        other => DynamicImage::ImageRgb8(other.into_rgb8()),
    };
    Ok(Decoded { image, profile })
}

fn format_of(media_type: MediaType) -> Result<ImageFormat, ImageError> {
    match media_type {
        MediaType::Jpeg => Ok(ImageFormat::Jpeg),
        MediaType::Png => Ok(ImageFormat::Png),
        MediaType::Gif => Ok(ImageFormat::Gif),
        MediaType::Webp => Ok(ImageFormat::WebP),
        other => Err(ImageError::NotTaken { media_type: other }),
    }
}

fn explain(media_type: MediaType, error: image::ImageError) -> ImageError {
    match error {
        image::ImageError::IoError(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => {
            // Decoders also call their own complaints errors of reading.
            damaged(media_type, format!("it cannot be decoded: {error}"))
        }
        image::ImageError::IoError(_) => damaged(media_type, "it ends before it is complete"),
        other => damaged(media_type, format!("it cannot be decoded: {other}")),
    }
}
