//! Smaller versions of images.

use bytes::Bytes;
use image::{DynamicImage, GenericImageView as _, ImageFormat};
use smartcms_app::ports::{BlobStore as _, Crop, ImageTools as _, VariantFormat, VariantRecipe};
use smartcms_domain::assets::{FocalPoint, MediaType};
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
