//! What is done with every file before anything decodes it.

use smartcms_app::ports::{ImageError, PreparedFile, StagedBlob};
use smartcms_domain::assets::MediaType;

use crate::clean::clean;
use crate::limits::ImageLimits;
use crate::svg;

/// How a file is made safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// As an image of pixels.
    Raster,
    /// As a drawing.
    Drawing,
    /// Not at all: it is no image, and its answer makes it inert.
    Untouched,
}

impl Way {
    /// The way of a file of this type and size, or why none is taken.
    pub(crate) fn of(
        media_type: MediaType,
        bytes_len: u64,
        limits: &ImageLimits,
    ) -> Result<Self, ImageError> {
        match media_type {
            MediaType::Avif | MediaType::Heif => Err(ImageError::NotTaken { media_type }),
            MediaType::Svg => Ok(Self::Drawing),
            _ if media_type.is_raster() => limits.check_bytes(bytes_len).map(|()| Self::Raster),
            _ => Ok(Self::Untouched),
        }
    }
}

/// An image of pixels without what tells of its maker.
pub(crate) fn raster(
    media_type: MediaType,
    original: &dyn StagedBlob,
    mut target: Box<dyn StagedBlob>,
    limits: &ImageLimits,
) -> Result<PreparedFile, ImageError> {
    let found = clean(media_type, original.reader()?, target.writer(), limits)?;
    let (dimensions, animated) = (Some(found.dimensions), found.animated);
    Ok(PreparedFile { file: target, dimensions, animated, thumbhash: None })
}

/// A drawing that keeps only what cannot run.
pub(crate) fn drawing(
    original: &dyn StagedBlob,
    mut target: Box<dyn StagedBlob>,
) -> Result<PreparedFile, ImageError> {
    let drawing = svg::sanitised(original)?;
    target.writer().write_all(drawing.text.as_bytes())?;
    let dimensions = drawing.dimensions;
    Ok(PreparedFile { file: target, dimensions, animated: false, thumbhash: None })
}

/// A file as it is.
pub(crate) fn untouched(file: Box<dyn StagedBlob>) -> PreparedFile {
    PreparedFile { file, dimensions: None, animated: false, thumbhash: None }
}
