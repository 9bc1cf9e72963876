//! Colours of variants.

use image::{DynamicImage, GrayImage, ImageFormat, Luma, Rgb, RgbImage, Rgba, RgbaImage};
use moxcms::ColorProfile;
use smartcms_app::ports::VariantFormat;

use crate::fixtures::{chunk, file, png_with};
use crate::prepare;
use crate::variants::{uncut, variant};

/// A colour of Display P3 that sRGB has too.
const WIDE: [u8; 3] = [180, 120, 90];

fn flat() -> DynamicImage {
    DynamicImage::ImageRgb8(RgbImage::from_pixel(64, 64, Rgb(WIDE)))
}

fn display_p3() -> Vec<u8> {
    ColorProfile::new_display_p3().encode().unwrap()
}

fn deflated(profile: &[u8]) -> Vec<u8> {
    let mut deflated = flate2::write::ZlibEncoder::new(b"p\0\0".to_vec(), Default::default());
    std::io::Write::write_all(&mut deflated, profile).unwrap();
    deflated.finish().unwrap()
}

fn png(image: &DynamicImage, profile: &[u8]) -> Vec<u8> {
    png_with(image, &[(b"iCCP", &deflated(profile))])
}

fn jpeg(profile: &[u8]) -> Vec<u8> {
    let plain = file(&flat(), ImageFormat::Jpeg);
    let body = [b"ICC_PROFILE\0\x01\x01".as_slice(), profile].concat();
    let len = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    [&plain[..2], &[0xff, 0xe2], &len, &body, &plain[2..]].concat()
}

fn webp(profile: &[u8]) -> Vec<u8> {
    let plain = file(&flat(), ImageFormat::WebP);
    let mut chunks = b"WEBPVP8X\x0a\0\0\0\x20\0\0\0\x3f\0\0\x3f\0\0ICCP".to_vec();
    chunks.extend_from_slice(&u32::try_from(profile.len()).unwrap().to_le_bytes());
    chunks.extend_from_slice(profile);
    chunks.extend_from_slice(&[0][..profile.len() % 2]);
    chunks.extend_from_slice(&plain[12..]);
    let len = u32::try_from(chunks.len()).unwrap().to_le_bytes();
    [b"RIFF".as_slice(), &len, &chunks].concat()
}

/// The colour in sRGB, by the matrix between the two spaces, which have the same curve.
fn expected() -> [u8; 3] {
    let linear = WIDE.map(|it| {
        let it = f64::from(it) / 255.0;
        if it <= 0.04045 { it / 12.92 } else { ((it + 0.055) / 1.055).powf(2.4) }
    });
    let matrix = [
        [1.224_940_1, -0.224_940_4, 0.0],
        [-0.042_056_9, 1.042_057_1, 0.0],
        [-0.019_637_6, -0.078_636_1, 1.098_273_5],
    ];
    matrix.map(|row: [f64; 3]| {
        let it: f64 = row.iter().zip(linear).map(|(a, b)| a * b).sum();
        let it = if it <= 0.003_130_8 { it * 12.92 } else { 1.055 * it.powf(1.0 / 2.4) - 0.055 };
        (it * 255.0).round() as u8
    })
}

/// Uploads an image, makes a variant of what was stored, and looks at the middle of it.
async fn shown(original: &[u8], format: VariantFormat) -> [u8; 4] {
    let (_, stored) = prepare(original).await.unwrap();
    let made = variant(&stored, uncut(32, format)).await;
    image::load_from_memory(&made).unwrap().into_rgba8().get_pixel(16, 16).0
}

#[track_caller]
fn check_near(shown: [u8; 4], expected: [u8; 3], what: &str) {
    let far = shown.iter().zip(expected).any(|(a, b)| a.abs_diff(b) > 4);
    assert!(!far, "{what}: {shown:?} is not {expected:?}");
}

#[tokio::test]
async fn a_photo_in_a_wide_gamut_keeps_its_colours_in_every_variant() {
    let expected = expected();
    assert!(expected[0].abs_diff(WIDE[0]) > 8, "the test could not fail: {expected:?}");
    let profile = display_p3();
    for (name, original) in
        [("png", png(&flat(), &profile)), ("jpeg", jpeg(&profile)), ("webp", webp(&profile))]
    {
        for format in [VariantFormat::Webp, VariantFormat::Jpeg] {
            check_near(shown(&original, format).await, expected, name);
        }
    }
}

#[tokio::test]
async fn an_image_without_a_profile_or_in_srgb_stays_as_it_is() {
    check_near(shown(&file(&flat(), ImageFormat::Png), VariantFormat::Webp).await, WIDE, "none");
    let srgb = ColorProfile::new_srgb().encode().unwrap();
    check_near(shown(&png(&flat(), &srgb), VariantFormat::Webp).await, WIDE, "sRGB");
}

#[tokio::test]
async fn what_shines_through_stays_so_in_other_colours() {
    let [r, g, b] = WIDE;
    let glass = DynamicImage::ImageRgba8(RgbaImage::from_pixel(64, 64, Rgba([r, g, b, 128])));
    let shown = shown(&png(&glass, &display_p3()), VariantFormat::Webp).await;
    check_near(shown, expected(), "glass");
    assert!(shown[3].abs_diff(128) < 4, "{shown:?}");
}

#[tokio::test]
async fn grey_is_as_bright_as_its_profile_says() {
    let grey = DynamicImage::ImageLuma8(GrayImage::from_pixel(64, 64, Luma([55])));
    let linear = ColorProfile::new_gray_with_gamma(1.0).encode().unwrap();
    check_near(shown(&png(&grey, &linear), VariantFormat::Webp).await, [128; 3], "linear");
}

#[tokio::test]
async fn a_profile_that_means_nothing_changes_nothing() {
    let mut broken = display_p3();
    broken.truncate(200);
    let mut of_ink = display_p3();
    of_ink[16..20].copy_from_slice(b"CMYK");
    let mut long = display_p3();
    // More tags than bytes.
    long[128..132].copy_from_slice(&u32::MAX.to_be_bytes());
    for profile in [b"no profile".to_vec(), broken, of_ink, long, vec![0; 4096]] {
        check_near(shown(&png(&flat(), &profile), VariantFormat::Webp).await, WIDE, "broken");
    }
}

#[tokio::test]
async fn damage_anywhere_in_a_profile_refuses_no_image() {
    let profile = display_p3();
    for at in 0..profile.len() {
        let mut damaged = profile.clone();
        damaged[at] ^= 0xff;
        let (_, stored) = prepare(&png(&flat(), &damaged)).await.unwrap();
        variant(&stored, uncut(8, VariantFormat::Jpeg)).await;
    }
}

#[tokio::test]
async fn a_stored_image_keeps_its_profile() {
    let profile = display_p3();
    let (_, stored) = prepare(&png(&flat(), &profile)).await.unwrap();
    let kept = chunk(b"iCCP", &deflated(&profile));
    assert!(crate::fixtures::holds(&stored, &kept));
}
