//! Smaller versions of images.

use fast_image_resize::images::Image;
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::DynamicImage;
use smartcms_app::ports::{Crop, ImageError, ReadSeek, VariantRecipe};
use smartcms_domain::assets::MediaType;

use crate::decode::{Decoded, decode};
use crate::encode::{Pixels, encode};
use crate::limits::{ImageLimits, damaged};

/// Decodes, cuts, scales and encodes.
pub(crate) fn variant(
    media_type: MediaType,
    source: Box<dyn ReadSeek>,
    recipe: VariantRecipe,
    limits: &ImageLimits,
) -> Result<Vec<u8>, ImageError> {
    let pixels = pixels(media_type, source, recipe, limits)?;
    encode(&pixels, recipe.format)
        .map_err(|problem| damaged(media_type, format!("it cannot be encoded: {problem}")))
}

/// Decodes, cuts and scales; the format of the recipe is nothing here.
pub(crate) fn pixels(
    media_type: MediaType,
    source: Box<dyn ReadSeek>,
    recipe: VariantRecipe,
    limits: &ImageLimits,
) -> Result<Pixels, ImageError> {
    let Decoded { image, profile } = decode(media_type, source, limits)?;
    let mut pixels = scaled(&image, recipe)
        .map_err(|error| damaged(media_type, format!("it cannot be scaled: {error}")))?;
    drop(image); // Encoding needs room of its own.
    // After scaling, when there are fewer of them.
    if let Some(profile) = profile {
        pixels.bytes = profile.to_srgb(pixels.bytes, pixels.has_alpha);
    }
    Ok(pixels)
}

fn scaled(
    image: &DynamicImage,
    recipe: VariantRecipe,
) -> Result<Pixels, fast_image_resize::ResizeError> {
    let has_alpha = matches!(image, DynamicImage::ImageRgba8(_));
    let whole = (image.width(), image.height());
    let filter = ResizeAlg::Convolution(FilterType::Lanczos3);
    let mut options = ResizeOptions::new().resize_alg(filter);
    let height = match recipe.crop {
        None => scaled_height(whole, recipe.width),
        Some(crop) => {
            let (left, top, width, height) = window(whole, recipe.width, crop);
            options = options.crop(left, top, width, height);
            crop.height
        }
    };
    let pixel_type = if has_alpha { PixelType::U8x4 } else { PixelType::U8x3 };
    let mut small = Image::new(recipe.width, height, pixel_type);
    Resizer::new().resize(image, &mut small, &options)?;
    Ok(Pixels { width: recipe.width, height, has_alpha, bytes: small.into_vec() })
}

fn scaled_height((width, height): (u32, u32), to_width: u32) -> u32 {
    let exact = f64::from(height) * f64::from(to_width) / f64::from(width.max(1));
    (exact.round() as u32).max(1)
}

/// The largest part of the image that has the form of the variant, with the focal point as near to its middle as the
/// edges allow: left, top, width, height.
fn window((width, height): (u32, u32), to_width: u32, crop: Crop) -> (f64, f64, f64, f64) {
    let (width, height) = (f64::from(width), f64::from(height));
    let form = f64::from(to_width) / f64::from(crop.height.max(1));
    let (across, down) =
        if width / height > form { (height * form, height) } else { (width, width / form) };
    let place = |whole: f64, part: f64, share: f64| {
        (share * whole - part / 2.0).clamp(0.0, (whole - part).max(0.0))
    };
    let (x, y) = (crop.focal_point.x(), crop.focal_point.y());
    (place(width, across, x), place(height, down, y), across, down)
}

#[cfg(test)]
mod tests {
    use super::window;
    use smartcms_app::ports::Crop;
    use smartcms_domain::assets::FocalPoint;

    #[test]
    fn the_focal_point_stays_visible_up_to_the_edges() {
        let crop = |x, y| Crop { height: 100, focal_point: FocalPoint::new(x, y).unwrap() };
        assert_eq!(window((400, 100), 100, crop(0.5, 0.5)), (150.0, 0.0, 100.0, 100.0));
        assert_eq!(window((400, 100), 100, crop(0.0, 0.5)), (0.0, 0.0, 100.0, 100.0));
        assert_eq!(window((400, 100), 100, crop(1.0, 0.0)), (300.0, 0.0, 100.0, 100.0));
        assert_eq!(window((100, 400), 100, crop(0.5, 0.25)), (0.0, 50.0, 100.0, 100.0));
    }
}
