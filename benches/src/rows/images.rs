//! A variant of an image, beside the libraries that make it with nothing around them.

use std::io::Cursor;
use std::time::Instant;

use anyhow::{Context as _, anyhow};
use bytes::Bytes;
use fast_image_resize::images::Image;
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use smartcms_app::ports::{BlobStore, ImageTools, VariantFormat, VariantRecipe};
use smartcms_blob::FolderBlobs;
use smartcms_domain::assets::MediaType;
use smartcms_media::{ImageLimits, LocalImages};

use super::Bench;
use crate::rounds::Rounds;
use crate::table::{Goal, Row, Unit};

/// A photograph of twelve million pixels, and how wide the variant is.
const SIDES: (u32, u32) = (4_000, 3_000);
const WIDTH: u32 = 960;
/// As our encoder has it.
const WEBP_QUALITY: f32 = 80.0;
const LIMITS: ImageLimits =
    ImageLimits { image_bytes_max: 100 << 20, pixels_max: 100_000_000, decoders_max: 2 };

/// Through the port with its limits, threads and files; and in memory.
pub fn rows(bench: &Bench) -> anyhow::Result<Vec<Row>> {
    let folder = tempfile::tempdir_in(&bench.work)?;
    let photo = photo()?;
    let blobs = FolderBlobs::new(folder.path());
    let images = LocalImages::new(LIMITS);
    let digest = bench.runtime.block_on(blobs.put(Bytes::copy_from_slice(&photo)))?;
    let ours = || {
        let begun = Instant::now();
        bench.runtime.block_on(async {
            let source = blobs.open(&digest).await?.context("the photograph is gone")?;
            let recipe = VariantRecipe { width: WIDTH, crop: None, format: VariantFormat::Webp };
            let target = blobs.stage().await?;
            let made = images.variant(MediaType::Jpeg, source, recipe, target).await?;
            blobs.keep(made).await?;
            anyhow::Ok(())
        })?;
        Ok(begun.elapsed().as_secs_f64() * 1e3)
    };
    let reference = || {
        let begun = Instant::now();
        raw_variant(&photo)?;
        Ok(begun.elapsed().as_secs_f64() * 1e3)
    };
    let rounds = Rounds::measure(bench.rounds, ours, reference)?;
    let name = "variant of 12 megapixels, JPEG to WebP";
    Ok(vec![Row::ratio(name, "the image libraries", Unit::Millis, &rounds, Goal::AtMost(1.2))])
}

/// Decode, scale, encode.
fn raw_variant(photo: &[u8]) -> anyhow::Result<usize> {
    let image = image::load(Cursor::new(photo), ImageFormat::Jpeg)?;
    let height = image.height() * WIDTH / image.width().max(1);
    let mut small = Image::new(WIDTH, height, PixelType::U8x3);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    Resizer::new().resize(&image, &mut small, &options)?;
    let encoder = webp::Encoder::new(small.buffer(), webp::PixelLayout::Rgb, WIDTH, height);
    let file = encoder.encode_simple(false, WEBP_QUALITY);
    Ok(file.map_err(|error| anyhow!("{error:?}"))?.len())
}

/// A picture with soft surfaces and fine grain, as a camera makes them.
fn photo() -> anyhow::Result<Vec<u8>> {
    let picture = RgbImage::from_fn(SIDES.0, SIDES.1, |x, y| {
        let wave = |along: u32, over: u32| {
            let (along, over) = (f64::from(along) / 300.0, f64::from(over) / 170.0);
            ((along.sin() + over.cos()) * 50.0 + 110.0) as u8
        };
        let grain = (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503)) >> 27;
        let part = |it: u8| it.wrapping_add(u8::try_from(grain & 15).unwrap_or_default());
        Rgb([part(wave(x, y)), part(wave(y, x)), part(wave(x + y, y))])
    });
    let mut file = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut file, 90);
    DynamicImage::ImageRgb8(picture).write_with_encoder(encoder)?;
    Ok(file)
}
