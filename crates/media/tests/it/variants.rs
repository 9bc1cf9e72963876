//! Smaller versions of images.

use bytes::Bytes;
use image::{DynamicImage, GenericImageView as _, ImageFormat};
use smartcms_app::ports::{
    BlobStore as _, Crop, ImageError, ImageTools as _, VariantFormat, VariantRecipe, in_memory,
};
use smartcms_domain::assets::{Dimensions, FocalPoint, MediaType};
use smartcms_media::{ImageLimits, LocalImages};
use smartcms_testkit::MemoryStore;

use crate::fixtures::{file, glass, halves, holds, telling_jpeg};

pub(crate) async fn variant(bytes: &[u8], recipe: VariantRecipe) -> Vec<u8> {
    let store = MemoryStore::default();
    let digest = store.put(Bytes::copy_from_slice(bytes)).await.unwrap();
    let source = store.open(&digest).await.unwrap().unwrap();
    let target = store.stage().await.unwrap();
    let media_type = MediaType::sniff(bytes, false);
    let tools = LocalImages::new(ImageLimits::default());
    let made = tools.variant(media_type, source, recipe, target).await.unwrap();
    let mut read = Vec::new();
    made.reader().unwrap().read_to_end(&mut read).unwrap();
    read
}

pub(crate) fn uncut(width: u32, format: VariantFormat) -> VariantRecipe {
    VariantRecipe { width, crop: None, format }
}

fn is_red(image: &DynamicImage, x: u32, y: u32) -> bool {
    let [red, _, blue, _] = image.get_pixel(x, y).0;
    red > 150 && blue < 90
}

#[tokio::test]
async fn a_variant_has_the_width_and_the_format_that_were_asked_for() {
    let photo = file(&halves(400, 300), ImageFormat::Jpeg);
    for (format, media_type) in [
        (VariantFormat::Webp, MediaType::Webp),
        (VariantFormat::Avif, MediaType::Avif),
        (VariantFormat::Jpeg, MediaType::Jpeg),
    ] {
        let made = variant(&photo, uncut(160, format)).await;
        assert_eq!(MediaType::sniff(&made, false), media_type);
    }
    let made = image::load_from_memory(&variant(&photo, uncut(160, VariantFormat::Webp)).await);
    let made = made.unwrap();
    assert_eq!((made.width(), made.height()), (160, 120));
    assert!(is_red(&made, 10, 60) && !is_red(&made, 150, 60));
}

#[tokio::test]
async fn the_focal_point_decides_what_is_cut_off() {
    let photo = file(&halves(400, 100), ImageFormat::Png);
    for (x, expected) in [(0.1, true), (0.9, false)] {
        let crop = Some(Crop { height: 100, focal_point: FocalPoint::new(x, 0.5).unwrap() });
        let recipe = VariantRecipe { width: 100, crop, format: VariantFormat::Webp };
        let made = image::load_from_memory(&variant(&photo, recipe).await).unwrap();
        assert_eq!((made.width(), made.height()), (100, 100));
        assert_eq!(is_red(&made, 50, 50), expected, "{x}");
    }
}

#[tokio::test]
async fn a_photo_that_lies_on_its_side_is_turned() {
    // Six: the camera was held upright; its top is where the picture's left is.
    let made = variant(&telling_jpeg(&halves(400, 300), 6), uncut(150, VariantFormat::Webp)).await;
    assert!(!holds(&made, b"EXIF"));
    let made = image::load_from_memory(&made).unwrap();
    assert_eq!((made.width(), made.height()), (150, 200));
    assert!(is_red(&made, 75, 10) && !is_red(&made, 75, 190));
}

#[tokio::test]
async fn what_light_passes_through_stays_so_where_the_format_can() {
    let window = file(&glass(64, 64), ImageFormat::Png);
    let webp = image::load_from_memory(&variant(&window, uncut(32, VariantFormat::Webp)).await);
    assert!(webp.unwrap().color().has_alpha());
    let jpeg = image::load_from_memory(&variant(&window, uncut(32, VariantFormat::Jpeg)).await);
    let [red, green, ..] = jpeg.unwrap().get_pixel(16, 16).0;
    assert!(red.abs_diff(127) < 12 && green.abs_diff(227) < 12, "on white: {red} {green}");
}

async fn pixels(image: &DynamicImage, width: u32, height: u32) -> Result<Vec<u8>, ImageError> {
    let bytes = Bytes::from(file(image, ImageFormat::Png));
    let tools = LocalImages::new(ImageLimits::default());
    let size = Dimensions { width, height };
    tools.pixels(MediaType::Png, in_memory(bytes), size).await
}

#[tokio::test]
async fn pixels_are_of_the_middle_and_three_bytes_each() {
    let found = pixels(&halves(400, 100), 2, 2).await.unwrap();
    assert_eq!(found.len(), 12, "two across, two down");
    for row in found.chunks(6) {
        assert!(row[0] > 150 && row[2] < 90, "red on the left: {row:?}");
        assert!(row[3] < 90 && row[5] > 150, "blue on the right: {row:?}");
    }
    let found = pixels(&glass(20, 20), 1, 1).await.unwrap();
    assert!(found[0].abs_diff(127) < 3 && found[1].abs_diff(227) < 3, "on white: {found:?}");
    let tools = LocalImages::new(ImageLimits::default());
    let size = Dimensions { width: 1, height: 1 };
    let words = tools.pixels(MediaType::Text, in_memory(Bytes::from_static(b"words")), size).await;
    assert!(matches!(words, Err(ImageError::NotTaken { .. })), "{words:?}");
}
