//! Images without what tells of their maker. A file is walked through by its structure, part by part, and only parts
//! that are needed to show it are written out again; its pixels are copied as they are. What follows the image's end
//! stays behind: nothing else can be hidden there.

mod gif;
mod input;
mod jpeg;
mod png;
mod webp;

use std::io::Write;

use smartcms_app::ports::{ImageError, ReadSeek};
use smartcms_domain::assets::{Dimensions, MediaType};

use crate::limits::{ImageLimits, damaged};
use input::Input;

/// What a file's structure tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    /// The size of the image as it is shown.
    pub(crate) dimensions: Dimensions,
    /// Whether it moves.
    pub(crate) animated: bool,
}

/// Copies an image of pixels without what tells of its maker. Its pixels are counted before anything else.
pub(crate) fn clean(
    media_type: MediaType,
    source: Box<dyn ReadSeek>,
    target: &mut (dyn Write + Send),
    limits: &ImageLimits,
) -> Result<Found, ImageError> {
    let mut input = Input::new(media_type, source, target);
    let found = match media_type {
        MediaType::Jpeg => jpeg::clean(&mut input, limits),
        MediaType::Png => png::clean(&mut input, limits),
        MediaType::Gif => gif::clean(&mut input, limits),
        MediaType::Webp => webp::clean(&mut input, limits),
        other => return Err(ImageError::NotTaken { media_type: other }),
    };
    match found {
        Err(ImageError::Io(error)) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            Err(damaged(media_type, "it ends before it is complete"))
        }
        other => other,
    }
}
