//! From pixels to files.

use std::borrow::Cow;

use image::ExtendedColorType;
use image::codecs::jpeg::JpegEncoder;
use ravif::{Encoder as AvifEncoder, Img, RGB8, RGBA8};
use smartcms_app::ports::VariantFormat;

/// How good a picture is, of 100: high enough that nobody sees a difference on a page.
const WEBP_QUALITY: f32 = 80.0;
const JPEG_QUALITY: u8 = 82;
const AVIF_QUALITY: f32 = 65.0;
/// From 1, slow and small, to 10.
const AVIF_SPEED: u8 = 7;

/// Rows of pixels with three bytes, or four.
pub(crate) struct Pixels {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) has_alpha: bool,
    pub(crate) bytes: Vec<u8>,
}

impl Pixels {
    /// Three bytes for each pixel. What is transparent becomes white.
    pub(crate) fn opaque(&self) -> Cow<'_, [u8]> {
        if !self.has_alpha {
            return Cow::Borrowed(&self.bytes);
        }
        Cow::Owned(self.bytes.chunks_exact(4).filter_map(rgba).flat_map(on_white).collect())
    }
}

/// A file of this format.
pub(crate) fn encode(pixels: &Pixels, format: VariantFormat) -> Result<Vec<u8>, String> {
    match format {
        VariantFormat::Webp => webp(pixels),
        VariantFormat::Avif => avif(pixels),
        VariantFormat::Jpeg => jpeg(pixels),
    }
}

fn webp(pixels: &Pixels) -> Result<Vec<u8>, String> {
    let layout = if pixels.has_alpha { webp::PixelLayout::Rgba } else { webp::PixelLayout::Rgb };
    let encoder = webp::Encoder::new(&pixels.bytes, layout, pixels.width, pixels.height);
    let encoded = encoder.encode_simple(false, WEBP_QUALITY);
    encoded.map(|it| it.to_vec()).map_err(|error| format!("{error:?}"))
}

/// One thread: it is made beside requests, not before them.
fn avif(pixels: &Pixels) -> Result<Vec<u8>, String> {
    let encoder = AvifEncoder::new()
        .with_quality(AVIF_QUALITY)
        .with_alpha_quality(AVIF_QUALITY)
        .with_speed(AVIF_SPEED)
        .with_num_threads(Some(1));
    let (width, height) = (pixels.width as usize, pixels.height as usize);
    let encoded = if pixels.has_alpha {
        let rows: Vec<RGBA8> = pixels.bytes.chunks_exact(4).filter_map(rgba).collect();
        encoder.encode_rgba(Img::new(rows.as_slice(), width, height))
    } else {
        let rows: Vec<RGB8> = pixels.bytes.chunks_exact(3).filter_map(rgb).collect();
        encoder.encode_rgb(Img::new(rows.as_slice(), width, height))
    };
    encoded.map(|it| it.avif_file).map_err(|error| error.to_string())
}

fn jpeg(pixels: &Pixels) -> Result<Vec<u8>, String> {
    let bytes = pixels.opaque();
    let mut file = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut file, JPEG_QUALITY);
    let done = encoder.encode(&bytes, pixels.width, pixels.height, ExtendedColorType::Rgb8);
    done.map(|()| file).map_err(|error| error.to_string())
}

fn rgb(pixel: &[u8]) -> Option<RGB8> {
    let [r, g, b] = *pixel.first_chunk()?;
    Some(RGB8 { r, g, b })
}

fn rgba(pixel: &[u8]) -> Option<RGBA8> {
    let [r, g, b, a] = *pixel.first_chunk()?;
    Some(RGBA8 { r, g, b, a })
}

fn on_white(pixel: RGBA8) -> [u8; 3] {
    let mixed = |it: u8| {
        let (colour, alpha) = (u32::from(it), u32::from(pixel.a));
        u8::try_from((colour * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
    };
    [mixed(pixel.r), mixed(pixel.g), mixed(pixel.b)]
}
