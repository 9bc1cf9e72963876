//! A blurred picture in some 25 bytes.

use fast_image_resize::images::Image;
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::DynamicImage;

use crate::decode::Decoded;

/// The longer side of what the hash is made of.
const SIDE: u32 = 100;

/// The ThumbHash of an image; absent for one that cannot be made small.
pub(crate) fn thumbhash(Decoded { image, profile }: &Decoded) -> Option<Vec<u8>> {
    let (width, height) = (image.width(), image.height());
    let longer = width.max(height).max(1);
    let side = |it: u32| {
        let scaled = u64::from(it) * u64::from(SIDE) / u64::from(longer);
        u32::try_from(scaled).unwrap_or(SIDE).clamp(1, SIDE)
    };
    let (small_width, small_height) = (side(width), side(height));
    let pixel_type = match image {
        DynamicImage::ImageRgba8(_) => PixelType::U8x4,
        _ => PixelType::U8x3,
    };
    let mut small = Image::new(small_width, small_height, pixel_type);
    let filter = ResizeAlg::Convolution(FilterType::Box);
    let options = ResizeOptions::new().resize_alg(filter);
    Resizer::new().resize(image, &mut small, &options).ok()?;
    let has_alpha = pixel_type == PixelType::U8x4;
    let pixels = match profile {
        Some(profile) => profile.to_srgb(small.into_vec(), has_alpha),
        None => small.into_vec(),
    };
    let rgba = match has_alpha {
        true => pixels,
        false => pixels.chunks_exact(3).flat_map(opaque).collect(),
    };
    Some(thumbhash::rgba_to_thumb_hash(small_width as usize, small_height as usize, &rgba))
}

fn opaque(pixel: &[u8]) -> impl Iterator<Item = u8> {
    pixel.iter().copied().chain([u8::MAX])
}
