//! From a file to the numbers that the model takes.

use std::io::Cursor;

use image::imageops::FilterType;
use image::{DynamicImage, ImageReader, Limits, Rgba, RgbaImage};

/// The longest side of an image, in pixels.
const SIDE_MAX: u32 = 8_192;
/// The most bytes that decoding may take.
const BYTES_MAX: u64 = 256 * 1024 * 1024;

/// Planes of red, green and blue from -1 to 1, of the square in the middle of an image.
pub(crate) fn tensor(file: &[u8], side: u32) -> Result<Vec<u8>, String> {
    let explained = |error: image::ImageError| format!("no PNG or JPEG image: {error}");
    let mut reader = ImageReader::new(Cursor::new(file))
        .with_guessed_format()
        .map_err(|error| format!("no image: {error}"))?;
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(SIDE_MAX), Some(SIDE_MAX));
    limits.max_alloc = Some(BYTES_MAX);
    reader.limits(limits);
    let image = on_white(reader.decode().map_err(explained)?);
    // The whole side of the shorter one, and as much of the longer one.
    let small = image.resize_to_fill(side, side, FilterType::Triangle).into_rgb8();
    let mut bytes = Vec::with_capacity(small.len() * 4);
    for colour in 0..3 {
        for value in small.iter().skip(colour).step_by(3) {
            let number = (f32::from(*value) / 255.0 - 0.5) / 0.5;
            bytes.extend_from_slice(&number.to_le_bytes());
        }
    }
    Ok(bytes)
}

fn on_white(image: DynamicImage) -> DynamicImage {
    if !image.color().has_alpha() {
        return image;
    }
    let image = image.into_rgba8();
    let mut ground = RgbaImage::from_pixel(image.width(), image.height(), Rgba([255; 4]));
    image::imageops::overlay(&mut ground, &image, 0, 0);
    DynamicImage::ImageRgba8(ground)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::{ImageFormat, Rgba, RgbaImage};

    use super::tensor;

    #[test]
    fn what_is_transparent_is_white_and_colours_stand_in_planes() {
        let image = RgbaImage::from_fn(4, 2, |x, _| match x {
            0..2 => Rgba([255, 0, 0, 255]),
            _ => Rgba([0, 0, 0, 0]),
        });
        let mut file = Cursor::new(Vec::new());
        let written = image.write_to(&mut file, ImageFormat::Png);
        assert!(written.is_ok());
        let bytes = tensor(file.get_ref(), 2).unwrap_or_default();
        let numbers: Vec<f32> =
            bytes.as_chunks::<4>().0.iter().map(|it| f32::from_le_bytes(*it)).collect();
        // The middle of four columns: one red, one white, in each of two rows.
        assert_eq!(numbers, [1.0, 1.0, 1.0, 1.0, -1.0, 1.0, -1.0, 1.0, -1.0, 1.0, -1.0, 1.0]);
    }

    #[test]
    fn what_is_no_image_is_said() {
        assert!(tensor(b"words", 2).is_err());
        assert!(tensor(b"\x89PNG\r\n\x1a\nand no more", 2).is_err_and(|it| it.contains("PNG")));
    }
}
