//! What an image may cost.

use smartcms_app::ports::ImageError;
use smartcms_domain::assets::{Dimensions, MediaType};

/// The largest colour profile, as it is after inflation.
pub const PROFILE_BYTES_MAX: u64 = 4 * 1024 * 1024;
/// The largest Exif part of which the orientation is read: what one segment of a JPEG file can hold.
pub const EXIF_BYTES_MAX: u64 = 64 * 1024;
/// The largest drawing.
pub const SVG_BYTES_MAX: u64 = 4 * 1024 * 1024;
/// How deep the elements of a drawing may be nested.
pub const SVG_DEPTH_MAX: usize = 128;
/// How many elements a drawing may have.
pub const SVG_ELEMENTS_MAX: usize = 100_000;

/// How large images may be, and how many are worked on at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImageLimits {
    /// The largest image file, in bytes: `media.image_bytes_max`.
    pub image_bytes_max: u64,
    /// The most pixels of an image: `media.pixels_max`.
    pub pixels_max: u64,
    /// How many images are decoded at once: `media.decoders_max`. Each can take four bytes for each pixel, twice.
    pub decoders_max: usize,
}

impl Default for ImageLimits {
    fn default() -> Self {
        Self { image_bytes_max: 50 * 1024 * 1024, pixels_max: 50_000_000, decoders_max: 2 }
    }
}

impl ImageLimits {
    /// Refuses a file with too many bytes.
    pub(crate) fn check_bytes(&self, bytes_len: u64) -> Result<(), ImageError> {
        let bytes_max = self.image_bytes_max;
        if bytes_len <= bytes_max {
            return Ok(());
        }
        Err(ImageError::TooLarge { bytes_len, limit: "media.image_bytes_max", bytes_max })
    }

    /// Refuses an image with too many pixels, or none.
    pub(crate) fn check_pixels(
        &self,
        media_type: MediaType,
        dimensions: Dimensions,
    ) -> Result<(), ImageError> {
        let Dimensions { width, height } = dimensions;
        if width == 0 || height == 0 {
            return Err(damaged(media_type, "it has no pixels"));
        }
        if dimensions.pixels() > self.pixels_max {
            let pixels_max = self.pixels_max;
            return Err(ImageError::TooManyPixels { width, height, pixels_max });
        }
        Ok(())
    }
}

/// What is wrong with a file.
pub(crate) fn damaged(media_type: MediaType, problem: impl Into<String>) -> ImageError {
    ImageError::Damaged { media_type, problem: problem.into() }
}
