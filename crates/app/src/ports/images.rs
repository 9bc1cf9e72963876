//! What is done with images: the only place where their bytes are understood.

use async_trait::async_trait;
use smartcms_domain::assets::{Dimensions, FocalPoint, MediaType};

use super::{StagedBlob, StoredBlob};

/// Looks into images, makes them safe, and makes smaller ones.
#[async_trait]
pub trait ImageTools: Send + Sync {
    /// Makes an uploaded image safe to store: its pixels are counted before anything is decoded, what it tells of
    /// its maker is taken out, and a drawing keeps only what cannot run. Writes to `clean`.
    ///
    /// Files of other types come back as they are.
    async fn prepare(
        &self,
        media_type: MediaType,
        original: Box<dyn StagedBlob>,
        clean: Box<dyn StagedBlob>,
    ) -> Result<PreparedFile, ImageError>;

    /// Whether there are variants at all. Where there are none, pages and answers show images in their own size.
    fn makes_variants(&self) -> bool {
        true
    }

    /// Makes a variant of a stored image and writes it to `target`, which comes back.
    async fn variant(
        &self,
        media_type: MediaType,
        source: Box<dyn StoredBlob>,
        recipe: VariantRecipe,
        target: Box<dyn StagedBlob>,
    ) -> Result<Box<dyn StagedBlob>, ImageError>;

    /// The pixels of an image, cut to this form around its middle and scaled to this size: red, green and blue in a byte
    /// each, row by row. What is transparent is white.
    async fn pixels(
        &self,
        media_type: MediaType,
        _source: Box<dyn StoredBlob>,
        _size: Dimensions,
    ) -> Result<Vec<u8>, ImageError> {
        Err(ImageError::NotTaken { media_type })
    }
}

/// A file that may be stored.
pub struct PreparedFile {
    /// Its bytes.
    pub file: Box<dyn StagedBlob>,
    /// The size of an image, as it is shown.
    pub dimensions: Option<Dimensions>,
    /// Whether an image moves.
    pub animated: bool,
    /// A blurred picture of it.
    pub thumbhash: Option<Vec<u8>>,
}

/// How a variant is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct VariantRecipe {
    /// Its width, in pixels.
    pub width: u32,
    /// Its height and what stays visible when the image is cut to it; without, nothing is cut.
    pub crop: Option<Crop>,
    /// Its format.
    pub format: VariantFormat,
}

/// How an image is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Crop {
    /// The height, in pixels.
    pub height: u32,
    /// What stays visible.
    pub focal_point: FocalPoint,
}

/// The format of a variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VariantFormat {
    /// Small and slow to make.
    Avif,
    /// Small and quick to make.
    Webp,
    /// For programs that read nothing else.
    Jpeg,
}

impl VariantFormat {
    /// Every format.
    pub const ALL: [Self; 3] = [Self::Avif, Self::Webp, Self::Jpeg];

    /// The ending of its files.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Avif => "avif",
            Self::Webp => "webp",
            Self::Jpeg => "jpg",
        }
    }

    /// Its media type.
    pub fn media_type(self) -> MediaType {
        match self {
            Self::Avif => MediaType::Avif,
            Self::Webp => MediaType::Webp,
            Self::Jpeg => MediaType::Jpeg,
        }
    }
}

/// Why an image was refused. Nothing of it is kept.
#[derive(Debug, thiserror::Error)]
pub enum ImageError {
    /// It is larger than images may be.
    #[error("the image has {bytes_len} bytes; `{limit}` is {bytes_max}")]
    TooLarge {
        /// How large it is.
        bytes_len: u64,
        /// The setting that limits it.
        limit: &'static str,
        /// Its value.
        bytes_max: u64,
    },
    /// It has more pixels than images may have.
    #[error("the image has {width} × {height} pixels; `media.pixels_max` is {pixels_max}")]
    TooManyPixels {
        /// Its width.
        width: u32,
        /// Its height.
        height: u32,
        /// The limit.
        pixels_max: u64,
    },
    /// A part of it would take too much room.
    #[error("the image's {part} is larger than {bytes_max} bytes")]
    PartTooLarge {
        /// Which part.
        part: &'static str,
        /// Its limit.
        bytes_max: u64,
    },
    /// It is not what it begins as.
    #[error("the file begins as {media_type}, but {problem}")]
    Damaged {
        /// As what it begins.
        media_type: MediaType,
        /// What is wrong.
        problem: String,
    },
    /// Nothing here decodes images: they are stored and shown as they are.
    #[error("this build keeps images in their own size: it has nothing that reads their pixels")]
    NoDecoder,
    /// It is of a type that cannot be made safe.
    #[error("{media_type} images cannot be cleaned of what they tell about their maker yet")]
    NotTaken {
        /// The type.
        media_type: MediaType,
    },
    /// Reading or writing failed.
    #[error("the image could not be read or written")]
    Io(#[from] std::io::Error),
}
